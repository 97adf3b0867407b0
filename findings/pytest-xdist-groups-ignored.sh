#!/usr/bin/env bash
# pytest-xdist 3.8.0 under pytest 9.2.0: --dist loadgroup ignores the groups.
#
# Expected, as the documentation of --dist loadgroup says: tests marked with the same xdist_group run in the
# same worker. Seen: they are spread over the workers as with --dist load, without a word. xdist writes the
# group into the item's attribute _nodeid, and sends item.nodeid to the scheduler; pytest 9.2 makes nodeid from
# another attribute. With pytest 9.0.2 the same tests run in one worker.
#
# Exits with 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >test_groups.py <<'PY'
import os
import time

import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(12))
def test_says_where_it_runs(number):
    time.sleep(0.1)
    with open("workers", "a") as workers:
        workers.write(os.environ["PYTEST_XDIST_WORKER"] + "\n")
PY

# How many workers run the tests of one group with this pytest.
workers_with() {
  python3 -m venv "venv-$1"
  "venv-$1/bin/python" -m pip install --quiet --disable-pip-version-check "pytest==$1" pytest-xdist==3.8.0
  : >workers
  "venv-$1/bin/python" -m pytest -q -n 2 --dist loadgroup -p no:cacheprovider test_groups.py >/dev/null
  sort -u workers | wc -l
}

new=$(workers_with 9.2.0)
old=$(workers_with 9.0.2)
echo "pytest 9.2.0, pytest-xdist 3.8.0: one group ran in $new workers"
echo "pytest 9.0.2, pytest-xdist 3.8.0: one group ran in $old worker(s)"
[ "$new" -eq 2 ] && [ "$old" -eq 1 ]

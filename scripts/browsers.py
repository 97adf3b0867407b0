"""Make sure that the browser tests have a Chromium and a Firefox: `make test` runs this first.

An installed browser is used; else Debian's packages are installed when that is allowed without asking,
else Playwright's download of Chromium is tried.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.browser.installed import BrowserMissing, chromium, firefox

PACKAGES = {"chromium": chromium, "firefox-esr": firefox}
FONTS = ["fonts-noto-cjk", "fonts-noto-core"]


def missing() -> list[str]:
    """The Debian packages of the browsers that are not there."""
    names = []
    for name, find in PACKAGES.items():
        try:
            find()
        except BrowserMissing:
            names.append(name)
    return names


def main() -> None:
    if not missing():
        return
    if shutil.which("apt-get") and (root := as_root()) is not None:
        run([*root, "apt-get", "update", "-qq"])
        run(
            [
                *root,
                "apt-get",
                "install",
                "-y",
                "-qq",
                "--no-install-recommends",
                *missing(),
                *FONTS,
            ]
        )
    if "chromium" in missing():
        run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"])
    for name in missing():
        try:
            PACKAGES[name]()
        except BrowserMissing as reason:
            sys.exit(str(reason))


def as_root() -> list[str] | None:
    """The words before a command that needs root: none for root, sudo where it asks for no password."""
    if os.geteuid() == 0:
        return []
    silent = (
        subprocess.run(["sudo", "-n", "true"], capture_output=True)
        if shutil.which("sudo")
        else None
    )
    return ["sudo", "-n"] if silent and silent.returncode == 0 else None


def run(command: list[str]) -> None:
    """Run a command that may fail: what counts is whether the browsers are there afterwards."""
    sys.stderr.write("+ " + " ".join(command) + "\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    main()

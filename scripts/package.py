"""Pack the extension for the stores: the same files give the same bytes, on any machine and any day."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXTENSION = ROOT / "extension"
DIST = ROOT / "dist"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP archive can hold
_UNIX, _FILE_MODE = 3, 0o100644


def files() -> list[Path]:
    """The extension's files under version control, or all of them outside a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", str(EXTENSION)], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        found = [path for path in EXTENSION.rglob("*") if path.is_file()]
    return sorted(path for path in found if path.suffix != ".md")


def pack(target: Path) -> str:
    """Write an archive; returns its SHA-256."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files():
            entry = zipfile.ZipInfo(path.relative_to(EXTENSION).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = _UNIX, _FILE_MODE << 16
            archive.writestr(entry, path.read_bytes())
    return hashlib.sha256(target.read_bytes()).hexdigest()


def main() -> None:
    version = json.loads((EXTENSION / "manifest.json").read_text("utf-8"))["version"]
    DIST.mkdir(exist_ok=True)
    for name in (f"paperglot-{version}-chrome.zip", f"paperglot-{version}-firefox.xpi"):
        digest = pack(DIST / name)
        sys.stdout.write(f"dist/{name}  {digest}\n")


if __name__ == "__main__":
    main()

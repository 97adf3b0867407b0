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
_KINDS = {".css", ".html", ".js", ".json", ".png", ".svg"}


def files() -> list[Path]:
    """The extension's files under version control, or all of them outside a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", str(EXTENSION)], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        found = [path for path in EXTENSION.rglob("*") if path.is_file()]
    wanted = [path for path in found if path.suffix in _KINDS and not path.name.startswith(".")]
    return sorted(wanted, key=lambda path: path.relative_to(EXTENSION).as_posix())


def pack(target: Path) -> str:
    """Write an archive; returns its SHA-256.

    Nothing is compressed: zlib and its replacements make different bytes of the same file, and the
    stores pack anew what they hand out.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in files():
            entry = zipfile.ZipInfo(path.relative_to(EXTENSION).as_posix(), _EPOCH)
            entry.create_system, entry.external_attr = _UNIX, _FILE_MODE << 16
            archive.writestr(entry, path.read_bytes())
    return hashlib.sha256(target.read_bytes()).hexdigest()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DIST
    version = json.loads((EXTENSION / "manifest.json").read_text("utf-8"))["version"]
    folder.mkdir(exist_ok=True)
    for name in (f"paperglot-{version}-chrome.zip", f"paperglot-{version}-firefox.xpi"):
        digest = pack(folder / name)
        sys.stdout.write(f"{folder.name}/{name}  {digest}\n")


if __name__ == "__main__":
    main()

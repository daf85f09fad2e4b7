"""Streamlit's own scripts and styles in brotli and gzip. `python -m web.shipped_files` makes them all, at install."""

import re
import sys
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from streamlit import file_util

from web.index_page import trimmed
from web.static_files import CODINGS, TEXT, TYPES, StaticFile, compress, fingerprint

FOLDER = Path(sys.prefix) / "share" / "sinetral" / "static"
"""Beside the Streamlit that they are made from: a new environment makes its own."""
MAIN_STYLE = re.compile(r"index\..+\.css")
# Level 9 takes 4 s for all 321 files; level 11 needs ten times that for 5 % less.
QUALITY = 9


def shipped() -> dict[str, Path]:
    """Return Streamlit's static files by address; nothing else is ever opened."""
    root = Path(file_util.get_static_dir())
    return {f"/{path.relative_to(root).as_posix()}": path for path in (root / "static").rglob("*") if path.is_file()}


def compressed(path: Path) -> StaticFile:
    """Return both compressed forms of a shipped text file: those of the install, else made now and kept."""
    content = path.read_bytes()
    if MAIN_STYLE.fullmatch(path.name):
        content = trimmed(content.decode()).encode()
    digest = fingerprint(content)
    forms = {coding: _form(content, coding, digest) for coding in CODINGS}
    return StaticFile(TYPES[path.suffix], digest, forms)


def _form(content: bytes, coding: str, digest: str) -> bytes:
    path = FOLDER / f"{digest}.{'br' if coding == 'br' else 'gz'}"
    try:
        return path.read_bytes()
    except OSError:
        made = compress(content, coding, quality=QUALITY)
        _keep(path, made)
        return made


def _keep(path: Path, content: bytes) -> None:
    """Write whole or not at all: another process may read at this moment. A full or read-only disk is no fault."""
    part = path.with_suffix(f".{token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.chmod(0o644)  # the service runs as another user than the one who installs
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def main() -> None:
    """Make every form that is missing."""
    for path in shipped().values():
        if path.suffix in TEXT:
            compressed(path)


if __name__ == "__main__":
    main()

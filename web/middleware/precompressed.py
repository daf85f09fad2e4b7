"""Streamlit's own scripts and styles, compressed once instead of never (docs/decisions/0007)."""

import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from web import current
from web.index_page import trimmed
from web.static_files import CODINGS, IMMUTABLE, TEXT, TYPES, StaticFile, accepted, compress, fingerprint

PREFIX = "/static/"
MAIN_STYLE = re.compile(r"index\..+\.css")
# Level 9 makes a first visit's 2 MB in a third of a second; level 11 needs ten times that for 5 % less.
QUALITY = 9


def _shipped() -> dict[str, Path]:
    """Return Streamlit's static files by address; nothing else is ever opened."""
    root = Path(file_util.get_static_dir())
    return {f"/{path.relative_to(root).as_posix()}": path for path in (root / "static").rglob("*") if path.is_file()}


def _form(content: bytes, coding: str, folder: Path, digest: str) -> bytes:
    """Return a compressed form from the cache folder, else make it and keep it there."""
    path = folder / f"{digest}.{coding}"
    try:
        return path.read_bytes()
    except OSError:
        made = compress(content, coding, quality=QUALITY)
        _keep(path, made)
        return made


def _keep(path: Path, content: bytes) -> None:
    """Write whole or not at all: another process may read at this moment. A full or read-only disk is no fault."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)
    except OSError:
        pass


def compressed(path: Path, folder: Path) -> StaticFile:
    """Return both compressed forms of a shipped file."""
    content = path.read_bytes()
    if MAIN_STYLE.fullmatch(path.name):
        content = trimmed(content.decode()).encode()
    digest = fingerprint(content)
    forms = {coding: _form(content, coding, folder, digest) for coding in CODINGS}
    return StaticFile(TYPES[path.suffix], digest, forms)


class Precompressed:
    """Serves /static/* in brotli or gzip to those who take it; fonts, pictures and ranges go on to Streamlit.

    What was asked for once stays in memory: 7 MB if somebody fetches every file that Streamlit ships.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files = _shipped()
        self.ready: dict[str, StaticFile] = {}
        self.locks = {address: Lock() for address in self.files}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX) or scope["method"] not in ("GET", "HEAD"):
            return await self.app(scope, receive, send)
        if scope["path"] not in self.files:
            # Streamlit would send its own index.html with 200.
            return await PlainTextResponse("Tidak ditemukan.", 404)(scope, receive, send)
        if self.files[scope["path"]].suffix not in TEXT:
            return await self.app(scope, receive, send)
        request = Headers(scope=scope)
        if "range" in request or not accepted(request.get("accept-encoding", "")):
            return await self.app(scope, receive, _varying(send))
        file = self.ready.get(scope["path"])
        if file is None:
            file = await run_in_threadpool(self._prepare, scope["path"])
        return await file.response(request, cache=IMMUTABLE)(scope, receive, send)

    def _prepare(self, address: str) -> StaticFile:
        """Compress once, however many ask at the same moment."""
        with self.locks[address]:
            if address not in self.ready:
                folder = current.settings().data_dir / "cache" / "static"
                self.ready[address] = compressed(self.files[address], folder)
            return self.ready[address]


def _varying(send: Send) -> Send:
    async def send_varying(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
        await send(message)

    return send_varying

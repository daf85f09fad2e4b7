"""Streamlit's own scripts and styles, compressed at install instead of never (docs/decisions/0007)."""

from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.shipped_files import compressed, shipped
from web.static_files import IMMUTABLE, TEXT, StaticFile, accepted

PREFIX = "/static/"


class Precompressed:
    """Serves /static/* in brotli or gzip to those who take it; fonts, pictures and ranges go on to Streamlit.

    What was asked for once stays in memory: 7 MB if somebody fetches every file that Streamlit ships.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files = shipped()
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
        """Read once, however many ask at the same moment."""
        with self.locks[address]:
            if address not in self.ready:
                self.ready[address] = compressed(self.files[address])
            return self.ready[address]


def _varying(send: Send) -> Send:
    async def send_varying(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
        await send(message)

    return send_varying

"""ASGI middleware in front of everything, WebSockets included: origin check, sign-in gate, headers."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web import current

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def origin_allowed(headers: Headers, hosts: tuple[str, ...]) -> bool:
    """Tell whether a request comes from our own pages: exact host and port; no Origin means no."""
    origin = urlsplit(headers.get("origin", ""))
    return origin.netloc.lower() in hosts and origin.netloc.lower() == headers.get("host", "").lower()


class OriginCheck:
    """Refuses unsafe requests and WebSockets from other sites (threats T12 to T14)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        unsafe = scope["type"] == "websocket" or scope.get("method", "GET") not in SAFE_METHODS
        if scope["type"] == "lifespan" or not unsafe:
            return await self.app(scope, receive, send)
        if origin_allowed(Headers(scope=scope), current.settings().allowed_hosts):
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        return await PlainTextResponse("Asal permintaan tidak dikenal.", 403)(scope, receive, send)


class SignInGate:
    """Sends page requests without a valid session to /masuk; routes check for themselves."""

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path not in self.pages or self._signed_in(scope):
            return await self.app(scope, receive, send)
        target = "/masuk" if path == "/" else f"/masuk?next={quote(path, safe='')}"
        return await RedirectResponse(target, 303)(scope, receive, send)

    def _signed_in(self, scope: MutableMapping[str, Any]) -> bool:
        token = current.token_in(Headers(scope=scope).get("cookie", ""))
        return current.actor_of(token) is not None


PAGES = frozenset(
    {
        *("/", "/bagian", "/memilah", "/skenario", "/kuis", "/hasil", "/pakta", "/sertifikat", "/akun"),
        *("/penyelesaian", "/pegawai", "/kelonggaran", "/peran", "/materi"),
    }
)
MIDDLEWARE = [Middleware(OriginCheck), Middleware(SignInGate, pages=PAGES)]

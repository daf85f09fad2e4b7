"""Only our own pages may open a WebSocket or send anything (threats T12 to T14)."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web import current

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def origin_allowed(headers: Headers, hosts: tuple[str, ...], *, secure: bool = False) -> bool:
    """Tell whether a request comes from our own pages: exact scheme, host and port; no Origin means no."""
    origin = urlsplit(headers.get("origin", ""))
    host = origin.netloc.lower()
    return (
        origin.scheme == ("https" if secure else "http") and host in hosts and host == headers.get("host", "").lower()
    )


class OriginCheck:
    """Refuses unsafe requests and WebSockets from other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        unsafe = scope["type"] == "websocket" or scope.get("method", "GET") not in SAFE_METHODS
        if scope["type"] == "lifespan" or not unsafe:
            return await self.app(scope, receive, send)
        settings = current.settings()
        if origin_allowed(Headers(scope=scope), settings.allowed_hosts, secure=settings.secure):
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        return await PlainTextResponse("Asal permintaan tidak dikenal.", 403)(scope, receive, send)

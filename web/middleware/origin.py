"""Only our own pages may open a WebSocket or send anything (threats T12 to T14)."""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from settings import Settings
from web import current
from web.middleware.headers import security_headers

FOREIGN = "Asal permintaan tidak dikenal."
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def origin_allowed(headers: Headers, hosts: tuple[str, ...], *, secure: bool = False) -> bool:
    """Tell whether a request comes from our own pages: exact scheme, host and port; no Origin means no."""
    host = headers.get("host", "").lower()
    return host in hosts and headers.get("origin", "").lower() == f"{'https' if secure else 'http'}://{host}"


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
            return await _refuse_socket(scope, receive, send, settings)
        return await PlainTextResponse(FOREIGN, 403)(scope, receive, send)


async def _refuse_socket(scope: Scope, receive: Receive, send: Send, settings: Settings) -> None:
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    answer = PlainTextResponse(FOREIGN, 403)
    answer.raw_headers += security_headers(settings.allowed_hosts, settings.secure)
    await answer(scope, receive, send)

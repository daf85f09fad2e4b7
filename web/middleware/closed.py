"""Addresses of Streamlit that this app never opens, and figures that only this machine may read (threats T50, T51)."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.middleware.addresses import from_this_machine

CLOSED = ("/_stcore/agent", "/_stcore/script-health-check")
OWN_MACHINE = ("/_stcore/metrics", "/metrics")


class ClosedAddresses:
    """Answers 404, for every method, where nobody or only a scraper on this machine has business."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._closed(scope):
            return await PlainTextResponse("Tidak ditemukan.", 404)(scope, receive, send)
        return await self.app(scope, receive, send)

    def _closed(self, scope: Scope) -> bool:
        path = scope["path"]
        return path.startswith(CLOSED) or (path.startswith(OWN_MACHINE) and not from_this_machine(scope))

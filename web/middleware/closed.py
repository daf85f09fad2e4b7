"""What of Streamlit's own addresses is open: what its pages need, and figures for this machine (threats T50, T51)."""

import re

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.middleware.addresses import UPLOADS, from_this_machine

# Named one by one: what a later Streamlit adds stays shut, as its agent API and script health check are now.
CORE = re.compile(r"/_stcore(/.*)?")
# Its stream is a WebSocket's alone: to a request Streamlit would send its own index.
OPEN = re.compile(rf"/_stcore/(health|host-config)|{UPLOADS}.+")
# Its own way of signing in, a cookie of thirty days that nobody can revoke: ours stands in web/routes/sso.py.
NEVER = re.compile(r"/(auth(/.*)?|oauth2callback/?)")
OWN_MACHINE = ("/_stcore/metrics", "/metrics")
# No address of ours holds any of these; Streamlit would answer in English.
# A line end would also slip past patterns that end in "$".
CRAFTED = re.compile(r"[\x00-\x1f\x7f\\]|//|(^|/)\.\.?(/|$)")


class ClosedAddresses:
    """Answers 404, for every method, where nobody or only a scraper on this machine has business."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _closed(scope):
            return await PlainTextResponse("Tidak ditemukan.", 404)(scope, receive, send)
        return await self.app(scope, receive, send)


def _closed(scope: Scope) -> bool:
    path = scope["path"]
    if CRAFTED.search(path):
        return True
    if path in OWN_MACHINE:
        return not from_this_machine(scope)
    if NEVER.fullmatch(path):
        return True
    return CORE.fullmatch(path) is not None and OPEN.fullmatch(path) is None

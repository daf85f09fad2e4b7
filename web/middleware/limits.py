"""How much a request may send: too much is refused before it is held in memory (threats T44)."""

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.middleware.addresses import UPLOADS

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
FORM = 64 * KILOBYTE
# Boundaries and file name of a multipart body, beside the file itself.
FRAMING = 8 * KILOBYTE
LARGER: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"{UPLOADS}.*"), 5 * MEGABYTE + FRAMING),
    (re.compile(r"/v/[^/]+/berkas"), 5 * MEGABYTE + FRAMING),
)
BODILESS = ("GET", "HEAD", "OPTIONS")
TOO_LARGE = "Kiriman terlalu besar."
_DIGITS = 18
"""No length has more; Python refuses to read thousands of them."""


def limit_of(path: str) -> int:
    """Return how many bytes a request to this path may carry."""
    return next((limit for pattern, limit in LARGER if pattern.fullmatch(path)), FORM)


class BodyLimits:
    """Refuses bodies over the limit, by their announced length and again by what really arrives."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in BODILESS:
            return await self.app(scope, receive, send)
        limit = limit_of(scope["path"])
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or len(announced) > _DIGITS or int(announced) > limit:
            return await PlainTextResponse(TOO_LARGE, 413)(scope, receive, send)
        return await self.app(scope, _counted(receive, limit), send)


def _counted(receive: Receive, limit: int) -> Receive:
    received = 0

    async def receive_counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise HTTPException(413, TOO_LARGE)
        return message

    return receive_counted

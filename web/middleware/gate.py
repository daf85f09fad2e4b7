"""Who may pass: pages are for signed-in people, uploads for those who may import the roster."""

from collections import deque
from time import monotonic
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from people import roles
from people.roles import Actor
from web import current, phrases
from web.middleware.addresses import UPLOADS, second_factor

HOUR = 3600.0
UPLOADS_PER_HOUR = 10


async def _actor(scope: Scope) -> Actor | None:
    """Return the person behind the request's cookie, read away from the event loop."""
    token = current.token_in(Headers(scope=scope).get("cookie", ""))
    return await run_in_threadpool(current.actor_of, token) if token else None


class SignInGate:
    """Sends page requests without a valid session to /masuk, half-open ones to the second factor; routes check for
    themselves."""

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path not in self.pages:
            return await self.app(scope, receive, send)
        actor = await _actor(scope)
        if actor is not None and not actor.owes_factor:
            return await self.app(scope, receive, send)
        target = "/masuk" if path == "/" else f"/masuk?next={quote(path, safe='')}"
        if actor is not None:
            target = second_factor(path)
        return await RedirectResponse(target, 303)(scope, receive, send)


class UploadGate:
    """Lets only those who may import the roster put files into memory, ten an hour (threats T44)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.puts: dict[int, deque[float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(UPLOADS):
            return await self.app(scope, receive, send)
        actor = await _actor(scope)
        if actor is None:
            return await PlainTextResponse(phrases.SESSION_ENDED, 401)(scope, receive, send)
        try:
            roles.import_roster(actor)
        except roles.Refused:
            return await PlainTextResponse(phrases.REFUSED, 403)(scope, receive, send)
        if scope["method"] == "PUT" and not self._within_rate(actor.person_id):
            text = "Terlalu banyak berkas dalam satu jam. Coba lagi nanti."
            return await PlainTextResponse(text, 429)(scope, receive, send)
        return await self.app(scope, receive, send)

    def _within_rate(self, person_id: int) -> bool:
        now, puts = monotonic(), self.puts.setdefault(person_id, deque(maxlen=UPLOADS_PER_HOUR))
        if len(puts) == UPLOADS_PER_HOUR and now - puts[0] < HOUR:
            return False
        puts.append(now)
        return True

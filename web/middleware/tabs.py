"""A tab is resumed by its own login only: for anybody else its id is taken out of the handshake (threats T06)."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from web import current, tabs

PROTOCOL = b"sec-websocket-protocol"


class OwnTabs:
    """Streamlit reads the tab to resume from the third place of Sec-WebSocket-Protocol."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            headers = Headers(scope=scope)
            entries = headers.get(PROTOCOL.decode(), "").split(",")
            asked = entries[2].strip() if len(entries) > 2 else ""
            if asked and not await _owns(headers.get("cookie", ""), asked):
                scope = _without_tab(scope, ",".join(entries[:2]))
        await self.app(scope, receive, send)


async def _owns(cookie: str, session_id: str) -> bool:
    login_id = tabs.login_of(session_id)
    if login_id is None:
        return False
    actor = await run_in_threadpool(current.actor_of, current.token_in(cookie))
    return actor is not None and actor.login_id == login_id


def _without_tab(scope: Scope, protocols: str) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if name.lower() != PROTOCOL]
    return {**scope, "headers": [*kept, (PROTOCOL, protocols.encode("latin-1"))]}

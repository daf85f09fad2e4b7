"""Pages as a signed-in person sees them: AppTest from the frame, with the cookie that AppTest itself cannot seed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from storage.engine import Database
from web import current

FRAME = Path(__file__).parent.parent.parent / "web/frame.py"

AppAs = Callable[[str], AppTest]


class SignedIn(AppTest):
    """An AppTest whose every run carries one person's cookie, as a browser's WebSocket handshake does."""

    token = ""
    running = ""

    def _run(self, *arguments: Any, **named: Any) -> AppTest:
        SignedIn.running = self.token
        return super()._run(*arguments, **named)


@pytest.fixture
def app_as(database: Database, monkeypatch: pytest.MonkeyPatch) -> AppAs:
    """Return a function that opens the app for a session token: `app_as(cast.tokens["sari"]).run()`.

    Each call is a browser tab of its own, of the same person or another. "" is nobody.
    """

    def cookies(_context: ContextProxy) -> dict[str, str]:
        return {current.cookie_name(): SignedIn.running} if SignedIn.running else {}

    monkeypatch.setattr(ContextProxy, "cookies", property(cookies))

    def opened(token: str) -> AppTest:
        at = SignedIn(str(FRAME), default_timeout=20)
        at.token = token
        return at

    return opened

"""T06: whoever presents a stolen Streamlit session id sees nothing of its owner, against a real server process."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Scope

from storage.engine import Database
from tests.conftest import Cast
from tests.figures import count, figure
from tests.server import Server
from tests.wire import Tab
from web import tabs
from web.middleware.tabs import OwnTabs

Moment = Literal["at rest", "in mid-run", "after a cut in mid-run"]
MOMENTS: tuple[Moment, ...] = ("at rest", "in mid-run", "after a cut in mid-run")
# What only Sari's pages hold: her name and her NIP.
SECRETS = (b"Wulandari", b"19900101")
LISTEN_SECONDS = 0.25
TRUSTING = Path(__file__).parent / "trusting" / "app.py"


@pytest.fixture
def server(database: Database, cast: Cast, tmp_path: Path) -> Iterator[Server]:
    """The app as it is served, on the database of this test."""
    assert cast.sari.name.encode().find(SECRETS[0]) > 0
    url = database.engine.url.render_as_string(hide_password=False)
    started = Server(tmp_path / "server", SINETRAL_DATABASE_URL=url, SINETRAL_COOKIE_SECRET="x" * 40).start()
    yield started
    started.stop()


@pytest.fixture
def trusting(tmp_path: Path) -> Iterator[Server]:
    """An app that trusts session state."""
    started = Server(tmp_path / "server", script=TRUSTING, health="/_stcore/health").start()
    yield started
    started.stop()


class Thief(Tab):
    """A tab that first listens to what comes unasked, then asks for a run."""

    async def run(self, _states: object = ()) -> None:
        assert self._socket is not None
        try:
            async with asyncio.timeout(LISTEN_SECONDS):
                while True:
                    data = await self._socket.recv()
                    assert isinstance(data, bytes)
                    self.frames.append(data)
        except TimeoutError:
            pass
        await super().run()


def leaked(frames: list[bytes]) -> int:
    return sum(any(secret in frame for secret in SECRETS) for frame in frames)


async def steal(url: str, owner: str, thief: str, moment: Moment, wait: float) -> tuple[int, int]:
    """Take the id of an owner's tab elsewhere; return how many frames show her, in her own tab and in the thief's."""
    mine = Tab(url, path="akun", cookie=owner, keep=True)
    await mine.open()
    if moment != "at rest":
        await mine.send()
        await asyncio.sleep(wait)
    if moment == "after a cut in mid-run":
        await mine.drop()
    other = Thief(url, path="akun", cookie=thief, session_id=mine.session_id, keep=True)
    await other.open()
    await other.run()
    await other.close()
    await mine.close()
    return leaked(mine.frames), leaked(other.frames)


def counted(url: str, owner: str, thief: str, times: int, longest_wait: float) -> dict[Moment, int]:
    """Try at every moment; return how often the thief saw nothing."""
    random = Random(3)

    async def safe(moment: Moment) -> int:
        tried = [await steal(url, owner, thief, moment, random.uniform(0, longest_wait)) for _ in range(times)]
        assert all(own > 0 for own, _ in tried)
        return sum(stolen == 0 for _, stolen in tried)

    return {moment: asyncio.run(safe(moment)) for moment in MOMENTS}


@pytest.mark.figure
@pytest.mark.parametrize("thief", ["nobody", "bima"])
def test_a_stolen_session_id_shows_nothing_of_its_owner(server: Server, cast: Cast, thief: str) -> None:
    times = count(5, 70)
    others = f"sinetral={cast.tokens[thief]}" if thief in cast.tokens else ""
    safe = counted(server.url, f"sinetral={cast.tokens['sari']}", others, times, 0.012)
    for moment, kept in safe.items():
        figure(f"T06 {moment}", kept, times, f"stolen session ids show 0 bytes to {thief}")
    assert safe == dict.fromkeys(MOMENTS, times)


@pytest.mark.figure
def test_control_of_t06_an_app_that_trusts_session_state_leaks(trusting: Server) -> None:
    safe = counted(trusting.url, "sinetral=x", "", 2, 0.1)
    figure("T06 control", sum(safe.values()), 6, "stolen session ids show nothing where session state is trusted")
    assert safe["at rest"] == safe["in mid-run"] == 0


def test_the_owner_goes_on_in_the_same_tab(server: Server, cast: Cast) -> None:
    async def again(key: str) -> bool:
        mine = Tab(server.url, path="akun", cookie=f"sinetral={cast.tokens['sari']}")
        await mine.open()
        await mine.drop()
        cookie = f"sinetral={cast.tokens[key]}"
        async with Tab(server.url, path="akun", cookie=cookie, session_id=mine.session_id) as back:
            return back.session_id == mine.session_id

    assert asyncio.run(again("sari")) is True
    assert asyncio.run(again("bima")) is False


def test_a_revoked_session_is_refused_at_its_next_action(server: Server, cast: Cast, database: Database) -> None:
    from people import signin

    times = count(5, 50)

    async def each() -> int:
        opened = [
            Tab(server.url, path="akun", cookie=f"sinetral={cast.tokens['sari']}", keep=True) for _ in range(times)
        ]
        for tab in opened:
            await tab.open()
        with database.write() as transaction:
            signin.close_session(transaction.db, token=cast.tokens["sari"], now=transaction.now)
        refused = 0
        for tab in opened:
            tab.frames.clear()
            await tab.run()
            refused += tab.says("Sesi Anda berakhir.") and leaked(tab.frames) == 0
            await tab.close()
        return refused

    refused = asyncio.run(each())
    figure("T09", refused, times, "open tabs refused at their next action after the session was revoked")
    assert refused == times


@pytest.mark.parametrize(
    ("protocols", "kept"),
    [
        ("streamlit, token, sari-tab", "streamlit, token, sari-tab"),
        ("streamlit, token, bima-tab", "streamlit, token"),
        ("streamlit, token, unknown", "streamlit, token"),
        ("streamlit,,bima-tab", "streamlit,"),
        ("streamlit, token , bima-tab , sari-tab", "streamlit, token "),
        ("streamlit, token", "streamlit, token"),
        ("streamlit", "streamlit"),
    ],
)
def test_only_an_own_tab_stays_in_the_handshake(cast: Cast, protocols: str, kept: str) -> None:
    tabs.bind("sari-tab", cast.sari.login_id)
    tabs.bind("bima-tab", cast.bima.login_id)
    seen: list[str] = []

    async def app(scope: Scope, _receive: object, _send: object) -> None:
        seen.append(Headers(scope=scope)["sec-websocket-protocol"])

    async def nothing() -> Message:
        return {}

    async def away(_message: Message) -> None:
        pass

    headers = [
        (b"cookie", f"sinetral={cast.tokens['sari']}".encode()),
        (b"sec-websocket-protocol", protocols.encode()),
    ]
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
    asyncio.run(OwnTabs(app)(scope, nothing, away))
    assert seen == [kept]


def test_tabs_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "MOST", 2)
    for number in range(4):
        tabs.bind(f"tab {number}", number)
    assert [tabs.login_of(f"tab {number}") for number in range(4)] == [None, None, 2, 3]

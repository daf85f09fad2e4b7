"""The doors of a real server: foreign handshakes (T13), closed addresses (T50), figures for this machine (T51)."""

import asyncio
import http.client
import re
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from storage.engine import Database
from tests.conftest import Cast
from tests.figures import FULL, count, figure
from tests.server import Server, altered
from tests.web.stack import METHODS
from tests.wire import Tab

ASKED = "asked for the outer address"
HANDSHAKES = count(100, 30_000)
A_SECOND = 500
SECRET = "x" * 40
PERSONAL = re.compile(rb"\d{18}|[\w.]+@[\w.]+\.\w+|Sari|Wulandari|199001")

# No SQL decides here: one database will do.
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server(database: Database, tmp_path: Path) -> Iterator[Server]:
    url = database.engine.url.render_as_string(hide_password=False)
    database.engine.dispose()
    running = Server(tmp_path / "data", SINETRAL_DATABASE_URL=url, SINETRAL_COOKIE_SECRET=SECRET).start()
    yield running
    running.stop()


async def knock(server: Server, origin: str) -> int:
    """Try to open a socket from another site; return the status, 101 when it opened."""
    try:
        async with connect(
            f"ws://127.0.0.1:{server.port}/_stcore/stream",
            origin=origin,  # type: ignore[arg-type]
            subprotocols=["streamlit", "none"],  # type: ignore[list-item]
            open_timeout=60,
        ):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def flood(server: Server, times: int) -> tuple[list[int], list[float]]:
    """Knock so many times while somebody asks for the health; return the statuses, and how long health took in ms."""
    waits: list[float] = []
    done = asyncio.Event()

    async def ask() -> None:
        while not done.is_set():
            begun = time.perf_counter()
            await asyncio.to_thread(_get, server, "/_stcore/health")
            waits.append((time.perf_counter() - begun) * 1000)
            await asyncio.sleep(0.05)

    async def knocks() -> list[int]:
        statuses: list[int] = []
        for first in range(0, times, A_SECOND // 10):
            begun = time.perf_counter()
            size = min(A_SECOND // 10, times - first)
            statuses += await asyncio.gather(*(knock(server, f"https://s{n}.jahat.example") for n in range(size)))
            await asyncio.sleep(max(0.0, 0.1 - (time.perf_counter() - begun)))
        done.set()
        return statuses

    statuses, _ = await asyncio.gather(knocks(), ask())
    return statuses, waits


def _get(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _outward(server: Server) -> list[str]:
    """Return the connections of the server to anywhere but this machine."""
    assert server.process is not None
    found = psutil.Process(server.process.pid).net_connections("inet")
    return [str(one.raddr) for one in found if one.raddr and not one.raddr.ip.startswith(("127.", "::1"))]


@pytest.mark.figure
def test_foreign_handshakes_make_the_server_ask_nobody(tmp_path: Path) -> None:
    server = altered(tmp_path / "data", "telling").start()
    try:
        statuses, waits = asyncio.run(flood(server, HANDSHAKES))
        outward = _outward(server)
        told = server.output().count(ASKED)
    finally:
        server.stop()
    slowest = sorted(waits)[int(len(waits) * 0.99)] if waits else 0.0
    kept = statuses.count(403)
    what = f"foreign handshakes refused; {told} look-ups, {len(outward)} outward; health p99 {slowest:.0f} ms"
    figure("T13", kept, len(statuses), what)
    assert (kept, told, outward) == (HANDSHAKES, 0, [])
    # A figure of time says nothing on a busy machine: it is held against the threat's 200 ms in `make figures` alone.
    assert not FULL or slowest <= 200


def test_control_of_t13_without_the_check_it_asks(tmp_path: Path) -> None:
    server = altered(tmp_path / "data", "open_to_all").start()
    try:
        asyncio.run(flood(server, 3))
        assert server.output().count(ASKED) > 0
    finally:
        server.stop()


@ONE_DATABASE
def test_a_refused_handshake_carries_the_security_headers(server: Server) -> None:
    async def refused(origin: str) -> InvalidStatus:
        with pytest.raises(InvalidStatus) as caught:
            async with connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", origin=origin):  # type: ignore[arg-type]
                pass
        return caught.value

    for origin in ("https://jahat.example", "http://["):
        response = asyncio.run(refused(origin)).response
        assert response.status_code == 403
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert b'"fault"' not in server.log.read_bytes()


@ONE_DATABASE
@pytest.mark.figure
def test_the_agent_api_is_not_there(server: Server) -> None:
    paths = (
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/agent/openapi.json",
        "/_stcore/script-health-check",
    )
    asked = [(method, path) for path in paths for method in METHODS]
    found = [_get(server, path, method, Origin=server.url)[0] for method, path in asked]
    figure("T50 of a real server", found.count(404), len(asked), "closed addresses answered 404")
    assert set(found) == {404}


@ONE_DATABASE
def test_figures_hold_nobodys_data_and_are_for_this_machine(server: Server, cast: Cast) -> None:
    async def visit() -> None:
        async with Tab(server.url, path="akun", cookie=f"sinetral={cast.tokens['sari']}", keep=True) as tab:
            # The page itself does show her: there is something to leak.
            assert any(PERSONAL.search(frame) for frame in tab.frames)
            status, scraped = await asyncio.to_thread(_get, server, "/_stcore/metrics")
            assert status == 200
            assert scraped
            assert PERSONAL.search(scraped) is None

    asyncio.run(visit())
    assert _get(server, "/_stcore/metrics", X_Forwarded_For="203.0.113.9")[0] == 404

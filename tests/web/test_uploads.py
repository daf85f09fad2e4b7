"""Uploads of strangers against a real server: nothing is accepted, nothing stays in memory (threats T44)."""

import http.client
from pathlib import Path

import psutil
import pytest

from tests.figures import count, figure
from tests.server import Server

MEGABYTE = 1024 * 1024
PATH = "/_stcore/upload_file/sesi/berkas"


def _put(server: Server, size: int) -> int:
    """Send a file as a stranger would; 0 when the server closed the connection while it was still coming."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request("PUT", PATH, body=b"x" * size, headers={"Origin": server.url})
        return connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
        return 0
    finally:
        connection.close()


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path / "data").start()


def test_strangers_fill_no_memory(server: Server) -> None:
    assert server.process is not None
    memory, times = psutil.Process(server.process.pid), count(20, 100)
    try:
        assert _put(server, 10) == 401
        before = memory.memory_info().rss
        answers = [_put(server, 5 * MEGABYTE) for _ in range(times)]
        grown = (memory.memory_info().rss - before) / MEGABYTE
    finally:
        server.stop()
    refused = sum(answer in (0, 401) for answer in answers)
    figure("T44 uploads of strangers", refused, times, f"refused, memory +{grown:.0f} MB")
    assert refused == times
    assert grown <= 20

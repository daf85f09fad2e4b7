"""What anybody may send, against a real server: uploads (threats T44), WebSocket frames and long texts (T45)."""

import asyncio
import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import select
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from quizzes import allowances
from quizzes.allowances import REASON_LENGTH, Unfit
from storage.engine import Database
from storage.tables import allowance
from tests.conftest import Cast
from tests.figures import count, figure
from tests.quizzes.exam import MARKED
from tests.server import Server
from tests.wire import Tab, pressed
from web.middleware.gate import UPLOADS_PER_HOUR
from web.widgets.allowance_words import PROBLEMS

MEGABYTE = 1024 * 1024
ROSTER = b"NIP;Nama;Unit Kerja\n199001012020121999;Ani;Dinas Kominfo\n"
BOUNDARY = "----berkas"
SECRET = "x" * 40
# No SQL decides here: one database will do.
EDGE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server(database: Database, tmp_path: Path) -> Iterator[Server]:
    url = database.engine.url.render_as_string(hide_password=False)
    database.engine.dispose()
    running = Server(tmp_path / "data", SINETRAL_DATABASE_URL=url, SINETRAL_COOKIE_SECRET=SECRET).start()
    yield running
    running.stop()


@contextmanager
def memory_of(server: Server) -> Iterator[Callable[[], float]]:
    """Yield a function that says by how many megabytes the server has grown."""
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    yield lambda: float(process.memory_info().rss - before) / MEGABYTE


def put(server: Server, body: bytes, *, session: str = "sesi", cookie: str = "", **headers: str) -> int:
    """Send a file; 0 when the server closed the connection while it was still coming."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        path = f"/_stcore/upload_file/{session}/berkas"
        connection.request("PUT", path, body, {"Origin": server.url, "Cookie": cookie, **named})
        return connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
        return 0
    finally:
        connection.close()


def form(content: bytes) -> bytes:
    """A file as a browser's form sends it."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="daftar.csv"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


async def by_page(server: Server, token: str, contents: list[bytes]) -> list[int]:
    """Send files from an open page of this person, as its uploader does."""
    cookie = f"sinetral={token}"
    async with Tab(server.url, path="akun", cookie=cookie) as tab:
        xsrf = await asyncio.to_thread(_xsrf, server)
        more = {"X_Xsrftoken": xsrf, "Content_Type": f"multipart/form-data; boundary={BOUNDARY}"}
        known = {"session": tab.session_id, "cookie": f"{cookie}; _streamlit_xsrf={xsrf}", **more}
        return [await asyncio.to_thread(put, server, form(content), **known) for content in contents]


def _xsrf(server: Server) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/_stcore/health")
    cookies = SimpleCookie(connection.getresponse().headers["Set-Cookie"])
    connection.close()
    return cookies["_streamlit_xsrf"].value


@EDGE
@pytest.mark.figure
def test_strangers_fill_no_memory(server: Server) -> None:
    times = count(20, 100)
    assert put(server, b"x" * 10) == 401
    with memory_of(server) as grown:
        answers = [put(server, b"x" * 5 * MEGABYTE) for _ in range(times)]
        more = grown()
    refused = sum(answer in (0, 401) for answer in answers)
    figure("T44 uploads of strangers", refused, times, f"refused, memory +{more:.0f} MB")
    assert refused == times
    assert more <= 20


@EDGE
@pytest.mark.figure
def test_only_those_who_import_upload(server: Server, cast: Cast) -> None:
    """Sari, Bima and Ratna send from a page of their own; Hadi, who may, is the control: his files are taken."""
    times = count(4, 40)
    refused = 0
    for who in ("sari", "bima", "ratna"):
        answers = asyncio.run(by_page(server, cast.tokens[who], [ROSTER] * times))
        refused += sum(answer in (0, 403) for answer in answers)
    figure("T44 uploads without the right to import", refused, 3 * times, "refused")
    assert refused == 3 * times
    # Streamlit counts the boundaries of the form as part of the file.
    whole, large = b"x" * (5 * MEGABYTE - 300), b"x" * 5 * MEGABYTE
    taken = asyncio.run(by_page(server, cast.tokens["hadi"], [ROSTER, whole, large, *[ROSTER] * UPLOADS_PER_HOUR]))
    assert taken[:3] == [204, 204, 413]
    assert taken[3:] == [204] * (UPLOADS_PER_HOUR - 3) + [429] * 3


async def frame(server: Server, token: str, size: int) -> int:
    """Send one frame of this size; return the code with which the socket was closed, 0 when it stayed open."""
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    known: dict[str, Any] = {"origin": server.url, "subprotocols": ["streamlit", "none"], "compression": None}
    cookie = {"Cookie": f"sinetral={token}"} if token else {}
    async with connect(address, **known, additional_headers=cookie, max_size=None) as socket:
        try:
            await socket.send(b"\0" * size)
            async with asyncio.timeout(20):
                while True:
                    await socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
        except TimeoutError:
            return 0


@EDGE
@pytest.mark.figure
@pytest.mark.parametrize("megabytes", [12, 2])
def test_huge_frames_are_closed(server: Server, cast: Cast, megabytes: int) -> None:
    """Above 10 MB the frame is not even read; above 1 MB it is read and not taken."""
    times = count(10, 100)

    async def all_frames() -> list[int]:
        return [await frame(server, cast.tokens["sari"], megabytes * MEGABYTE) for _ in range(times)]

    with memory_of(server) as grown:
        codes = asyncio.run(all_frames())
        more = grown()
    # Whoever is still sending when the other side closes may find the connection gone instead of its last word.
    closed = sum(code in (1009, 1006) for code in codes)
    figure(f"T45 frames of {megabytes} MB", closed, times, f"closed ({codes.count(1009)} with 1009), +{more:.0f} MB")
    assert closed == times
    assert 1009 in codes
    assert more <= 150


async def long_reason(server: Server, token: str, person: str, letters: int) -> Tab:
    """Give an allowance with a reason of so many letters, whatever the page's own field would take."""
    async with Tab(server.url, path="kelonggaran", cookie=f"sinetral={token}") as tab:
        (search,) = tab.of_kind("TextInput")
        await tab.run([WidgetState(id=search.id, string_value=person)])
        reason, people = (next(w for w in tab.widgets.values() if w.label == label) for label in ("Alasan", "Peserta"))
        states = [
            WidgetState(id=search.id, string_value=person),
            WidgetState(id=people.id, string_value=people.options[0]),
            WidgetState(id=reason.id, string_value="a" * letters),
        ]
        await tab.run([*states, pressed(tab.button("Beri kelonggaran"))])
        sure = [widget for widget in tab.widgets.values() if widget.label.startswith("Beri 1 percobaan")]
        if sure:
            await tab.run([*states, pressed(sure[0])])
        return tab


def test_a_text_without_end_is_stored_by_nobody(server: Server, cast: Cast, database: Database) -> None:
    """What a browser cannot send: 0.9 MB are cut to the length of the field, 1.2 MB close the socket."""

    def stored() -> list[int]:
        with database.read() as transaction:
            return [len(reason) for reason in transaction.db.execute(select(allowance.c.reason)).scalars()]

    ratna, sari = cast.tokens["ratna"], str(cast.sari.nip)
    with pytest.raises(ConnectionClosed) as closed:
        asyncio.run(long_reason(server, ratna, sari, 1_200_000))
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
    assert stored() == []
    assert asyncio.run(long_reason(server, ratna, sari, 5)).says(PROBLEMS["reason"])
    assert stored() == []
    assert asyncio.run(long_reason(server, ratna, sari, 900_000)).says("Kelonggaran tersimpan")
    assert stored() == [max(REASON_LENGTH)]
    # The field is a courtesy; what refuses is the action itself, with words for the page.
    known: dict[str, Any] = {"program_id": "netralitas", "quiz": MARKED, "kind": "try", "amount": 1}
    known |= {"actor": cast.ratna, "person_id": cast.sari.person_id, "reason": "a" * 1_000_000}
    with database.write() as transaction, pytest.raises(Unfit, match="reason"):
        allowances.give(transaction.db, now=transaction.now, **known)

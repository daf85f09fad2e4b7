"""T52 to T54: faults show a sentence and a reference; the log holds one line per event and nobody's data."""

import asyncio
import io
import json
import logging
import re
import sqlite3
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from storage.troubles import Busy, StorageError
from tests.figures import figure
from tests.server import Server
from web import faults, logs

NIP = "199001012015032901"
SECRETS = (NIP, "Sari Wulandari", "rahasia-9f3c", "jawaban-B7", "kode-AKTIVASI")
REFERENCE = re.compile(r"Kode rujukan ([0-9A-F]{8})")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the process logs during this test."""
    handler, written = logs.Lines(), io.StringIO()
    handler.setStream(written)
    root = logging.getLogger()
    root.addHandler(handler)
    logs.log.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)


def _parsed(lines: io.StringIO) -> list[dict[str, Any]]:
    # Only \n ends a line here: str.splitlines would also take U+2028 and its kind for line ends.
    return [json.loads(line) for line in lines.getvalue().split("\n") if line]


def injected_errors() -> list[Exception]:
    """Return 60 errors of the kinds that happen, each with people's data in its text."""
    made: list[Exception] = []
    for secret in SECRETS:
        made += [
            ValueError(f"wrong value {secret}"),
            KeyError(secret),
            RuntimeError(f"signing failed for {secret}"),
            FileNotFoundError(2, "No such file or directory", f"/data/{secret}.pdf"),
            PermissionError(13, "Permission denied", secret),
            UnicodeEncodeError("latin-1", secret, 0, 1, "ordinal not in range"),
            IntegrityError("INSERT INTO person VALUES (?)", (secret,), sqlite3.IntegrityError(f"Key (nip)=({secret})")),
            OperationalError("UPDATE", (secret,), sqlite3.OperationalError("database is locked")),
            OperationalError("UPDATE", (secret,), sqlite3.OperationalError("database or disk is full")),
            Busy(secret),
            StorageError("the disk is away"),
            _chained(secret),
        ]
    return made


def _chained(secret: str) -> Exception:
    try:
        raise LookupError(secret)
    except LookupError as error:
        outer = RuntimeError(f"render {secret}")
        outer.__cause__ = error
        return outer


@pytest.mark.figure
def test_sixty_faults_of_routes_show_a_sentence_and_a_reference_alone(lines: io.StringIO) -> None:
    errors = injected_errors()

    def fail(request: Request) -> Response:
        raise errors[int(request.path_params["number"])]

    app = Starlette(routes=[Route("/v/{number}", fail)], exception_handlers=faults.HANDLERS)
    client, good = TestClient(app, raise_server_exceptions=False), 0
    for number in range(len(errors)):
        answer = client.get(f"/v/{number}")
        reference = REFERENCE.search(answer.text)
        told = [line for line in _parsed(lines) if reference and line.get("reference") == reference[1]]
        clean = not any(secret in answer.text for secret in SECRETS) and "Error" not in answer.text
        good += bool(
            answer.status_code in (500, 503) and clean and len(told) == 1 and told[0]["route"] == "/v/{number}"
        )
    figure("T52 routes", good, len(errors), "injected errors show a sentence and a reference that the log knows")
    assert (good, len(errors)) == (60, 60)
    assert not any(secret in lines.getvalue() for secret in SECRETS)


@pytest.mark.figure
def test_sixty_faults_of_pages_show_a_sentence_and_a_reference_alone(lines: io.StringIO) -> None:
    def script() -> None:
        import streamlit as st

        from tests.faults.test_logs import injected_errors
        from web import faults

        st.session_state["person_id"] = 7
        for error in injected_errors():
            faults.on_script_error(error)

    texts = [element.value for element in AppTest.from_function(script, default_timeout=30).run().error]
    told = {line["reference"]: line for line in _parsed(lines)}
    references = [found[1] for text in texts if (found := REFERENCE.search(text))]
    good = sum(told[reference]["person"] == logs.person(7) for reference in references)
    figure("T52 pages", good, 60, "injected errors show a sentence and a reference that the log knows")
    assert (good, len(texts), len(told)) == (60, 60, 60)
    assert not any(secret in "".join([*texts, lines.getvalue()]) for secret in SECRETS)


def test_a_full_disk_and_a_busy_database_are_said_in_words() -> None:
    full = OperationalError("UPDATE", {}, sqlite3.OperationalError("database or disk is full"))
    assert faults._told(full).startswith("Penyimpanan server penuh.")
    assert faults._told(Busy()).startswith("Sistem sedang sibuk.")


def _payloads() -> list[str]:
    """Return 200 texts that try to begin a line of their own, colour the terminal or break the JSON."""
    random = Random(5)
    parts = [
        "\r\n",
        "\n",
        "\r",
        "\x1b[31m",
        "\x1b]0;x\x07",
        "\u2028",
        "\u2029",
        "\x85",
        "\x00",
        "\x0b",
        "\x0c",
        '"}',
        "\\",
    ]
    forged = '{"at": "2026", "level": "info", "event": "started"}'
    return ["".join(random.choice([*parts, forged, "Sari"]) for _ in range(6)) for _ in range(200)]


@pytest.mark.figure
def test_two_hundred_payloads_forge_no_line(lines: io.StringIO) -> None:
    payloads = _payloads()
    for text in payloads:
        logs.log.error(text, extra={"route": text, "reference": text})
        logging.getLogger("people").warning("import of %s", text, exc_info=ValueError(text))
    found = _parsed(lines)
    figure("T54", len(found), 2 * len(payloads), "events are one line each that a reader parses")
    assert len(found) == 2 * len(payloads)
    assert lines.getvalue().isascii()
    assert not set(lines.getvalue()) & set("\r\x1b\x00\x85")
    assert {line["event"] for line in found[1::2]} == {"import of %s"}


def test_a_line_holds_listed_fields_alone(lines: io.StringIO) -> None:
    logs.log.info(
        "request", extra={"route": "/v/{code}", "nip": NIP, "person_name": "Sari Wulandari", "cookie": "rahasia-9f3c"}
    )
    assert _parsed(lines)[0].keys() == {"at", "level", "source", "event", "route"}


def test_a_person_is_one_and_the_same_only_with_the_same_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    from web import current

    named = []
    for secret in ("a" * 40, "a" * 40, "b" * 40):
        monkeypatch.setenv("SINETRAL_COOKIE_SECRET", secret)
        current.settings.cache_clear()
        named.append(logs.person(12))
    assert named[0] == named[1] != named[2]
    assert "12" not in (named[0], named[2])


# --- a real server --------------------------------------------------------------------------------------------


def _ask(server: Server, path: str, method: str = "GET", **headers: str) -> int:
    request = urllib.request.Request(f"{server.url}{path}", headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def _send(server: Server, path: str, **fields: str) -> None:
    body = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(f"{server.url}{path}", data=body, headers={"Origin": server.url})
    try:
        urllib.request.urlopen(request, timeout=20).close()
    except urllib.error.HTTPError:
        return


async def _open_socket(server: Server, *protocols: Any, query: str) -> None:
    address = f"{server.url.replace('http', 'ws')}/_stcore/stream?{query}"
    try:
        async with connect(address, subprotocols=protocols, origin=server.url) as socket:  # type: ignore[arg-type]
            await asyncio.wait_for(socket.recv(), 3)
    except (WebSocketException, TimeoutError, OSError):
        return


@pytest.mark.figure
def test_the_log_of_a_server_holds_nothing_that_people_sent(tmp_path: Path) -> None:
    canaries = [f"kanari{number:02d}x" for number in range(40)]
    given = iter(canaries)
    server = Server(tmp_path / "data").start()
    try:
        for path in (
            "/v/",
            "/sertifikat/",
            "/unduh/",
            "/aktivasi?kode=",
            "/masuk?next=",
            "/?nip=",
            "/tidak-ada/",
            "/kuis?x=",
        ):
            _ask(server, f"{path}{next(given)}", Cookie=f"sinetral={next(given)}", Referer=f"http://x/{next(given)}")
        for path in ("/masuk", "/aktivasi"):
            _send(server, path, nip=NIP, password=next(given), kode=next(given))
        _send(server, f"/masuk?next={next(given)}", nip=next(given), password=next(given))
        asyncio.run(_open_socket(server, "streamlit", next(given), next(given), query=f"nip={next(given)}"))
        _ask(server, "/masuk", method=next(given))
        _ask(server, "/masuk", **{"User-Agent": next(given), "X-Forwarded-For": next(given)})
    finally:
        server.stop()
    written = server.output()
    started = [line for line in written.split("\n") if line.startswith("{")]
    events = [json.loads(line)["event"] for line in started]
    used = canaries[: 40 - len(list(given))]
    kept = [canary for canary in used if canary not in written]
    figure("T53", len(kept), len(used), "texts that people sent are in no line of the log")
    assert kept == used
    assert NIP not in written
    assert set(events) == {"started", "request", "stopped"}
    assert len(re.findall(r"\b\d{18}\b", written)) == 0


def test_a_server_writes_json_alone_after_its_start(tmp_path: Path) -> None:
    server = Server(tmp_path / "data").start()
    begun = len(server.output())
    _ask(server, "/masuk")
    _ask(server, "/tidak-ada")
    server.stop()
    later = [line for line in server.output()[begun:].split("\n") if line.strip()]
    assert later
    # Streamlit says goodbye in plain words.
    assert [line for line in later if not line.startswith("{") and "Stopping" not in line] == []


def test_control_the_handler_of_the_standard_library_would_tell(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler(sys.stdout)
    plain = logging.getLogger("control")
    plain.addHandler(handler)
    plain.error("import of %s", _payloads()[0], exc_info=ValueError(NIP))
    plain.removeHandler(handler)
    assert NIP in capsys.readouterr().out

"""Start-up refuses what is unsafe and warns of what is slow, by the options that are really in force."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

from demo import filling
from storage import audit
from storage.engine import Database
from tests.conftest import ROOT
from web import current, index_page, startup
from web.middleware import headers

UNSAFE: dict[str, Any] = {
    "server.enableXsrfProtection": False,
    "server.enableCORS": False,
    "server.enableStaticServing": True,
    "server.enableAgentApi": True,
    "server.scriptHealthCheckEnabled": True,
    "server.trustedUserHeaders": {"X-User": "nip"},
    "client.showErrorDetails": "full",
    "client.showErrorLinks": True,
    "client.allowedOrigins": ["https://evil.example"],
    "browser.gatherUsageStats": True,
    "logger.enableRich": True,
}
SLOW: dict[str, Any] = {
    "runner.postScriptGC": True,
    "runner.magicEnabled": True,
    "server.fileWatcherType": "auto",
    "server.enableWebsocketCompression": True,
}


def _with(monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:
    shipped = {**startup.SAFETY, **{name: wanted for name, (wanted, _) in startup.SPEED.items()}}
    monkeypatch.setattr(config, "get_option", {**shipped, **options}.__getitem__)


def test_the_shipped_configuration_is_safe_and_fast() -> None:
    assert startup.refusals() == []
    assert startup.warnings() == []


def test_another_streamlit_is_refused_at_start(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = index_page.shipped().replace("<title>Streamlit</title>", "<title>Lain</title>")
    monkeypatch.setattr(headers, "shipped", lambda: changed)
    headers.allowed_scripts.cache_clear()
    with pytest.raises(index_page.IndexChanged, match="title"):
        startup._prepare()


def test_every_safety_and_speed_option_is_tried_here() -> None:
    assert set(UNSAFE) == set(startup.SAFETY)
    assert set(SLOW) == set(startup.SPEED)


@pytest.mark.parametrize("name", UNSAFE)
def test_an_unsafe_option_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    _with(monkeypatch, **{name: UNSAFE[name]})
    (refusal,) = startup.refusals()
    assert refusal.startswith(name)


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_option_is_warned_of_with_its_cost(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    _with(monkeypatch, **{name: SLOW[name]})
    (warning,) = startup.warnings()
    assert warning.startswith(name)


def _start(data_dir: Path, **environment: str) -> tuple[int, list[str]]:
    """Start the app as systemd does; return its exit code and what it printed."""
    own = {f"SINETRAL_{name.upper()}": value for name, value in environment.items()}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SINETRAL_")}
    environ = {**clean, "SINETRAL_DATA_DIR": str(data_dir), **own}
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=environ, check=False, capture_output=True, text=True, timeout=60
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


@pytest.mark.parametrize(("setting", "value"), [("port", "abc"), ("host", "0.0.0.0")])
def test_a_wrong_setting_ends_the_start_in_one_line_that_names_it(tmp_path: Path, setting: str, value: str) -> None:
    code, [said] = _start(tmp_path, **{setting: value})
    assert (code, f"SINETRAL_{setting.upper()}" in said) == (3, True)


def test_a_port_in_use_ends_the_start_in_one_line_that_names_the_setting(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, [said] = _start(tmp_path, port=port)
    assert (code, port in said, "SINETRAL_PORT" in said) == (3, True, True)


def test_the_unit_does_not_try_again_after_a_refused_start() -> None:
    assert f"RestartPreventExitStatus={startup.REFUSED}\n" in (ROOT / "deploy" / "sinetral.service").read_text("utf-8")


def _told(capsys: pytest.CaptureFixture[str]) -> bool:
    startup._offer_first_link(current.settings())
    return "Sertifikat belum dapat diterbitkan" in capsys.readouterr().out


@pytest.mark.usefixtures("cast")
def test_with_real_people_the_start_says_that_the_issuer_is_a_placeholder(capsys: pytest.CaptureFixture[str]) -> None:
    assert _told(capsys)


def test_without_real_people_the_start_says_nothing_of_the_issuer(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not _told(capsys)
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        filling.fill(db, library=current.library(), now=now, public_url="http://127.0.0.1", people=5)
    assert not _told(capsys)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_head_of_the_audit_log_is_noted_day_after_day(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with database.write() as transaction:
        audit.record(transaction.db, now=transaction.now, actor="system:test", action="x", object="unit:1")
        head = audit.head(transaction.db)[1]
    monkeypatch.setattr(startup, "HEAD_SECONDS", 0.01)

    async def watch() -> None:
        noting = asyncio.create_task(startup._note_daily())
        while len(caplog.records) < 2:
            await asyncio.sleep(0.01)
        noting.cancel()

    with caplog.at_level(logging.INFO, "sinetral"):
        asyncio.run(asyncio.wait_for(watch(), 20))
    assert {(line.message, line.__dict__["rows"], line.__dict__["head"]) for line in caplog.records} == {
        ("audit", 1, head)
    }

"""Start-up refuses what is unsafe and warns of what is slow, by the options that are really in force."""

from typing import Any

import pytest
from streamlit import config

from web import startup

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

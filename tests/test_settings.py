"""Settings fail loudly: the message names the setting and the mend."""

from pathlib import Path

import pytest

import settings
from settings import SettingsError

NOWHERE = Path("/nonexistent/sinetral.toml")


def _load(**environment: str) -> settings.Settings:
    return settings.load({f"SINETRAL_{name.upper()}": value for name, value in environment.items()}, NOWHERE)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"host": "0.0.0.0"}, "SINETRAL_HOST=0.0.0.0 .* SINETRAL_BASE_URL"),
        ({"host": "0.0.0.0", "base_url": "http://netralitas.contoh.go.id"}, "https"),
        ({"base_url": "http://netralitas.contoh.go.id"}, "https"),
        ({"base_url": "netralitas.contoh.go.id"}, "must look like"),
        ({"base_url": "https://contoh.go.id/jalur"}, "must look like"),
        ({"database_url": "postgresql://db/x"}, "SINETRAL_COOKIE_SECRET"),
        ({"cookie_secret": "pendek"}, "32 characters"),
        ({"oidc_client_id": "sinetral"}, "belong together"),
        ({"oidc_metadata_url": "http://sso.contoh.go.id", "oidc_client_id": "a", "oidc_client_secret": "b"}, "https"),
        (
            {"oidc_metadata_url": "https://x", "oidc_client_id": "a", "oidc_client_secret_file": "/nonexistent"},
            "unreadable",
        ),
        ({"port": "99999"}, "SINETRAL_PORT: .* from 0 to 65535"),
        ({"port": "delapan"}, "SINETRAL_PORT: .* from 0 to 65535"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(environment: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        _load(**environment)


def test_loopback_needs_nothing() -> None:
    found = _load()
    assert (found.host, found.secure, found.public_url) == ("127.0.0.1", False, "http://127.0.0.1:8501")
    assert found.allowed_hosts == ("localhost:8501", "127.0.0.1:8501", "[::1]:8501")


def test_https_elsewhere_is_accepted() -> None:
    found = _load(host="0.0.0.0", base_url="https://netralitas.contoh.go.id/")
    assert (found.secure, found.public_url) == (True, "https://netralitas.contoh.go.id")
    assert found.allowed_hosts == ("netralitas.contoh.go.id",)


def test_the_environment_stands_above_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sinetral.toml"
    file.write_text('port = 9000\nhost = "localhost"\n')
    found = settings.load({"SINETRAL_PORT": "9001"}, file)
    assert (found.port, found.host) == (9001, "localhost")


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sinetral.toml"
    file.write_text("prot = 9000\n")
    with pytest.raises(SettingsError, match="prot"):
        settings.load({}, file)


def test_the_secret_is_made_once_and_readable_by_the_owner_alone(tmp_path: Path) -> None:
    first = _load(data_dir=str(tmp_path / "data")).secret
    assert len(first) >= 32
    assert _load(data_dir=str(tmp_path / "data")).secret == first
    assert (tmp_path / "data" / "cookie-secret").stat().st_mode & 0o777 == 0o600

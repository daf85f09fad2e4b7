"""Every setting, from the environment or sinetral.toml; a wrong one stops the start and says how to mend it."""

import os
import tomllib
from collections.abc import Mapping
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

ROOT = Path(__file__).parent
PREFIX = "SINETRAL_"
MENDS = {"port": "Give a whole number from 0 to 65535, such as 8502."}
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which and what to do."""


class Settings(BaseModel):
    """All settings. The name of the environment variable is SINETRAL_ and the field's name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = ROOT / "data"
    """Folder of the SQLite file, the cookie secret and copies made before a migration."""
    database_url: str = ""
    """`postgresql://…`; empty means SQLite in the data folder."""
    base_url: str = ""
    """Public address, such as https://netralitas.contoh.go.id; required off loopback. Links in QR codes use it."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = Field(default=8501, ge=0, le=65535)
    """Port to listen on."""
    cookie_secret: str = ""
    """At least 32 characters; made once in the data folder when absent; required with PostgreSQL."""
    content_dir: Path = ROOT
    """Folder that holds modules/content and quizzes/content."""
    oidc_metadata_url: str = ""
    """Where the agency's sign-in describes itself, …/.well-known/openid-configuration; empty: passwords only."""
    oidc_client_id: str = ""
    """What the agency's sign-in calls this installation."""
    oidc_client_secret: str = ""
    """The secret that goes with it."""
    oidc_client_secret_file: Path | None = None
    """Or the file that holds it."""
    oidc_nip_claim: str = "preferred_username"
    """The claim of the ID token that holds the NIP; people must not be able to change it themselves."""
    oidc_name: str = "akun instansi"
    """What people call the agency's sign-in: "Masuk dengan …"."""

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        if self.database_url.startswith("postgres") and not self.cookie_secret:
            raise ValueError("PostgreSQL serves several processes: set SINETRAL_COOKIE_SECRET, the same on each")
        if self.cookie_secret and len(self.cookie_secret) < 32:
            raise ValueError("SINETRAL_COOKIE_SECRET needs at least 32 characters")
        url = urlsplit(self.base_url)
        if self.base_url and (url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/")):
            raise ValueError("SINETRAL_BASE_URL must look like https://netralitas.contoh.go.id")
        if not _is_loopback(self.host) and url.scheme != "https":
            raise ValueError(
                f"SINETRAL_HOST={self.host} is reachable from outside: set SINETRAL_BASE_URL to an https:// address, "
                "or leave SINETRAL_HOST out"
            )
        if url.scheme == "http" and f"{url.hostname}" not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("SINETRAL_BASE_URL must be https:// (cookies and offline checks need it)")
        return self

    @model_validator(mode="after")
    def _whole_oidc(self) -> "Settings":
        given = (self.oidc_metadata_url, self.oidc_client_id, self.oidc_client_secret or self.oidc_client_secret_file)
        if any(given) and not all(given):
            raise ValueError(
                "SINETRAL_OIDC_METADATA_URL, SINETRAL_OIDC_CLIENT_ID and SINETRAL_OIDC_CLIENT_SECRET (or _SECRET_FILE) "
                "belong together: set all three or none"
            )
        url = urlsplit(self.oidc_metadata_url)
        if self.oidc_metadata_url and url.scheme != "https" and f"{url.hostname}" not in ("localhost", "127.0.0.1"):
            raise ValueError("SINETRAL_OIDC_METADATA_URL must be https://")
        if self.oidc_metadata_url and not self.oidc_secret:
            raise ValueError("SINETRAL_OIDC_CLIENT_SECRET_FILE is missing, unreadable or empty")
        return self

    @property
    def oidc_secret(self) -> str:
        """The secret for the agency's sign-in, from the setting or its file."""
        if self.oidc_client_secret or self.oidc_client_secret_file is None:
            return self.oidc_client_secret
        try:
            return self.oidc_client_secret_file.read_text("utf-8").strip()
        except OSError:
            return ""

    @cached_property
    def database(self) -> str:
        """The effective database URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'sinetral.db'}"

    @property
    def secure(self) -> bool:
        """True when people reach the app by https."""
        return self.base_url.startswith("https://")

    @property
    def public_url(self) -> str:
        """The address that links carry, without a slash at the end."""
        return self.base_url.rstrip("/") or f"http://127.0.0.1:{self.port}"

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Hosts that may appear in an Origin; loopback names only while no base URL is set."""
        if self.base_url:
            return (urlsplit(self.base_url).netloc.lower(),)
        return tuple(f"{name}:{self.port}" for name in LOOPBACK_NAMES)

    @cached_property
    def secret(self) -> str:
        """The cookie secret: from the environment, else from the data folder (made once, mode 0600)."""
        return self.cookie_secret or _stored_secret(self.data_dir / "cookie-secret")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _stored_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


def load(environment: Mapping[str, str] = os.environ, file: Path = ROOT / "sinetral.toml") -> Settings:
    """Read sinetral.toml, then the environment over it. Raises SettingsError naming the setting and the mend."""
    values: dict[str, Any] = {}
    if file.exists():
        try:
            values = tomllib.loads(file.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{file.name}: {error}") from error
    for name in Settings.model_fields:
        if PREFIX + name.upper() in environment:
            values[name] = environment[PREFIX + name.upper()]
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError("Settings refused. " + "; ".join(map(_refused, error.errors()))) from error


def _refused(error: ErrorDetails) -> str:
    """Return what is wrong with one setting, by the name that the environment gives it, and its mend."""
    said = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return said
    name = str(error["loc"][0])
    if name not in Settings.model_fields:
        return f"{name} in sinetral.toml is no setting. Take it out; docs/operating.md lists them all."
    return f"{PREFIX}{name.upper()}: {said}. {MENDS.get(name, 'Mend it there or in sinetral.toml.')}"

"""Talks to the agency's sign-in (OpenID Connect, by Authlib): where to send people, and what its answer says.

Every call has a time limit, few run at once, and a provider that did not answer is left alone for a while: people who
sign in with passwords must not wait for it (faults F27).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import Any

from settings import Settings

SCOPE = "openid profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
PATIENCE = (3.05, 5.0)
"""Seconds to connect and to wait for an answer."""
FRESH = 300
"""An ID token is proof for so many seconds after it was made."""
LEEWAY = 60
"""Seconds that the clocks may differ."""
_KEEP = 600.0
_LEAVE_ALONE = 15.0
_talks = BoundedSemaphore(8)


class Unreachable(Exception):
    """The provider does not answer, or not as a provider does."""


class Untrusted(Exception):
    """The provider's answer proves nothing; the text is for the log and quotes nobody's data."""


@dataclass(frozen=True)
class Provider:
    """What the provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Memory:
    """The last description of each provider, or when it last failed; shared, for it is the same for everybody."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[float, Provider | None]] = {}

    def provider(self, url: str, fetch: Callable[[], Provider]) -> Provider:
        with self._lock:
            at, kept = self._kept.get(url, (0.0, None))
        age = monotonic() - at
        if url in self._kept and age < (_KEEP if kept else _LEAVE_ALONE):
            if kept is None:
                raise Unreachable("left alone after a failure")
            return kept
        try:
            found = fetch()
        except Unreachable:
            self.note(url, None)
            raise
        self.note(url, found)
        return found

    def note(self, url: str, found: Provider | None) -> None:
        with self._lock:
            self._kept[url] = monotonic(), found

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


memory = _Memory()


@contextmanager
def _talking() -> Iterator[Any]:
    """Give a client to talk with; whatever goes wrong on the way is `Unreachable`."""
    import requests

    if not _talks.acquire(blocking=False):
        raise Unreachable("too many at once")
    try:
        yield requests
    except (requests.RequestException, ValueError) as error:
        raise Unreachable(type(error).__name__) from error
    finally:
        _talks.release()


def _json(url: str) -> Mapping[str, Any]:
    with _talking() as requests:
        answer = requests.get(url, timeout=PATIENCE, allow_redirects=False)
        if answer.status_code != 200:
            raise Unreachable(f"status {answer.status_code}")
        found = answer.json()
    if not isinstance(found, dict):
        raise Unreachable("no object")
    return found


def provider(settings: Settings) -> Provider:
    """Return the provider's description, kept for ten minutes. Raises Unreachable."""
    url = settings.oidc_metadata_url

    def fetch() -> Provider:
        found = _json(url)
        try:
            described = Provider(**{name: str(found[name]) for name in Provider.__dataclass_fields__})
        except KeyError as error:
            raise Unreachable("incomplete description") from error
        # What describes itself under another name is somebody else.
        if not url.startswith(described.issuer.rstrip("/") + "/"):
            raise Unreachable("description of another issuer")
        if url.startswith("https://") and not all(
            each.startswith("https://") for each in (described.authorization_endpoint, described.token_endpoint)
        ):
            raise Unreachable("endpoint without https")
        return described

    return memory.provider(url, fetch)


def _client(settings: Settings) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    return OAuth2Session(
        settings.oidc_client_id,
        settings.oidc_secret,
        scope=SCOPE,
        redirect_uri=redirect_uri(settings),
        code_challenge_method="S256",
    )


def redirect_uri(settings: Settings) -> str:
    """Return the address that the provider must know."""
    return f"{settings.public_url}/masuk/kembali"


def address(settings: Settings, *, state: str, nonce: str, verifier: str, again: bool) -> str:
    """Return where to send somebody; `again`: they must sign in there anew. Raises Unreachable."""
    anew = {"prompt": "login", "max_age": "0"} if again else {}
    made, _ = _client(settings).create_authorization_url(
        provider(settings).authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier, **anew
    )
    return str(made)


def claims(settings: Settings, *, code: str, nonce: str, verifier: str, now: datetime) -> Mapping[str, Any]:
    """Exchange the code and return the claims of an ID token that was made for this very sign-in, just now.

    Raises Unreachable, Untrusted.
    """
    from authlib.integrations.base_client import OAuthError

    described = provider(settings)
    with _talking():
        try:
            answer = _client(settings).fetch_token(
                described.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                timeout=PATIENCE,
                allow_redirects=False,
            )
        except OAuthError as error:
            raise Untrusted("code refused") from error
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise Untrusted("no ID token")
    return _checked(settings, described, token, answer.get("access_token"), nonce, now)


def _checked(
    settings: Settings, described: Provider, token: str, access_token: object, nonce: str, now: datetime
) -> Mapping[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    jwks: Any = _json(described.jwks_uri)
    options: Any = {
        "iss": {"essential": True, "value": described.issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "sub": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    }
    try:
        read = jwt.decode(token, KeySet.import_key_set(jwks), algorithms=list(ALGORITHMS))
        parameters = {"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": access_token}
        found = CodeIDToken(read.claims, read.header, options, parameters)
        found.validate(int(now.timestamp()), LEEWAY)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Untrusted(f"ID token refused: {type(error).__name__}") from error
    if now.timestamp() - float(found["iat"]) > FRESH:
        raise Untrusted("ID token too old")
    return dict(found)

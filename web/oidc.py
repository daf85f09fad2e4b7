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
from typing import Any, TypeVar, cast

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
_Said = TypeVar("_Said")
_DESCRIPTION = "/.well-known/openid-configuration"
_WAIT = 10.0
_talks = BoundedSemaphore(8)
# Who waits for a talk keeps one of the 40 threads that passwords need too, so not all may.
_places = BoundedSemaphore(24)


class Unreachable(Exception):
    """The provider does not answer, or not as a provider does."""


class TooMany(Unreachable):
    """So many talk with the provider that there was no turn: its own answer is not in doubt."""


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
    """What the provider last said at each address, or when it last failed; shared, for it is the same for everybody."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[float, object]] = {}

    def of(self, url: str, fetch: Callable[[], _Said]) -> _Said:
        """Return what is kept of an address, else fetch it in turn. Raises Unreachable."""
        found = self._fresh(url)
        if found is None:
            with _turn():
                # Whoever had the turn before has fetched it, or knows that nobody answers.
                found = self._fresh(url) or self._fetched(url, fetch)
        return cast("_Said", found)

    def _fresh(self, url: str) -> object:
        with self._lock:
            at, kept = self._kept.get(url, (-_KEEP, None))
        age = monotonic() - at
        if url in self._kept and kept is None and age < _LEAVE_ALONE:
            raise Unreachable("left alone after a failure")
        return kept if age < _KEEP else None

    def _fetched(self, url: str, fetch: Callable[[], object]) -> object:
        found = None
        try:
            found = fetch()
        finally:
            with self._lock:
                self._kept[url] = monotonic(), found
        return found

    def forget(self, url: str) -> None:
        """Ask that address anew next time."""
        with self._lock:
            self._kept.pop(url, None)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


memory = _Memory()


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one of the eight talks. Raises TooMany."""
    if not _places.acquire(blocking=False):
        raise TooMany("too many wait")
    try:
        if not _talks.acquire(timeout=_WAIT):
            raise TooMany("no turn came")
        try:
            yield
        finally:
            _talks.release()
    finally:
        _places.release()


@contextmanager
def _talking() -> Iterator[Any]:
    """Give a client to talk with; whatever goes wrong on the way is `Unreachable`."""
    import requests

    try:
        yield requests
    except (requests.RequestException, ValueError) as error:
        raise Unreachable(type(error).__name__) from error


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
    return memory.of(url, lambda: described(_json(url), url=url))


def described(found: Mapping[str, Any], *, url: str) -> Provider:
    """Read a description that stood at an address. Raises Unreachable where it cannot be this provider's own."""
    try:
        read = Provider(**{name: str(found[name]) for name in Provider.__dataclass_fields__})
    except KeyError as error:
        raise Unreachable("incomplete description") from error
    # What describes itself under another name is somebody else.
    if read.issuer.rstrip("/") + _DESCRIPTION != url:
        raise Unreachable("description of another issuer")
    endpoints = read.authorization_endpoint, read.token_endpoint, read.jwks_uri
    if url.startswith("https://") and not all(each.startswith("https://") for each in endpoints):
        raise Unreachable("endpoint without https")
    return read


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

    known = provider(settings)
    with _turn(), _talking():
        try:
            answer = _client(settings).fetch_token(
                known.token_endpoint,
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
    return _checked(settings, known, token, answer.get("access_token"), nonce, now)


def _decoded(token: str, jwks_uri: str) -> Any:
    """Return the token that one of the provider's keys signed. The keys are kept; one that is unknown is asked for."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    def read() -> Any:
        keys: Any = memory.of(jwks_uri, lambda: _json(jwks_uri))
        return jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))

    try:
        return read()
    except (JoseError, ValueError, KeyError, TypeError):
        memory.forget(jwks_uri)  # the provider may have new keys since
        return read()


def _checked(
    settings: Settings, known: Provider, token: str, access_token: object, nonce: str, now: datetime
) -> Mapping[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    options: Any = {
        "iss": {"essential": True, "value": known.issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "sub": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    }
    try:
        read = _decoded(token, known.jwks_uri)
        parameters = {"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": access_token}
        found = CodeIDToken(read.claims, read.header, options, parameters)
        found.validate(int(now.timestamp()), LEEWAY)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Untrusted(f"ID token refused: {type(error).__name__}") from error
    if now.timestamp() - float(found["iat"]) > FRESH:
        raise Untrusted("ID token too old")
    return dict(found)

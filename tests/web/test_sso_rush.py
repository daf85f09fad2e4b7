"""Many who come from the agency at once get in, its keys are kept, and what it says of itself is read exactly."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

import pytest
from joserfc.jwk import RSAKey

from storage.engine import Database
from tests.conftest import Cast
from tests.web.provider import Provider
from tests.web.test_sso import NIP, browser, configure, go, sign_in
from web import oidc

TOGETHER = 16
SITE = "https://sso.contoh.go.id"
HERE = f"{SITE}/.well-known/openid-configuration"
GOOD = {
    "issuer": SITE,
    "authorization_endpoint": f"{SITE}/auth",
    "token_endpoint": f"{SITE}/token",
    "jwks_uri": f"{SITE}/certs",
}


@pytest.fixture
def provider(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that Hadi has an account at."""
    made = Provider()
    made.user = {"sub": "hadi-di-sana", "preferred_username": NIP}
    configure(monkeypatch, made.metadata_url)
    yield made
    made.close()
    oidc.memory.clear()


def _together(provider: Provider) -> list[int]:
    """Set out one after another, come back all at once; return what each got."""
    visitors = [browser() for _ in range(TOGETHER)]
    ways = [go(each, provider) for each in visitors]
    provider.pause = 0.3
    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(lambda each, way: each.get(way).status_code, visitors, ways))


def test_sixteen_who_come_back_at_once_get_in(provider: Provider) -> None:
    assert _together(provider) == [303] * TOGETHER
    assert provider.looks_at_keys <= 8  # those who talk at once while none is kept


def test_whoever_gets_no_turn_says_nothing_about_the_provider(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "_places", BoundedSemaphore(4))
    answers = _together(provider)
    assert answers.count(503) >= 1
    assert answers.count(503) + answers.count(303) == TOGETHER
    assert sign_in(provider) == 303  # not left alone: it had answered all who had their turn


def test_nobody_waits_for_a_turn_longer_than_the_limit(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "_talks", BoundedSemaphore(1))
    monkeypatch.setattr(oidc, "_WAIT", 0.05)
    answers = _together(provider)
    assert answers.count(303) >= 1
    assert answers.count(503) >= 1


def test_new_keys_of_the_provider_are_asked_for_once(provider: Provider) -> None:
    assert (sign_in(provider), sign_in(provider), provider.looks_at_keys) == (303, 303, 1)
    provider.key = provider.signing = RSAKey.generate_key(2048, {"kid": "2", "use": "sig"})
    provider.header = {"alg": "RS256", "kid": "2"}
    assert (sign_in(provider), sign_in(provider), provider.looks_at_keys) == (303, 303, 2)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_an_https_provider_has_https_endpoints_alone(name: str) -> None:
    assert oidc.described(GOOD, url=HERE).issuer == SITE
    with pytest.raises(oidc.Unreachable):
        oidc.described({**GOOD, name: GOOD[name].replace("https", "http")}, url=HERE)


@pytest.mark.parametrize("issuer", ["https://sso.contoh.go.id/realms", "https://sso.contoh", "https://sso.contoh.go.i"])
def test_the_issuer_is_the_address_without_its_ending(issuer: str) -> None:
    with pytest.raises(oidc.Unreachable):
        oidc.described({**GOOD, "issuer": issuer}, url=HERE)


def test_an_issuer_that_is_only_the_beginning_of_the_address_is_another() -> None:
    address = f"{SITE}/realms/asn/.well-known/openid-configuration"
    assert oidc.described({**GOOD, "issuer": f"{SITE}/realms/asn/"}, url=address)
    for issuer in (SITE, f"{SITE}/realms"):
        with pytest.raises(oidc.Unreachable):
            oidc.described({**GOOD, "issuer": issuer}, url=address)

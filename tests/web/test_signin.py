"""/masuk, /aktivasi and /keluar as a browser meets them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import perf_counter

import pytest
from sqlalchemy import Update, func, select, update
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from people import codes, passwords
from people.roles import Actor
from storage.engine import Database
from storage.tables import activation_code, audit, login_failure, login_session, person
from tests.conftest import Cast
from tests.figures import count, figure
from tests.web import stack
from web import current, faults
from web.middleware import MIDDLEWARE, PAGES
from web.routes import ROUTES
from web.routes.signin import own_page

HERE = "http://127.0.0.1:8501"
PASSWORD = "empat kuda makan tape"
NEW_PASSWORD = "lumbung ketapang 7 angsa"
Browser = Callable[[], TestClient]


@pytest.fixture(scope="module")
def kept() -> str:
    """The hash of PASSWORD, made once."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def browser(database: Database) -> Iterator[Browser]:
    """Make clients, each with a cookie jar of its own, all from one address."""
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE, exception_handlers=faults.HANDLERS)
    with TestClient(app, base_url=HERE) as first:
        first.headers["Origin"] = HERE

        def opened() -> TestClient:
            client = TestClient(app, base_url=HERE, follow_redirects=False, client=("127.0.0.1", 50_000))
            client.headers["Origin"] = HERE
            return client

        yield opened


@pytest.fixture
def sari(database: Database, cast: Cast, kept: str) -> Actor:
    """Sari, with a password, and signed out."""
    with database.write() as transaction:
        transaction.db.execute(update(person).where(person.c.id == cast.sari.person_id).values(password_hash=kept))
    return cast.sari


def sign_in(client: TestClient, nip: str | None, password: str = PASSWORD, **more: str) -> int:
    return client.post("/masuk", data={"nip": nip or "", "sandi": password, **more}).status_code


def session_of(client: TestClient) -> Actor | None:
    return current.actor_of(client.cookies.get("sinetral") or "")


def a_code(database: Database, person_id: int) -> str:
    with database.write() as transaction:
        return codes.issue(transaction.db, person_id=person_id, created_by=None, now=transaction.now)


@pytest.mark.parametrize("path", ["/masuk", "/aktivasi"])
def test_page_is_light_and_says_what_each_field_is(browser: Browser, path: str) -> None:
    answer = browser().get(path)
    assert answer.status_code == 200
    assert len(answer.content) <= 30_000
    assert answer.headers["cache-control"] == "no-store"
    for field in ("nip", "sandi"):
        assert f'<label for="{field}">' in answer.text
    assert 'autocomplete="username"' in answer.text


@pytest.mark.parametrize(
    "spelled", ["199001012015032901", "19900101 201503 2 901", "'199001012015032901", "19900101.201503.2.901"]
)
def test_sign_in_with_any_spelling_of_the_nip(browser: Browser, sari: Actor, spelled: str) -> None:
    client = browser()
    answer = client.post("/masuk", data={"nip": spelled, "sandi": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("sinetral="))
    assert "; HttpOnly; Max-Age=43200; Path=/; SameSite=lax" in cookie
    signed_in = session_of(client)
    assert signed_in is not None
    assert (signed_in.person_id, signed_in.assurance) == (sari.person_id, "code")


def test_cookie_is_bound_to_host_and_https_under_a_base_url(
    browser: Browser, sari: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SINETRAL_BASE_URL", "https://netralitas.contoh.go.id")
    current.settings.cache_clear()
    client = browser()
    there = {"Origin": "https://netralitas.contoh.go.id", "Host": "netralitas.contoh.go.id"}
    answer = client.post("/masuk", data={"nip": sari.nip, "sandi": PASSWORD}, headers=there)
    assert answer.status_code == 303
    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-sinetral")
        assert "; Secure" in cookie
        assert "; HttpOnly" in cookie


def test_unknown_person_and_wrong_password_get_the_same_bytes(browser: Browser, sari: Actor, cast: Cast) -> None:
    client = browser()
    wrong = client.post("/masuk", data={"nip": sari.nip, "sandi": "bukan kata sandinya"})
    not_active = client.post("/masuk", data={"nip": cast.bima.nip, "sandi": "bukan kata sandinya"})
    for unknown in ("199001012015032999", "tidak ada", "", "\0", "'; DROP TABLE person; --", "9" * 5_000):
        answer = client.post("/masuk", data={"nip": unknown, "sandi": "bukan kata sandinya"})
        assert (answer.status_code, answer.content) == (wrong.status_code, wrong.content)
    assert not_active.content == wrong.content
    assert wrong.status_code == 401
    assert "Sari" not in wrong.text
    assert "NIP atau kata sandi tidak cocok." in wrong.text


def test_unknown_and_known_cost_the_same_work(
    browser: Browser, sari: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import event

    counted: list[str] = []
    matches = passwords.matches

    def counting(kept: str | None, password: str) -> bool:
        counted.append("hash")
        return matches(kept, password)

    monkeypatch.setattr(passwords, "matches", counting)
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: counted.append(arguments[2]))
    work = []
    for nip in (sari.nip, "199001012015032999"):
        counted.clear()
        assert sign_in(browser(), nip, "bukan kata sandinya") == 401
        work.append(list(counted))
    assert work[0] == work[1]
    assert "hash" in work[0]


@pytest.mark.figure
def test_only_ten_of_many_tries_are_checked(browser: Browser, sari: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    matches = passwords.matches

    def counting(kept: str | None, typed: str) -> bool:
        checked.append(typed)
        return matches(kept, typed)

    monkeypatch.setattr(passwords, "matches", counting)
    tries = count(120, 1_000)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda n: sign_in(browser(), sari.nip, f"tebakan ke {n} yang salah"), range(tries)))
    figure("T03", len(checked), tries, "guesses at one account were checked; 10 may be")
    assert len(checked) == 10
    assert (statuses.count(401), statuses.count(429)) == (10, tries - 10)
    # The right password makes no difference for a guesser, and the reply says when to come again.
    answer = browser().post("/masuk", data={"nip": sari.nip, "sandi": PASSWORD})
    assert answer.status_code == 429
    assert "Terlalu banyak percobaan. Coba lagi pukul " in answer.text
    assert " WIB." in answer.text


def test_unknown_people_are_throttled_alike(browser: Browser, sari: Actor) -> None:
    replies = {}
    for nip in (sari.nip, "199001012015032999"):
        client = browser()
        replies[nip] = [client.post("/masuk", data={"nip": nip, "sandi": "x" * 20}).status_code for _ in range(12)]
    assert replies[sari.nip] == replies["199001012015032999"] == [401] * 10 + [429] * 2


def test_all_names_of_a_person_share_their_tries(browser: Browser, sari: Actor, database: Database) -> None:
    with database.write() as transaction:
        mine = person.c.id == sari.person_id
        transaction.db.execute(update(person).where(mine).values(employee_id="KOM-7"))
    names = [str(sari.nip), "KOM-7", "kom-7", "Kom-7", "kOm-7", "19900101 201503 2 901", " KOM-7 "]
    statuses = [sign_in(browser(), names[n % len(names)], "tebakan yang salah") for n in range(14)]
    assert statuses == [401] * 10 + [429] * 4
    unknown = [sign_in(browser(), ("tak-ada", "TAK-ADA", "Tak-Ada")[n % 3], "tebakan") for n in range(12)]
    assert unknown == [401] * 10 + [429] * 2


def test_the_victim_gets_in_on_an_own_device_during_an_attack(browser: Browser, sari: Actor) -> None:
    own = browser()
    assert sign_in(own, sari.nip) == 303
    own.post("/keluar")
    attacker = browser()
    for _ in range(12):
        sign_in(attacker, sari.nip, "tebakan yang salah")
    assert sign_in(attacker, sari.nip) == 429
    assert sign_in(own, sari.nip) == 303
    # Control: without the device cookie the same person is locked out too.
    own.cookies.delete("sinetral_perangkat")
    assert sign_in(own, sari.nip) == 429


def test_a_device_cookie_of_another_person_helps_nobody(
    browser: Browser, sari: Actor, database: Database, cast: Cast, kept: str
) -> None:
    with database.write() as transaction:
        transaction.db.execute(update(person).where(person.c.id == cast.bima.person_id).values(password_hash=kept))
    bima = browser()
    assert sign_in(bima, cast.bima.nip) == 303
    for _ in range(10):
        sign_in(bima, sari.nip, "tebakan yang salah")
    assert sign_in(bima, sari.nip) == 429


def test_tries_count_again_after_the_window(browser: Browser, sari: Actor, database: Database) -> None:
    client = browser()
    for _ in range(10):
        sign_in(client, sari.nip, "tebakan yang salah")
    with database.write() as transaction:
        transaction.db.execute(update(login_failure).values(at=transaction.now - timedelta(minutes=15, seconds=1)))
    assert sign_in(client, sari.nip) == 303
    with database.read() as transaction:
        assert transaction.db.execute(select(func.count()).select_from(login_failure)).scalar() == 0


@pytest.mark.figure
def test_everyone_of_an_office_behind_one_address_gets_in(
    browser: Browser, database: Database, cast: Cast, kept: str
) -> None:
    many = count(30, 200)
    with database.write() as transaction:
        common = {"kind": "pns", "password_hash": kept, "assurance": "code", "unit_id": cast.kominfo}
        times = {"created_at": transaction.now, "updated_at": transaction.now}
        rows = [
            {"nip": f"1990010120150319{n:02}" if n < 100 else f"199001022015031{n}", "name": f"P{n}", **common, **times}
            for n in range(many)
        ]
        transaction.db.execute(person.insert(), rows)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda row: sign_in(browser(), str(row["nip"])), rows))
    figure("T03", statuses.count(303), many, "people behind one address signed in")
    assert statuses == [303] * many


def test_token_changes_at_sign_in_and_the_old_session_ends(browser: Browser, sari: Actor) -> None:
    client = browser()
    seen = set()
    for _ in range(5):
        assert sign_in(client, sari.nip) == 303
        seen.add(client.cookies["sinetral"])
    assert len(seen) == 5
    assert [current.actor_of(token) is not None for token in seen].count(True) == 1


def test_a_planted_cookie_is_not_taken_over(browser: Browser, sari: Actor) -> None:
    client = browser()
    client.cookies.set("sinetral", "planted-by-somebody-else", domain="127.0.0.1", path="/")
    answer = client.post("/masuk", data={"nip": sari.nip, "sandi": PASSWORD})
    assert "planted" not in answer.headers["set-cookie"]
    assert current.actor_of("planted-by-somebody-else") is None


HOSTILE = [
    *(
        "//jahat.example",
        "///jahat.example",
        "////jahat.example",
        "/\\jahat.example",
        "\\\\jahat.example",
        "\\/jahat.example",
    ),
    *(
        "https://jahat.example",
        "http:jahat.example",
        "HTTPS://jahat.example",
        "https:/jahat.example",
        "https:///jahat.example",
    ),
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:x",
        "about:blank",
    ),
    *("/%2fjahat.example", "%2f%2fjahat.example", "/%5cjahat.example", "/%2e%2e//jahat.example", "/..//jahat.example"),
    *(
        "/.jahat.example",
        "/@jahat.example",
        "@jahat.example",
        "127.0.0.1:8501@jahat.example",
        "//127.0.0.1:8501@jahat.example",
    ),
    *(
        "/\t/jahat.example",
        "/\n/jahat.example",
        "/\r/jahat.example",
        " //jahat.example",
        "\t//jahat.example",
        "/\0/jahat.example",
    ),
    *(
        "//jahat。example",
        "//jahat．example",
        "/／jahat.example",
        "／／jahat.example",
        "//ⓙahat.example",
        "/\u2028/jahat.example",
    ),
    *(
        "/kuis//jahat.example",
        "/kuis?next=//jahat.example",
        "/kuis#//jahat.example",
        "/kuis/../..//jahat.example",
        "/kuis%0d%0aSet-Cookie:x=1",
    ),
    *(
        "/kuis\r\nLocation: //jahat.example",
        "kuis",
        "/KUIS",
        "/kuis/",
        "/kuis ",
        " /kuis",
        "/masuk",
        "/keluar",
        "/aktivasi",
        "/unduh/1",
    ),
    *("/mulai", "/_stcore/health", "/sertifikat/../kuis", "?next=/kuis", "", "/" * 500, "/" + "a" * 3_000),
]


def test_next_leads_to_own_pages_only(browser: Browser, sari: Actor) -> None:
    assert len(HOSTILE) >= 60
    client = browser()
    for payload in HOSTILE:
        page = client.get("/masuk", params={"next": payload})
        assert 'name="next" value="/"' in page.text or page.headers.get("location") == "/"
        assert own_page(payload) == "/"
    for payload in HOSTILE[:: count(12, 1)]:
        answer = browser().post("/masuk", data={"nip": sari.nip, "sandi": PASSWORD, "next": payload})
        assert answer.headers["location"] == "/"


@pytest.mark.parametrize("path", sorted(PAGES))
def test_next_leads_to_each_own_page(path: str) -> None:
    assert own_page(path) == path


def test_sign_in_goes_on_to_the_page_that_was_asked_for(browser: Browser, sari: Actor) -> None:
    client = browser()
    asked = client.get("/kuis")
    assert (asked.status_code, asked.headers["location"]) == (303, "/masuk?next=%2Fkuis")
    assert 'value="/kuis"' in client.get(asked.headers["location"]).text
    assert (
        client.post("/masuk", data={"nip": sari.nip, "sandi": PASSWORD, "next": "/kuis"}).headers["location"] == "/kuis"
    )
    assert client.get("/masuk?next=/akun").headers["location"] == "/akun"


def test_sign_out_ends_the_session_for_every_tab(browser: Browser, sari: Actor) -> None:
    client = browser()
    sign_in(client, sari.nip)
    token = client.cookies["sinetral"]
    assert client.get("/keluar").status_code == 200
    assert current.actor_of(token) is not None  # a link alone changes nothing
    answer = client.post("/keluar")
    assert (answer.status_code, answer.headers["location"]) == (303, "/masuk?keluar=1")
    assert "sinetral" not in client.cookies
    assert current.actor_of(token) is None
    assert client.get("/keluar").headers["location"] == "/masuk"
    assert "Anda sudah keluar." in client.get("/masuk?keluar=1").text


def test_activation_sets_the_password_and_signs_in(browser: Browser, cast: Cast, database: Database) -> None:
    code = a_code(database, cast.bima.person_id)
    client = browser()
    typed = {"nip": str(cast.bima.nip), "kode": code.lower().replace("-", " "), "sandi": NEW_PASSWORD}
    answer = client.post("/aktivasi", data=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    found = session_of(client)
    assert found is not None
    assert (found.person_id, found.assurance) == (cast.bima.person_id, "code")
    # Whoever was signed in before, perhaps a thief, is out.
    assert current.actor_of(cast.tokens["bima"]) is None
    assert sign_in(browser(), cast.bima.nip, NEW_PASSWORD) == 303
    with database.read() as transaction:
        actions = transaction.db.execute(select(audit.c.action)).scalars().all()
    assert actions == ["account.activate"]


def test_a_code_works_once_and_only_for_its_person(browser: Browser, cast: Cast, database: Database) -> None:
    code = a_code(database, cast.bima.person_id)
    for nip in (cast.sari.nip, "199001012015032999", "", "ADM-1"):
        answer = browser().post("/aktivasi", data={"nip": nip or "", "kode": code, "sandi": NEW_PASSWORD})
        assert answer.status_code == 422
        assert "Kode tidak berlaku atau sudah dipakai." in answer.text
    typed = {"nip": str(cast.bima.nip), "kode": code, "sandi": NEW_PASSWORD}
    assert browser().post("/aktivasi", data=typed).status_code == 303
    for _ in range(3):
        assert browser().post("/aktivasi", data=typed).status_code == 422


def test_of_many_who_use_a_code_at_once_one_gets_in(browser: Browser, cast: Cast, database: Database) -> None:
    code = a_code(database, cast.bima.person_id)
    typed = {"nip": str(cast.bima.nip), "kode": code, "sandi": NEW_PASSWORD}
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: browser().post("/aktivasi", data=typed).status_code, range(12)))
    assert sorted(statuses) == [303] + [422] * 11


def test_an_expired_or_replaced_code_is_refused(browser: Browser, cast: Cast, database: Database) -> None:
    replaced = a_code(database, cast.bima.person_id)
    code = a_code(database, cast.bima.person_id)
    with database.write() as transaction:
        valid = activation_code.c.revoked_at.is_(None)
        row = transaction.db.execute(select(activation_code).where(valid)).one()
        assert row.expires_at - row.created_at == timedelta(hours=72)
        transaction.db.execute(update(activation_code).values(expires_at=transaction.now))
    for each in (code, replaced):
        typed = {"nip": str(cast.bima.nip), "kode": each, "sandi": NEW_PASSWORD}
        assert browser().post("/aktivasi", data=typed).status_code == 422


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("terlalu pendek", "kurang dari 15 karakter"),
        ("x" * 257, "lebih dari 256 karakter"),
        ("Netralitas2026!", "mudah ditebak"),
        ("19880202 201201 1 902", "tersusun dari NIP atau nama Anda"),
        ("Bima Pratama 1988", "tersusun dari NIP atau nama Anda"),
    ],
)
def test_a_weak_password_is_refused_and_costs_no_code(
    browser: Browser, cast: Cast, database: Database, password: str, words: str
) -> None:
    code = a_code(database, cast.bima.person_id)
    typed = {"nip": str(cast.bima.nip), "kode": code, "sandi": password}
    answer = browser().post("/aktivasi", data=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{code}"' in answer.text
    assert password not in answer.text
    assert browser().post("/aktivasi", data={**typed, "sandi": NEW_PASSWORD}).status_code == 303


def test_a_wrong_code_learns_nothing_from_the_password_rules(browser: Browser, cast: Cast) -> None:
    typed = {"nip": str(cast.bima.nip), "kode": "0" * 18, "sandi": "pendek"}
    answer = browser().post("/aktivasi", data=typed)
    assert "Kode tidak berlaku" in answer.text
    assert "kurang dari 15" not in answer.text


def test_typed_text_is_shown_escaped(browser: Browser, database: Database) -> None:
    answer = browser().post("/aktivasi", data={"nip": '"><script>alert(1)</script>', "kode": "x", "sandi": "y"})
    assert "<script>alert" not in answer.text


def test_ended_sessions_and_gone_people_are_refused_at_once(browser: Browser, sari: Actor, database: Database) -> None:
    ways: dict[str, Callable[[datetime], Update]] = {
        "revoked": lambda now: update(login_session).values(revoked_at=now),
        "absolute": lambda now: update(login_session).values(expires_at=now),
        "idle": lambda now: update(login_session).values(seen_at=now - timedelta(hours=8)),
        "gone": lambda _now: update(person).values(state="gone"),
    }
    for way, statement in ways.items():
        client = browser()
        assert sign_in(client, sari.nip) == 303, way
        assert client.get("/masuk").status_code == 303
        with database.write() as transaction:
            transaction.db.execute(statement(transaction.now))
        assert client.get("/kuis").headers["location"] == "/masuk?next=%2Fkuis"


@pytest.mark.parametrize("path", ["/masuk", "/aktivasi", "/keluar", "/kode-aktivasi"])
@pytest.mark.parametrize(
    "origin", ["https://jahat.example", "null", "http://127.0.0.1:9999", "http://127.0.0.1:8501.jahat.example", None]
)
def test_forms_from_elsewhere_are_refused(browser: Browser, path: str, origin: str | None) -> None:
    client = browser()
    del client.headers["Origin"]
    assert client.post(path, data={"nip": "x"}, headers={"Origin": origin} if origin else {}).status_code == 403
    assert client.post(path, data={"nip": "x"}, headers={"Origin": HERE}).status_code != 403


@pytest.mark.parametrize("path", ["/masuk", "/aktivasi", "/keluar", "/kode-aktivasi"])
def test_other_methods_are_refused(browser: Browser, path: str) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        assert browser().request(method, path).status_code in (404, 405)


def test_files_and_floods_of_fields_are_refused(browser: Browser) -> None:
    for sent in ({"files": {"nip": b"x"}}, {"data": {f"f{n}": "x" for n in range(100)}}):
        answer = browser().post("/masuk", **sent)
        assert answer.status_code == 400
        assert "Permintaan ini tidak dapat dibaca." in answer.text
        assert "Too many" not in answer.text


@pytest.mark.parametrize("status", [400, 404, 405, 409, 413, 429, 503])
def test_whatever_a_route_refuses_is_said_in_indonesian(status: int) -> None:
    def refuse(_request: Request) -> Response:
        raise HTTPException(status, "Too many details")

    answer = stack.client(stand_ins=[Route("/tolak", refuse)]).get("/tolak")
    assert answer.status_code == status
    assert '<html lang="id">' in answer.text
    assert "Too many" not in answer.text


def _likelihood(known: list[float], unknown: list[float]) -> float:
    """How well the time of a reply tells a known person from an unknown one: 0.5 is not at all (AUC)."""
    ranks = sorted([(seconds, 1) for seconds in known] + [(seconds, 0) for seconds in unknown])
    above = sum(rank for rank, (_, is_known) in enumerate(ranks, start=1) if is_known)
    auc = (above - len(known) * (len(known) + 1) / 2) / (len(known) * len(unknown))
    return max(auc, 1 - auc)


@pytest.mark.figure
def test_nobody_learns_who_exists(browser: Browser, database: Database, kept: str) -> None:
    many = count(25, 2_000)
    known = [f"19900101201512{n:04}" for n in range(1_000, 1_000 + many)]
    unknown = [f"19900102201512{n:04}" for n in range(1_000, 1_000 + many)]
    with database.write() as transaction:
        common = {"kind": "pns", "name": "Sari Wulandari", "password_hash": kept, "assurance": "code"}
        times = {"created_at": transaction.now, "updated_at": transaction.now}
        transaction.db.execute(person.insert(), [{"nip": nip, **common, **times} for nip in known])
    client, bodies = browser(), set()
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for pair in zip(known, unknown, strict=True):
        for nip, is_known in zip(pair, (True, False), strict=True):
            start = perf_counter()
            answer = client.post("/masuk", data={"nip": nip, "sandi": "bukan kata sandinya"})
            seconds[is_known].append(perf_counter() - start)
            bodies.add((answer.status_code, answer.content))
    figure("T01", 2 * many if len(bodies) == 1 else 0, 2 * many, "replies are the same bytes")
    assert len(bodies) == 1
    if many >= 1_000:
        auc = _likelihood(seconds[True], seconds[False])
        figure("T01", round(1000 * auc), 1000, "is how well the time tells known from unknown (500 is not at all)")
        assert auc <= 0.55

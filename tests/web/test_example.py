"""Example data: offered on this very machine alone, and only while nobody real works here."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, insert, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo import filling
from demo.cast import NEWCOMERS
from storage.engine import Database
from storage.tables import certificate, login_session, person, unit
from web import current, faults
from web.middleware import MIDDLEWARE
from web.routes import ROUTES

LOCAL = "http://127.0.0.1:8501"


def _client(peer: str = "127.0.0.1", url: str = LOCAL) -> TestClient:
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE, exception_handlers=faults.HANDLERS)
    return TestClient(app, base_url=url, client=(peer, 50_000), follow_redirects=False)


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    with _client() as opened:
        yield opened


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501"])
def test_offered_on_every_loopback_name(client: TestClient, host: str) -> None:
    assert client.get("/mulai", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("peer", ["10.0.0.7", "192.168.1.5", "203.0.113.9", "testclient", "::ffff:10.0.0.7"])
def test_not_offered_to_another_machine(database: Database, peer: str) -> None:
    assert _client(peer).get("/mulai").status_code == 404
    assert _client("::1").get("/mulai").status_code == 200


@pytest.mark.parametrize("host", ["netralitas.contoh.go.id", "127.0.0.1.contoh.go.id", "10.0.0.1:8501", ""])
def test_not_offered_under_another_host(client: TestClient, host: str) -> None:
    assert client.get("/mulai", headers={"Host": host}).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Real-IP", "Via"],
)
def test_not_offered_behind_a_proxy(client: TestClient, name: str) -> None:
    assert client.get("/mulai", headers={name: "127.0.0.1"}).status_code == 404


def test_not_offered_where_a_base_url_is_set(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINETRAL_BASE_URL", "http://127.0.0.1:8501")
    current.settings.cache_clear()
    assert client.get("/mulai").status_code == 404


def test_not_offered_beside_real_people(client: TestClient, database: Database) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        unit_id = db.execute(insert(unit).values(name="Dinas").returning(unit.c.id)).scalar_one()
        values = {"name": "Nyata", "kind": "non_asn", "employee_id": "1", "unit_id": unit_id}
        db.execute(insert(person).values(**values, created_at=now, updated_at=now))
    assert client.get("/mulai").status_code == 404
    assert client.post("/mulai", data={"peran": "sari"}, headers={"Origin": LOCAL}).status_code == 404


def test_not_offered_once_somebody_real_has_an_account(client: TestClient, database: Database) -> None:
    _fill(database)
    assert client.get("/mulai").status_code == 200
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        values = {"name": "Administrator", "kind": "non_asn", "employee_id": "admin", "password_hash": "x"}
        db.execute(insert(person).values(**values, created_at=now, updated_at=now))
    assert client.get("/mulai").status_code == 404


def test_one_click_fills_and_signs_in(client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _few_people(monkeypatch)
    answer = client.post("/mulai", data={"peran": "hadi"}, headers={"Origin": LOCAL})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    actor = current.actor_of(answer.cookies[current.cookie_name()])
    assert actor is not None
    assert (actor.name, actor.is_example, actor.roles) == ("Hadi Susilo, S.E.", True, frozenset({"hr"}))
    client.post("/mulai", data={"peran": "ratna"}, headers={"Origin": LOCAL})
    with database.read() as transaction:
        db = transaction.db
        assert db.execute(select(func.count()).select_from(person)).scalar() == 8 + len(NEWCOMERS)
        assert db.execute(select(func.count()).select_from(login_session)).scalar() == 2
        assert db.execute(select(certificate.c.is_example).distinct()).scalars().all() == [True]


def test_a_get_changes_nothing(client: TestClient, database: Database) -> None:
    client.get("/mulai")
    with database.read() as transaction:
        assert filling.is_empty(transaction.db)


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1:9", "https://127.0.0.1:8501"]
)
def test_a_forged_click_is_refused(client: TestClient, database: Database, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    assert client.post("/mulai", data={"peran": "admin"}, headers=headers).status_code == 403
    with database.read() as transaction:
        assert filling.is_empty(transaction.db)


def test_an_unknown_part_is_refused(client: TestClient) -> None:
    assert client.post("/mulai", data={"peran": "bima"}, headers={"Origin": LOCAL}).status_code == 404


def _few_people(monkeypatch: pytest.MonkeyPatch) -> None:
    fill = filling.fill
    monkeypatch.setattr(filling, "fill", lambda db, **named: fill(db, **named, people=8))


def _fill(database: Database) -> None:
    with database.write() as transaction:
        link = {"now": transaction.now, "public_url": LOCAL, "people": 5}
        filling.fill(transaction.db, library=current.library(), **link)  # type: ignore[arg-type]

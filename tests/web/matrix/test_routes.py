"""Every route × {works, no login, wrong role, other unit, bad id, unknown id, wrong method, forged origin}."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import httpx2 as httpx
import pytest
from pyotp import TOTP
from sqlalchemy import func, select, update
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute

from people import codes, passwords, registration, second, second_store, signin, totp
from people.roles import Actor
from reports import store as reports_store
from storage import tables
from storage.engine import Database
from tests.certificates.conftest import certified, with_issuer
from tests.conftest import Cast
from tests.figures import figure
from tests.tampering import unguard
from tests.web.matrix.cases import Ask, Row, differences, handlers
from tests.web.matrix.route_rows import ROWS
from tests.web.stack import METHODS, OWN, client
from tests.web.test_middleware import FOREIGN
from tests.web.test_middleware import NAMES as HEADERS
from web import current
from web.middleware import OriginCheck
from web.routes import ROUTES

NAMES = ("Sari", "Bima", "Ratna", "Hadi")
PASSWORD = "empat kuda makan tape"
# Noting a refusal, or a failed try, is no change.
NOTED = ("audit", "login_failure")
SAFE = ("GET", "WS")
# What a form of another site may send without asking first (threats T14).
FORM_TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/json",
    "",
)


@dataclass(frozen=True)
class World:
    """A database with the cast, two certificates, downloads and a code, and what the rows' braces name."""

    database: Database
    names: dict[str, Any]
    tokens: dict[str, str]

    def filled(self, text: str) -> str:
        """Put ids into an address or field."""
        for name, value in self.names.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def rows(self) -> dict[str, int]:
        """Count the rows of every table but those that only note."""
        with self.database.read() as transaction:
            return {
                table.name: int(transaction.db.execute(select(func.count()).select_from(table)).scalar_one())
                for table in tables.metadata.sorted_tables
                if table.name not in NOTED
            }

    def empty(self) -> None:
        """Take everything out."""
        with self.database.write() as transaction:
            unguard(transaction.db)
            for table in reversed(tables.metadata.sorted_tables):
                if table.name != "installation":
                    transaction.db.execute(table.delete())


@pytest.fixture(scope="module")
def kept() -> str:
    """The hash of PASSWORD, made once."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def world(database: Database, cast: Cast, kept: str) -> World:
    program = with_issuer(current.program())
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        mine = {name: certified(transaction, getattr(cast, name), program) for name in ("sari", "bima")}
        for who, name, unit_id in (
            ("hadi", "hadi_export", None),
            ("hadi", "hadi_export_of_bima", cast.pendidikan),
            ("ratna", "ratna_export", None),
        ):
            arguments = f'{{"program": "{program.id}", "unit_id": {unit_id or "null"}, "status": null,'
            arguments += ' "day_from": null, "day_to": null}'
            values = {"id": name, "person_id": getattr(cast, who).person_id, "kind": "csv", "arguments": arguments}
            reports_store.add_export(db, {**values, "created_at": now})
        sari = tables.person.c.id == cast.sari.person_id
        db.execute(update(tables.person).where(sari).values(password_hash=kept))
        activation = codes.issue(db, person_id=cast.sari.person_id, created_by=None, now=now)
        seen = codes.waiting_person(db, actor=cast.hadi, person_id=cast.sari.person_id).seen
        registration.set_open(db, actor=cast.admin, opened=True, now=now)
        second_store.add_key(db, cast.hadi.person_id, "x", 0, now)
        half = signin.open_session(db, person_id=cast.ratna.person_id, assurance="code", now=now)
        offered = totp.secret_of(half, key=current.settings().secret.encode())
    names = {
        **{name: getattr(cast, name).person_id for name in ("sari", "bima")},
        **{f"{name}_nip": getattr(cast, name).nip for name in ("sari", "bima")},
        **{f"{name}_certificate": one.id for name, one in mine.items()},
        **{name: name for name in ("hadi_export", "hadi_export_of_bima", "ratna_export")},
        "sari_unit": cast.kominfo,
        "bima_unit": cast.pendidikan,
        "code": mine["sari"].record.code,
        "password": PASSWORD,
        "fresh": "lumbung ketapang 7 angsa",
        "activation": activation,
        "seen": str(seen),
        "totp": TOTP(offered).at(now),
    }
    return World(database, names, {**cast.tokens, "ratna_half": half})


def send(world: World, method: str, ask: Ask, *, origin: str = OWN, without: type | None = None) -> httpx.Response:
    """Send one request as the row says."""
    visitor = client(without=without, stand_ins=(), headers={"Origin": origin})
    if ask.who:
        visitor.cookies.set(current.cookie_name(), world.tokens[ask.who])
    named: dict[str, Any] = {}
    if ask.file is not None:
        named["files"] = {"berkas": ("sertifikat.pdf", ask.file, "application/pdf")}
    elif ask.fields is not None:
        named["data"] = {key: world.filled(value) for key, value in ask.fields.items()}
    return visitor.request(method, world.filled(ask.address), **named)


def wrong_in(world: World, method: str, case: str, ask: Ask) -> str:
    """Return what is wrong with one case in words, or an empty string."""
    before = world.rows()
    answer = send(world, method, ask)
    if answer.status_code != ask.status:
        return f"{answer.status_code} instead of {ask.status}"
    if ask.to and answer.headers["location"] != world.filled(ask.to):
        return f"leads to {answer.headers['location']}"
    if ask.says and ask.says not in answer.text:
        return f"does not say {ask.says!r}"
    if case != "works" and any(name in answer.text for name in NAMES):
        return "names somebody"
    if missing := [header for header in HEADERS if header not in answer.headers]:
        return f"lacks {missing}"
    # What works may change something, unless it is only read (threats T14).
    unchanged = case != "works" or method in SAFE
    return "changed the database" if unchanged and world.rows() != before else ""


def forged(world: World, method: str, ask: Ask, *, without: type | None = None) -> str:
    """A page elsewhere sends what would work: unsafe methods are refused, readings are not handed over."""
    before = world.rows()
    answer = send(world, method, ask, origin=str(FOREIGN["another site"]), without=without)
    if method in SAFE:
        allowed = [name for name in answer.headers if name.lower().startswith("access-control-allow")]
        return f"{allowed} let other sites read" if allowed else ""
    if answer.status_code != 403:
        return f"{answer.status_code} instead of 403"
    return "changed the database" if world.rows() != before else ""


def wrong_methods(world: World, name: str, ask: Ask) -> str:
    """Every method that no handler of this address takes is refused."""
    path = name.partition(" ")[2]
    taken = {known.partition(" ")[0] for known in ROWS if known.partition(" ")[2] == path} | {"HEAD"}
    before = world.rows()
    got = {method: send(world, method, ask).status_code for method in METHODS if method not in taken}
    accepted = {method: status for method, status in got.items() if status != 405}
    return f"took {accepted}" if accepted or world.rows() != before else ""


def judged(world: World, name: str, row: Row) -> dict[str, str]:
    """Ask every case of a row; return what was wrong by case. What works is asked last."""
    method = name.partition(" ")[0]
    asked = {case: ask for case, ask in row.cases.items() if isinstance(ask, Ask)}
    found = {case: wrong_in(world, method, case, ask) for case, ask in asked.items() if case != "works"}
    found["wrong method"] = wrong_methods(world, name, row.works)
    found["forged origin"] = forged(world, method, row.works)
    if row.emptied:
        world.empty()
    found["works"] = wrong_in(world, method, "works", row.works)
    return {case: wrong for case, wrong in found.items() if wrong}


@pytest.mark.figure
def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert differences(handlers(ROUTES), ROWS) == []
    asked = sum(2 + sum(isinstance(case, Ask) for case in row.cases.values()) for row in ROWS.values())
    figure("handler matrix", asked, 8 * len(ROWS), f"cases asked over {len(ROWS)} routes; the others say why not")


def test_a_route_without_its_row_is_told() -> None:
    async def handle(_request: Request) -> Response:
        return Response()

    more = [
        Route("/baru", handle, methods=["POST"]),
        Mount("/dalam", routes=[Route("/lagi", handle), WebSocketRoute("/siaran", handle)]),
        Mount("/lain", app=Response()),
    ]
    told = [line.partition(" has no row")[0] for line in differences(handlers([*ROUTES, *more]), ROWS)]
    assert told == ["GET /dalam/lagi", "MOUNT /lain", "POST /baru", "WS /dalam/siaran"]
    gone = differences(handlers(ROUTES), {**ROWS, "GET /lama": ROWS["GET /healthz"]})
    assert [line.partition(" is a row")[0] for line in gone] == ["GET /lama"]


@pytest.mark.figure
def test_no_route_takes_anything_from_another_site(world: World) -> None:
    """Cross-site request forgery: every unsafe route × origin × form type, with the cookie of who may (threats T14)."""
    unsafe = [(name.split(" ")[0], row.works) for name, row in ROWS.items() if name.split(" ")[0] not in SAFE]
    before, statuses = world.rows(), []
    for method, ask in unsafe:
        visitor = client(stand_ins=())
        visitor.cookies.set(current.cookie_name(), world.tokens[ask.who or "admin"])
        body = urlencode({key: world.filled(value) for key, value in (ask.fields or {}).items()})
        for origin in FOREIGN.values():
            for form in FORM_TYPES:
                headers = {"Content-Type": form, **({} if origin is None else {"Origin": origin})}
                statuses.append(
                    visitor.request(method, world.filled(ask.address), content=body, headers=headers).status_code
                )
    figure(f"T14 {world.database.engine.dialect.name}", statuses.count(403), len(statuses), "forged requests refused")
    assert set(statuses) == {403}
    assert world.rows() == before


@pytest.mark.parametrize("name", ROWS)
def test_route(world: World, name: str) -> None:
    assert judged(world, name, ROWS[name]) == {}


# What a half-open session is for: to go on, or to leave.
HALF_OPEN = {"GET /masuk/dua-langkah", "POST /masuk/dua-langkah", "GET /keluar", "POST /keluar"}


def half_open(world: World, cast: Cast) -> World:
    """The same world, where everybody has a second factor and has shown a password alone."""
    tokens = {}
    with world.database.write() as transaction:
        db, now = transaction.db, transaction.now
        for name in cast.tokens:
            person_id = getattr(cast, name).person_id
            if not second.is_enrolled(db, person_id=person_id):
                second_store.add_key(db, person_id, "x", 0, now)
            tokens[name] = signin.open_session(db, person_id=person_id, assurance="code", now=now)
    return World(world.database, world.names, {**tokens, "ratna_half": tokens["ratna"]})


def _given_to_half_open(world: World) -> dict[str, int]:
    """Ask every route that is for signed-in people; return which did not send a half-open session away."""
    found, before = {}, world.rows()
    for name, row in ROWS.items():
        guarded = isinstance(row.no_login, Ask) and row.no_login.status == 303 and name not in HALF_OPEN
        if not guarded:
            continue
        answer = send(world, name.partition(" ")[0], row.works)
        if answer.status_code != 303 or any(said in answer.text for said in NAMES) or world.rows() != before:
            found[name] = answer.status_code
    return found


def test_a_half_open_session_gets_nothing_from_any_route(
    world: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = half_open(world, cast)
    assert _given_to_half_open(opened) == {}
    # Control: where nothing is owed, what is one's own comes.
    resolve = current.actor_of

    def lenient(token: str) -> Actor | None:
        found = resolve(token)
        return replace(found, owes_factor=False) if found else None

    monkeypatch.setattr(current, "actor_of", lenient)
    given = _given_to_half_open(opened)
    assert {"GET /sertifikat/{certificate_id}.pdf", "GET /sertifikat/{certificate_id}.png"} <= set(given)
    assert "GET /kode-aktivasi" in given


def test_reasons_are_sentences() -> None:
    reasons = [case for row in ROWS.values() for case in row.cases.values() if isinstance(case, str)]
    assert [reason for reason in reasons if len(reason.split()) < 3] == []


# --- controls: with a guard off, the same questions find something ---------------------------------------------


def failing(world: World, case: str, known: Callable[[str, Row, Ask], str]) -> set[str]:
    """Return which handlers' rows fail in this case."""
    asks = {name: row.cases[case] for name, row in ROWS.items()}
    return {name for name, ask in asks.items() if isinstance(ask, Ask) and known(name, ROWS[name], ask)}


def _one_case(world: World, case: str) -> set[str]:
    return failing(world, case, lambda name, _row, ask: wrong_in(world, name.partition(" ")[0], case, ask))


def test_control_when_strangers_pass_for_the_administrator(world: World, cast: Cast, monkeypatch: Any) -> None:
    assert _one_case(world, "no login") == set()
    monkeypatch.setattr(current, "actor_of", lambda _token: cast.admin)
    protected = {name for name, row in ROWS.items() if isinstance(row.no_login, Ask) and row.no_login.status == 303}
    # Signing out asks nobody who they are; what the gate of pages keeps out: tests/web/test_gate.py.
    assert _one_case(world, "no login") == protected - {"POST /keluar", "GET /{path:not_streamlit}"}


def test_control_when_everybody_is_administrator(world: World, monkeypatch: Any) -> None:
    resolve = current.actor_of

    def promoted(token: str) -> Actor | None:
        found = resolve(token)
        return replace(found, roles=frozenset({"admin"})) if found else None

    for case in ("wrong role", "other unit"):
        assert _one_case(world, case) == set()
    monkeypatch.setattr(current, "actor_of", promoted)
    certificates = {"GET /sertifikat/{certificate_id}.pdf", "GET /sertifikat/{certificate_id}.png"}
    people = {*certificates, "GET /kode-aktivasi", "POST /kode-aktivasi", "GET /unduh/{export_id}"}
    assert _one_case(world, "wrong role") == people
    assert _one_case(world, "other unit") == people


def test_control_without_the_origin_check(world: World) -> None:
    found = {
        name for name, row in ROWS.items() if forged(world, name.partition(" ")[0], row.works, without=OriginCheck)
    }
    assert found == {name for name in ROWS if name.partition(" ")[0] not in SAFE}

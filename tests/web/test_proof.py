"""Role changes, revocations and exports ask again who somebody is; each refusal with its control."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyotp import TOTP
from sqlalchemy import func, select, update
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from certificates import revoking
from certificates.wording import local_day
from people import passwords, proof, roles, second, second_store, staff, totp
from people.entry import NotMatching, Try
from people.roles import Actor, ProofNeeded
from people.throttle import LIMIT
from reports import exports
from reports.rows import Filter
from storage.engine import Database, Transaction
from storage.tables import audit, login_session, person
from storage.tables import totp as totp_table
from tests.certificates.conftest import certified, with_issuer
from tests.conftest import Cast
from tests.figures import figure
from tests.web.matrix.cases import PAGES_FOLDER
from tests.web.stack import OWN, client
from web import current
from web.middleware import PAGES
from web.routes.proof import back

HERE = "/masuk/ulang"
PASSWORD = "empat kuda makan tape"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Act = Callable[[Transaction, Actor], Any]


@pytest.fixture(scope="module")
def kept() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def world(database: Database, cast: Cast, kept: str) -> Cast:
    """Hadi and the administrator have passwords and second factors, and signed in eleven minutes ago."""
    key = current.settings().secret.encode()
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        db.execute(update(person).values(password_hash=kept))
        db.execute(update(login_session).values(proved_at=now - timedelta(minutes=11)))
        for person_id in (cast.hadi.person_id, cast.admin.person_id):
            second_store.add_key(db, person_id, totp.sealed(SECRET, person_id=person_id, key=key), 0, now)
    return cast


def code(database: Database) -> str:
    with database.write() as transaction:
        transaction.db.execute(update(totp_table).values(last_step=0))
        return TOTP(SECRET).at(transaction.now)


def browser(token: str) -> TestClient:
    return client(headers={"Origin": OWN}, cookies={"sinetral": token})


def prove(database: Database, visitor: TestClient, target: str = "/") -> int:
    return visitor.post(HERE, data={"sandi": PASSWORD, "kode": code(database), "next": target}).status_code


@pytest.fixture
def download(database: Database, world: Cast) -> str:
    """The address of a list that Hadi asked for."""
    with database.write() as transaction:
        found = exports.prepare(
            transaction.db,
            actor=world.hadi,
            kind="csv",
            program_id="netralitas",
            wanted=Filter(),
            now=transaction.now,
        )
    return f"/unduh/{found}"


def _actions(database: Database, world: Cast) -> dict[str, Act]:
    program = with_issuer(current.program())
    with database.write() as transaction:
        certificate = certified(transaction, world.sari, program).id
    bima, hadi = world.bima.person_id, world.hadi.person_id
    return {
        "grant": lambda t, a: staff.grant_role(t.db, actor=a, person_id=bima, role="author", now=t.now),
        "take": lambda t, a: staff.revoke_role(t.db, actor=a, grant_id=1, now=t.now),
        "reset": lambda t, a: second.reset(t.db, actor=a, person_id=hadi, now=t.now),
        "revoke": lambda t, a: revoking.revoke(
            t.db, actor=a, certificate_id=certificate, reason="salah nama", now=t.now
        ),
        "export": lambda t, a: exports.note_download(t.db, actor=a, kind="csv", program_id="netralitas", now=t.now),
    }


def _admin(token: str) -> Actor:
    found = current.actor_of(token)
    assert found is not None
    return found


def _done(database: Database, world: Cast, actions: dict[str, Act]) -> set[str]:
    """Try each action; return which were done."""
    done = set()
    for name, action in actions.items():
        try:
            with database.write() as transaction:
                action(transaction, _admin(world.tokens["admin"]))
        except ProofNeeded:
            continue
        done.add(name)
    return done


@pytest.mark.figure
def test_nothing_that_asks_for_proof_is_done_without(
    database: Database, world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions = _actions(database, world)
    with database.read() as transaction:
        before = transaction.db.execute(select(func.count()).select_from(audit)).scalar()
    done = _done(database, world, actions)
    figure("T05", len(actions) - len(done), len(actions), "actions refused without a fresh proof of identity")
    assert done == set()
    with database.read() as transaction:
        assert transaction.db.execute(select(func.count()).select_from(audit)).scalar() == before
    # Control: with the guard off every one of them is done.
    monkeypatch.setattr(roles, "require_proof", lambda *_, **__: None)
    assert _done(database, world, actions) == set(actions)


def test_after_the_proof_each_is_done(database: Database, world: Cast) -> None:
    actions = _actions(database, world)
    visitor = browser(world.tokens["admin"])
    assert prove(database, visitor) == 303
    assert visitor.cookies["sinetral"] == world.tokens["admin"]  # the other tabs go on
    assert _done(database, world, actions) == set(actions)


def test_a_download_asks_and_then_comes(database: Database, world: Cast, download: str) -> None:
    visitor = browser(world.tokens["hadi"])
    asked = visitor.get(download)
    assert (asked.status_code, asked.headers["location"]) == (303, f"{HERE}?next=%2Funduh%2F{download[7:]}")
    shown = visitor.get(asked.headers["location"])
    assert f'value="{download}"' in shown.text
    assert "Sari" not in shown.text
    answer = visitor.post(HERE, data={"sandi": PASSWORD, "kode": code(database), "next": download})
    assert answer.status_code == 200
    assert f'href="{download}"' in answer.text
    file = visitor.get(download)
    assert "Sari" in file.text
    assert f"-{local_day(datetime.now(UTC), 'Asia/Jakarta'):%Y%m%d}.csv" in file.headers["content-disposition"]
    with database.write() as transaction:
        transaction.db.execute(update(login_session).values(proved_at=transaction.now - timedelta(minutes=10)))
    assert visitor.get(download).status_code == 303


def test_both_are_needed(database: Database, world: Cast, download: str) -> None:
    visitor = browser(world.tokens["hadi"])
    for fields in (
        {"sandi": "bukan kata sandinya", "kode": code(database)},
        {"sandi": PASSWORD, "kode": "000000"},
        {"sandi": PASSWORD},
        {"kode": code(database)},
        {},
    ):
        answer = visitor.post(HERE, data=fields)
        assert answer.status_code == 401
        assert "Kata sandi atau kode tidak cocok." in answer.text
    assert visitor.get(download).status_code == 303
    typed = code(database)
    assert visitor.post(HERE, data={"sandi": PASSWORD, "kode": typed}).status_code == 303
    assert visitor.post(HERE, data={"sandi": PASSWORD, "kode": typed}).status_code == 401  # a code works once


def test_the_proof_is_of_this_session_alone(database: Database, world: Cast, download: str) -> None:
    assert prove(database, browser(world.tokens["admin"])) == 303
    assert browser(world.tokens["hadi"]).get(download).status_code == 303


def test_tries_are_throttled_with_those_of_signing_in(database: Database, world: Cast) -> None:
    visitor = browser(world.tokens["hadi"])
    for _ in range(LIMIT):
        visitor.post(HERE, data={"sandi": "tebakan yang salah", "kode": "000000"})
    assert prove(database, visitor) == 429
    fresh = client(headers={"Origin": OWN})
    assert fresh.post("/masuk", data={"nip": world.hadi.nip, "sandi": PASSWORD}).status_code == 429


def test_the_password_of_one_proves_nothing_for_another(database: Database, world: Cast) -> None:
    key = current.settings().secret.encode()

    def finish(actor: Actor, attempt: Try, typed: str) -> bool:
        with database.write() as transaction:
            db, now = transaction.db, transaction.now
            return proof.finish(db, actor=actor, attempt=attempt, typed=typed, key=key, now=now)

    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        attempt = proof.begin(db, actor=world.sari, device="", key=key, now=now)
    with pytest.raises(NotMatching):
        finish(world.hadi, attempt, code(database))
    assert finish(world.sari, attempt, "")  # control: her own


def test_who_came_from_the_agency_proves_it_there_and_not_by_a_password(database: Database, world: Cast) -> None:
    key = current.settings().secret.encode()
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        with pytest.raises(NotMatching):
            proof.begin(db, actor=replace(world.hadi, factors="sso"), device="", key=key, now=now)
        assert proof.begin(db, actor=replace(world.hadi, factors="totp"), device="", key=key, now=now)


@pytest.mark.parametrize(
    "hostile",
    ["//jahat.example", "/unduh/../peran", "/unduh/", "/unduh/a/b", "/unduh/a?x=//j", "/unduh/a\n", "/keluar", ""],
)
def test_it_leads_to_own_addresses_only(hostile: str) -> None:
    assert back(hostile) == "/"


def test_it_leads_to_pages_and_downloads() -> None:
    assert [back(path) for path in sorted(PAGES)] == sorted(PAGES)
    assert back("/unduh/Ab-_9") == "/unduh/Ab-_9"


@pytest.mark.parametrize(("who", "page"), [("admin", "admin/roles"), ("admin", "hr/revoke"), ("hadi", "hr/revoke")])
def test_pages_ask_first_and_draw_no_form(
    database: Database, world: Cast, app_as: Callable[[str], Any], who: str, page: str
) -> None:
    assert (PAGES_FOLDER / f"{page}.py").exists()
    at = app_as(world.tokens[who]).run().switch_page(f"pages/{page}.py").run()
    assert not at.exception
    assert "pastikan dahulu identitas Anda" in at.info[0].value
    assert at.get("link_button")[0].proto.url == f"{HERE}?next=%2F{'peran' if page == 'admin/roles' else 'cabut'}"
    assert [*at.text_input, *at.button] == []
    assert prove(database, browser(world.tokens[who])) == 303
    again = at.run()
    assert len(again.text_input) == 1


def test_a_page_whose_ten_minutes_end_asks_at_the_click(
    database: Database, world: Cast, app_as: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert prove(database, browser(world.tokens["admin"])) == 303
    at = app_as(world.tokens["admin"]).run().switch_page("pages/admin/roles.py").run()
    at.text_input(key="words").set_value("bima").run()
    with database.write() as transaction:
        transaction.db.execute(update(login_session).values(proved_at=None))
    at.button(key="give").click().run()
    assert not at.exception
    assert "pastikan dahulu identitas Anda" in at.info[0].value


def test_an_action_that_refuses_in_mid_run_shows_the_way() -> None:
    def script() -> None:
        from people.roles import ProofNeeded
        from web import faults

        faults.on_script_error(ProofNeeded())

    at = AppTest.from_function(script, default_timeout=30).run()
    assert "pastikan dahulu identitas Anda" in at.info[0].value
    assert at.get("link_button")[0].proto.url.startswith(HERE)
    assert not at.error

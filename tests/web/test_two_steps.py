"""/masuk/dua-langkah as staff meet it: enrolled after the first password, asked for ever after."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from pyotp import TOTP, parse_uri
from sqlalchemy import update
from starlette.testclient import TestClient

from people import administrators, codes, passwords, signin
from people.throttle import LIMIT
from storage.engine import Database
from storage.tables import login_failure, login_session, person, totp
from tests.conftest import Cast
from tests.web.stack import OWN, client
from web import current
from web.middleware import PAGES, SignInGate

HERE = "/masuk/dua-langkah"
PASSWORD = "empat kuda makan tape"
NEW = "lumbung ketapang 7 angsa"
NIP = "198503032009032903"
RECOVERY = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


@pytest.fixture(scope="module")
def kept() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def ratna(database: Database, cast: Cast, kept: str) -> int:
    """Ratna, a trainer with a password, and without a second factor."""
    with database.write() as transaction:
        transaction.db.execute(update(person).where(person.c.id == cast.ratna.person_id).values(password_hash=kept))
    return cast.ratna.person_id


def browser(**named: Any) -> TestClient:
    return client(headers={"Origin": OWN}, **named)


def sign_in(target: str = "/", nip: str = NIP) -> TestClient:
    """Give the password alone; end at the second factor."""
    opened = browser()
    answer = opened.post("/masuk", data={"nip": nip, "sandi": PASSWORD, "next": target})
    query = "" if target == "/" else f"?next=%2F{target[1:]}"
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}{query}")
    return opened


def key_shown(text: str) -> str:
    found = re.search(r'id="kunci">([A-Z2-7 ]+)<', text)
    assert found is not None
    return found[1].replace(" ", "")


def now_code(database: Database, secret: str) -> str:
    with database.read() as transaction:
        return TOTP(secret).at(transaction.now)


def enrol(database: Database) -> tuple[str, list[str]]:
    """Enrol Ratna; return her key and her recovery codes."""
    opened = sign_in()
    secret = key_shown(opened.get(HERE).text)
    answer = opened.post(HERE, data={"kode": now_code(database, secret)})
    assert answer.status_code == 200
    with database.write() as transaction:  # as if it were long ago, so that the code of now is still fresh
        transaction.db.execute(update(totp).values(last_step=0))
    return secret, RECOVERY.findall(answer.text)


def test_first_sign_in_of_staff_enrols(database: Database, ratna: int) -> None:
    opened = sign_in("/kelonggaran")
    half_open = opened.cookies["sinetral"]
    shown = opened.get(f"{HERE}?next=/kelonggaran")
    assert shown.headers["cache-control"] == "no-store"
    assert len(shown.content) <= 30_000
    secret = key_shown(shown.text)
    assert key_shown(opened.get(HERE).text) == secret  # a phone that loads the page again shows the same key
    assert opened.post(HERE, data={"kode": "000000"}).status_code == 401
    answer = opened.post(HERE, data={"kode": now_code(database, secret), "next": "/kelonggaran"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert len(set(RECOVERY.findall(answer.text))) == 10
    assert 'href="/kelonggaran"' in answer.text
    actor = current.actor_of(opened.cookies["sinetral"])
    assert actor is not None
    assert (actor.person_id, actor.roles) == (ratna, frozenset({"trainer"}))
    assert current.actor_of(half_open) is None
    assert opened.get("/kelonggaran").status_code == 200
    assert opened.get(HERE).headers["location"] == "/"
    # Sent again, the form shows nothing a second time.
    assert opened.post(HERE, data={"kode": now_code(database, secret)}).headers["location"] == "/"


def test_the_picture_says_what_the_text_says(ratna: int) -> None:
    text = sign_in().get(HERE).text
    path = re.search(r'<path fill="#000" d="([^"]+)"', text)
    assert path is not None
    image = Image.new("L", (600, 600), 255)
    draw = ImageDraw.Draw(image)
    for x, y, w, h in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", path[1]):
        left, top = 40 + int(x) * 8, 40 + int(y) * 8
        draw.rectangle((left, top, left + int(w) * 8 - 1, top + int(h) * 8 - 1), fill=0)
    (found,) = zxingcpp.read_barcodes(image)
    read = parse_uri(found.text)
    assert isinstance(read, TOTP)
    assert (read.secret, read.issuer, read.name) == (key_shown(text), "SiNetral", "1985…903")
    assert NIP not in found.text


def test_another_sign_in_offers_another_key(ratna: int) -> None:
    assert key_shown(sign_in().get(HERE).text) != key_shown(sign_in().get(HERE).text)


def test_later_sign_ins_ask_for_the_code(database: Database, ratna: int) -> None:
    secret, recovery = enrol(database)
    opened = sign_in()
    shown = opened.get(HERE).text
    assert "Kode dari aplikasi" in shown
    assert 'id="kunci"' not in shown
    typed = now_code(database, secret)
    answer = opened.post(HERE, data={"kode": typed})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    again = sign_in()
    assert again.post(HERE, data={"kode": typed}).status_code == 401
    assert again.post(HERE, data={"kode": recovery[3]}).status_code == 303


def test_recovery_codes_are_made_anew_after_a_fresh_proof(database: Database, ratna: int) -> None:
    secret, old = enrol(database)
    opened, page = sign_in(), "/masuk/kode-pemulihan"
    assert opened.post(HERE, data={"kode": now_code(database, secret)}).status_code == 303
    assert "10 kode pemulihan" in opened.get(page).text
    with database.write() as transaction:
        transaction.db.execute(update(login_session).values(proved_at=None))
    for answer in (opened.get(page), opened.post(page)):
        assert (answer.status_code, answer.headers["location"]) == (303, "/masuk/ulang?next=%2Fmasuk%2Fkode-pemulihan")
    assert '<a href="/akun">Kembali tanpa memastikan' in opened.get(f"/masuk/ulang?next={page}").text
    with database.write() as transaction:
        transaction.db.execute(update(totp).values(last_step=0))
    proof = {"sandi": PASSWORD, "kode": now_code(database, secret), "next": page}
    assert opened.post("/masuk/ulang", data=proof).headers["location"] == page
    answer = opened.post(page)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    new = RECOVERY.findall(answer.text)
    assert len(set(new)) == 10
    assert sign_in().post(HERE, data={"kode": old[0]}).status_code == 401
    assert sign_in().post(HERE, data={"kode": new[0]}).status_code == 303


@pytest.mark.parametrize("path", sorted(PAGES))
def test_half_open_sessions_open_no_page(database: Database, ratna: int, path: str) -> None:
    opened = sign_in()
    answer = opened.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(HERE)
    # Control: without the gate the page comes.
    cookies = {"sinetral": opened.cookies["sinetral"]}
    assert browser(without=SignInGate, cookies=cookies).get(path).status_code == 200


def test_half_open_sessions_upload_nothing(database: Database, cast: Cast, kept: str) -> None:
    # Every route of ours is asked in tests/web/matrix/test_routes.py.
    for person_id in (cast.hadi.person_id, cast.admin.person_id):
        for factors, upload in (("password", 403), ("totp", 200)):
            with database.write() as transaction:
                db, now = transaction.db, transaction.now
                token = signin.open_session(
                    db,
                    person_id=person_id,
                    assurance="code",
                    now=now,
                    factors="totp" if factors == "totp" else "password",
                )
            opened = browser(cookies={"sinetral": token})
            assert opened.put("/_stcore/upload_file/sesi/berkas", content=b"x").status_code == upload


def test_a_learner_is_not_asked(database: Database, cast: Cast, kept: str) -> None:
    with database.write() as transaction:
        transaction.db.execute(update(person).where(person.c.id == cast.sari.person_id).values(password_hash=kept))
    opened = browser()
    assert opened.post("/masuk", data={"nip": cast.sari.nip, "sandi": PASSWORD}).headers["location"] == "/"
    assert opened.get(HERE).headers["location"] == "/"
    assert browser().get(HERE).headers["location"] == "/masuk"
    assert browser().post(HERE, data={"kode": "1"}).headers["location"] == "/masuk"


def test_the_first_administrator_enrols_on_the_way_in(database: Database) -> None:
    with database.write() as transaction:
        code = administrators.first_code(transaction.db, now=transaction.now)
    opened = browser()
    answer = opened.post("/aktivasi", data={"nip": "admin", "kode": code or "", "sandi": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    assert opened.get("/").headers["location"] == HERE
    secret = key_shown(opened.get(HERE).text)
    assert opened.post(HERE, data={"kode": now_code(database, secret)}).status_code == 200
    actor = current.actor_of(opened.cookies["sinetral"])
    assert actor is not None
    assert actor.roles == {"admin"}


@pytest.mark.parametrize(("password", "status"), [("sebelas abc", 422), ("lumbung angs", 303)])
def test_twelve_characters_are_enough_beside_a_second_factor(
    database: Database, ratna: int, password: str, status: int
) -> None:
    enrol(database)
    with database.write() as transaction:
        code = codes.issue(transaction.db, person_id=ratna, created_by=None, now=transaction.now)
    answer = browser().post("/aktivasi", data={"nip": NIP, "kode": code, "sandi": password})
    assert answer.status_code == status
    assert ("kurang dari 12 karakter" in answer.text) == (status == 422)


def test_without_a_second_factor_staff_need_fifteen(database: Database, ratna: int) -> None:
    with database.write() as transaction:
        code = codes.issue(transaction.db, person_id=ratna, created_by=None, now=transaction.now)
    answer = browser().post("/aktivasi", data={"nip": NIP, "kode": code, "sandi": "lumbung angs"})
    assert answer.status_code == 422
    assert "kurang dari 15 karakter" in answer.text


def test_guesses_are_throttled_over_all_sign_ins(database: Database, ratna: int) -> None:
    secret, _ = enrol(database)
    for _ in range(LIMIT):
        assert sign_in().post(HERE, data={"kode": "000000"}).status_code == 401
    opened = sign_in()
    refused = opened.post(HERE, data={"kode": now_code(database, secret)})
    assert refused.status_code == 429
    assert "Terlalu banyak percobaan" in refused.text
    assert refused.headers["retry-after"] == "900"
    # Control: with the failures forgotten the same code works.
    with database.write() as transaction:
        transaction.db.execute(login_failure.delete())
    assert opened.post(HERE, data={"kode": now_code(database, secret)}).status_code == 303


def test_typed_text_and_targets_stay_harmless(ratna: int) -> None:
    opened = sign_in()
    for hostile in ("//jahat.example", "https://jahat.example", "/unduh/x", HERE):
        assert 'name="next" value="/"' in opened.get(HERE, params={"next": hostile}).text
    answer = opened.post(HERE, data={"kode": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text
    del opened.headers["Origin"]
    assert opened.post(HERE, data={"kode": "1"}).status_code == 403


def test_a_streamlit_tab_of_a_half_open_session_shows_the_way_on(
    database: Database, cast: Cast, app_as: Callable[[str], Any]
) -> None:
    with database.write() as transaction:
        token = signin.open_session(
            transaction.db, person_id=cast.admin.person_id, assurance="code", now=transaction.now
        )
    at = app_as(token).run()
    assert "Masukkan dahulu kode verifikasi dua langkah." in [each.value for each in at.info]
    assert not at.title

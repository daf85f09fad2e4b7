"""/sertifikat/<id>.pdf and .png: own and own unit's only, everything else alike."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from certificates import files
from certificates.records import Certificate
from modules.catalog import Program
from storage import tables
from storage.engine import Database
from tests.certificates.conftest import certified, with_issuer
from tests.conftest import Cast
from tests.figures import count, figure
from web import current, faults
from web.middleware import MIDDLEWARE
from web.routes import ROUTES

HERE = "http://127.0.0.1:8501"
GUESSES = count(20, 200)


@pytest.fixture(scope="module")
def program() -> Program:
    return with_issuer(current.program())


@pytest.fixture
def browser(database: Database) -> Iterator[TestClient]:
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE, exception_handlers=faults.HANDLERS)
    with TestClient(app, base_url=HERE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def issued(database: Database, cast: Cast, program: Program) -> dict[str, Certificate]:
    """One certificate in each unit."""
    with database.write() as transaction:
        return {name: certified(transaction, getattr(cast, name), program) for name in ("sari", "bima")}


def _as(browser: TestClient, token: str) -> TestClient:
    browser.cookies.clear()
    if token:
        browser.cookies.set(current.cookie_name(), token)
    return browser


ALLOWED = {("sari", "sari"), ("bima", "bima"), ("hadi", "sari"), ("admin", "sari"), ("admin", "bima")}


@pytest.mark.parametrize("who", ["sari", "bima", "ratna", "hadi", "admin"])
@pytest.mark.parametrize("owner", ["sari", "bima"])
@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_each_role_gets_own_and_in_scope_and_nothing_else(
    browser: TestClient, cast: Cast, issued: dict[str, Certificate], who: str, owner: str, kind: str
) -> None:
    client = _as(browser, cast.tokens[who])
    reply = client.get(f"/sertifikat/{issued[owner].id}.{kind}")
    unknown = client.get(f"/sertifikat/{'0' * 32}.{kind}")
    assert unknown.status_code == 404
    if (who, owner) in ALLOWED:
        assert reply.status_code == 200
        assert reply.headers["cache-control"] == "no-store"
    else:
        assert (reply.status_code, reply.content) == (404, unknown.content)


def test_pdf_is_the_very_file_under_a_plain_name(
    browser: TestClient, cast: Cast, issued: dict[str, Certificate]
) -> None:
    reply = _as(browser, cast.tokens["sari"]).get(f"/sertifikat/{issued['sari'].id}.pdf")
    file = files.file(issued["sari"])
    assert reply.content == file.content
    assert reply.headers["content-type"] == "application/pdf"
    assert reply.headers["content-disposition"] == f'attachment; filename="{file.name}"'
    assert file.name.startswith("sertifikat-800-0001-BKPSDM-")


def test_picture_is_the_first_page(browser: TestClient, cast: Cast, issued: dict[str, Certificate]) -> None:
    reply = _as(browser, cast.tokens["sari"]).get(f"/sertifikat/{issued['sari'].id}.png")
    assert reply.headers["content-type"] == "image/png"
    width, height = Image.open(BytesIO(reply.content)).size
    assert abs(width / height - 297 / 210) < 0.01


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_without_a_session_one_is_led_to_sign_in(
    browser: TestClient, issued: dict[str, Certificate], kind: str
) -> None:
    for token in ("", "salah", "x" * 500):
        reply = _as(browser, token).get(f"/sertifikat/{issued['sari'].id}.{kind}")
        assert (reply.status_code, reply.headers["location"], reply.content) == (303, "/masuk", b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(
    browser: TestClient, cast: Cast, issued: dict[str, Certificate], method: str
) -> None:
    client = _as(browser, cast.tokens["sari"])
    reply = client.request(method, f"/sertifikat/{issued['sari'].id}.pdf", headers={"Origin": HERE})
    assert reply.status_code in (404, 405)


@pytest.mark.figure
def test_foreign_ids_give_no_byte(
    browser: TestClient, cast: Cast, issued: dict[str, Certificate], database: Database
) -> None:
    """Ids of others, guessed ids, hostile ids: for those without scope all look like an address that is not there."""
    foreign = [issued["bima"].id, issued["bima"].record.code, issued["bima"].record.number, "..", "%2e%2e%2f", "1"]
    tries = [foreign[number % len(foreign)] for number in range(GUESSES)]
    leaked = 0
    for who in ("sari", "ratna", "hadi"):
        client = _as(browser, cast.tokens[who])
        leaked += sum(client.get(f"/sertifikat/{name}.pdf").status_code != 404 for name in tries)
    figure(f"T33 {database.engine.dialect.name}", leaked, 3 * GUESSES, "foreign ids gave a file")
    assert leaked == 0
    # The same ids do have something to leak.
    assert _as(browser, cast.tokens["bima"]).get(f"/sertifikat/{issued['bima'].id}.pdf").status_code == 200


def test_hr_of_the_unit_loses_sight_when_the_person_moves(
    browser: TestClient, cast: Cast, database: Database, issued: dict[str, Certificate]
) -> None:
    client = _as(browser, cast.tokens["hadi"])
    address = f"/sertifikat/{issued['sari'].id}.pdf"
    assert client.get(address).status_code == 200
    with database.write() as transaction:
        moved = tables.person.update().where(tables.person.c.id == cast.sari.person_id)
        transaction.db.execute(moved.values(unit_id=cast.pendidikan))
    assert client.get(address).status_code == 404

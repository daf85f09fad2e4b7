"""Self-registration where there are more units than one list takes: the unit is searched for first, without script."""

import pytest
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from people import registration
from storage.engine import Database
from storage.tables import person, unit
from tests.conftest import Cast
from tests.web.stack import OWN, client

PASSWORD = "lumbung ketapang 7 angsa"
NEW = "199001012020121999"
BUDGET = 30_000


@pytest.fixture
def schools(database: Database, cast: Cast) -> list[int]:
    """Registration is open, and Dinas Pendidikan has 5,000 schools; their ids."""
    rows = [
        {"name": f"SD Negeri {number} Kecamatan Telaga Bening Utara", "parent_id": cast.pendidikan}
        for number in range(1, 5001)
    ]
    with database.write() as transaction:
        registration.set_open(transaction.db, actor=cast.admin, opened=True, now=transaction.now)
        transaction.db.execute(insert(unit), rows)
        mine = select(unit.c.id).where(unit.c.parent_id == cast.pendidikan).order_by(unit.c.id)
        return list(transaction.db.execute(mine).scalars())


def browser() -> TestClient:
    return client(headers={"Origin": OWN})


def fields(unit_id: object, **more: str) -> dict[str, str]:
    return {"nip": NEW, "nama": "Orang Baru, S.H.", "unit": str(unit_id), "sandi": PASSWORD, **more}


def test_a_newcomer_searches_chooses_and_registers(database: Database, schools: list[int]) -> None:
    visitor = browser()
    first = visitor.get("/daftar").text
    assert "Cari unit kerja Anda" in first
    assert 'name="nip"' not in first
    found = visitor.get("/daftar", params={"cari": "negeri 4711"}).text
    assert "1 unit cocok." in found
    assert "Dinas Pendidikan › SD Negeri 4711 Kecamatan" in found
    chosen = f"/daftar?unit={schools[4710]}&amp;cari=negeri%204711"
    assert f'href="{chosen}"' in found
    form = visitor.get(chosen.replace("&amp;", "&")).text
    assert "Dinas Pendidikan › SD Negeri 4711 Kecamatan" in form
    assert f'<input type="hidden" name="unit" value="{schools[4710]}">' in form
    assert 'href="/daftar?cari=negeri%204711"' in form  # another unit
    assert "Pendaftaran diterima" in visitor.post("/daftar", data=fields(schools[4710])).text
    with database.read() as transaction:
        newest = select(person.c.unit_id, person.c.assurance).order_by(person.c.id.desc()).limit(1)
        assert tuple(transaction.db.execute(newest).one()) == (schools[4710], "declared")


def test_what_was_typed_and_chosen_stays_on_an_error(schools: list[int]) -> None:
    for changed, where in (({"nip": "3201234567890123"}, "nip"), ({"nama": " "}, "nama"), ({"sandi": "x"}, "sandi")):
        answer = browser().post("/daftar", data=fields(schools[6], cari="negeri 7", **changed))
        assert answer.status_code == 422
        assert f'id="{where}-salah"' in answer.text
        assert "SD Negeri 7 Kecamatan" in answer.text
        assert 'href="/daftar?cari=negeri%207"' in answer.text
    for unit_id in ("", "0", "999999999", "x"):
        answer = browser().post("/daftar", data=fields(unit_id))
        assert answer.status_code == 422
        assert 'id="unit-salah"' in answer.text
        assert 'value="Orang Baru, S.H."' in answer.text
        assert ">Cari unit kerja Anda</a>" in answer.text


def test_the_search_says_what_is_wrong(schools: list[int], cast: Cast) -> None:
    def said(text: str) -> str:
        return browser().get("/daftar", params={"cari": text}).text

    assert "Ketik paling sedikit 3 huruf" in said("s d")
    assert "Ketik paling sedikit 3 huruf" in said("  ")
    assert "Tidak ada unit dengan nama itu." in said("rumah sakit")
    many = said("SD negeri")
    assert "5000 unit cocok; ini 30 yang pertama." in many
    assert many.count("/daftar?unit=") == 30
    # Whoever is named just so comes before whoever stands below.
    assert said("dinas pendidikan").index(f"unit={cast.pendidikan}&") < said("dinas pendidikan").index("SD Negeri")
    # A whole word comes before a part of one.
    assert "SD Negeri 2 Kecamatan" in said("negeri 2")
    hostile = said('"><script>alert(1)</script>')
    assert "<script>alert" not in hostile
    assert 'value="&#34;&gt;&lt;script' in hostile
    unknown = browser().get("/daftar?unit=999999999&cari=negeri")
    assert (unknown.status_code, "Unit itu tidak ada." in unknown.text) == (404, True)


def _sizes(schools: list[int]) -> dict[str, int]:
    asked = {"first": "/daftar", "many": "/daftar?cari=negeri", "chosen": f"/daftar?unit={schools[9]}&cari=negeri"}
    sizes = {name: len(browser().get(address).content) for name, address in asked.items()}
    return {**sizes, "error": len(browser().post("/daftar", data=fields(schools[9], sandi="x")).content)}


def test_every_page_is_light_with_5000_units(schools: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(_sizes(schools).values()) <= BUDGET
    # Control: as one list they weigh ten times as much.
    monkeypatch.setattr(registration, "MOST_LISTED", 10_000)
    assert min(_sizes(schools).values()) > 10 * BUDGET


def test_a_list_that_fits_stays_a_list(database: Database, schools: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    with database.read() as transaction:
        everything = transaction.db.execute(select(unit.c.id)).all()
    for most, listed in ((len(everything), True), (len(everything) - 1, False)):
        monkeypatch.setattr(registration, "MOST_LISTED", most)
        assert ("<select" in browser().get("/daftar").text) == listed


def test_closed_it_searches_nothing(database: Database, schools: list[int], cast: Cast) -> None:
    with database.write() as transaction:
        registration.set_open(transaction.db, actor=cast.admin, opened=False, now=transaction.now)
    asked = ("/daftar", "/daftar?cari=negeri", "/daftar?cari=x", f"/daftar?unit={schools[0]}", "/daftar?unit=0")
    for answer in (*map(browser().get, asked), browser().post("/daftar", data=fields(schools[0]))):
        assert answer.status_code == 404
        assert "Pendaftaran mandiri tidak dibuka." in answer.text
        assert "Negeri" not in answer.text
    with database.read() as transaction:
        for ask in (
            lambda: registration.places(transaction.db),
            lambda: registration.place(transaction.db, schools[0]),
            lambda: registration.search(transaction.db, text="negeri"),
        ):
            with pytest.raises(registration.Closed):
                ask()

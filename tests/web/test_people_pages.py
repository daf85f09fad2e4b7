"""The pages of HR and the administrator about people, and everybody's own account page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from streamlit.testing.v1 import AppTest

from people import registration, registration_store
from storage.engine import Database
from storage.tables import audit, person, role_grant, unit
from tests.conftest import Cast

AppAs = Callable[[str], AppTest]
ROSTER, ROLES, ACCOUNT = "pages/hr/roster.py", "pages/admin/roles.py", "pages/learner/account.py"
HEAD = "NIP;Nama;Unit Kerja"
GOOD = "199001012020121999;Ani *tebal* ![x](https://jahat.example/a.png);Dinas Kominfo"
BAD = "1,98503E+17;Rusak;Dinas Kominfo"
NIK = "3201234567890123"


def opened(app_as: AppAs, token: str, page: str) -> AppTest:
    at = app_as(token).run()
    return at.switch_page(page).run()


def shown(at: AppTest) -> str:
    parts = [*at.title, *at.header, *at.subheader, *at.markdown, *at.error, *at.success, *at.info, *at.warning]
    assert not at.exception
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def uploaded(at: AppTest, text: str) -> AppTest:
    at.file_uploader[0].upload("daftar.csv", text.encode(), "text/csv")
    return at.run()


def names(database: Database) -> list[str]:
    with database.read() as transaction:
        return list(transaction.db.execute(select(person.c.name).order_by(person.c.id)).scalars())


def test_account_says_who_and_how_surely(app_as: AppAs, cast: Cast) -> None:
    text = shown(opened(app_as, cast.tokens["sari"], ACCOUNT))
    assert "19900101 201503 2 901" in text
    assert "Anda mengaktifkan akun ini dengan kode pribadi." in text
    assert "minta SDM unit Anda memperbaikinya" in text
    assert "Dinas Kominfo" in text
    assert "Peserta" in text


def test_account_without_a_unit_names_nobody_who_could_not_mend_it(
    app_as: AppAs, cast: Cast, database: Database
) -> None:
    with database.write() as transaction:
        transaction.db.execute(update(person).values(unit_id=None))
    assert "tidak diatur SDM" in shown(opened(app_as, cast.tokens["admin"], ACCOUNT))
    assert "sampaikan kepada admin" in shown(opened(app_as, cast.tokens["sari"], ACCOUNT))


def test_account_ends_all_own_sessions(app_as: AppAs, cast: Cast) -> None:
    at = opened(app_as, cast.tokens["sari"], ACCOUNT)
    at.button(key="end").click().run()
    assert "Sesi Anda berakhir." in shown(at)
    assert "19900101" not in shown(at)


def test_import_shows_first_and_writes_what_it_showed(app_as: AppAs, cast: Cast, database: Database) -> None:
    before = names(database)
    at = uploaded(opened(app_as, cast.tokens["hadi"], ROSTER), f"NIK;{HEAD}\n{NIK};{GOOD}\n;{BAD}\n")
    text = shown(at)
    assert "1 baris ditolak: lihat alasannya" in text
    assert "angka ini telah dibulatkan Excel" in text
    assert "Kolom NIK tidak dibaca" in text
    assert NIK not in text
    assert not any("![x]" in each.value for each in at.markdown)  # a name stays a name
    assert names(database) == before
    assert at.button(key="save").label == "Simpan baris yang benar"
    at.button(key="save").click().run()
    assert "1 baru" in at.success[0].value
    assert names(database) == [*before, GOOD.split(";")[1]]
    # The file has gone from the page: a second click has nothing to write.
    assert at.file_uploader[0].value is None
    assert "Pratinjau" not in shown(at)


def test_import_of_a_clean_file_says_save_all(app_as: AppAs, cast: Cast) -> None:
    at = uploaded(opened(app_as, cast.tokens["admin"], ROSTER), f"{HEAD}\n{GOOD}\n")
    assert at.button(key="save").label == "Simpan semua"


def test_import_refuses_a_preview_that_no_longer_holds(app_as: AppAs, cast: Cast, database: Database) -> None:
    at = uploaded(opened(app_as, cast.tokens["admin"], ROSTER), f"{HEAD}\n{cast.bima.nip};Bima;Dinas Pendidikan\n")
    with database.write() as transaction:
        transaction.db.execute(update(person).where(person.c.id == cast.bima.person_id).values(name="Lain"))
    at.button(key="save").click().run()
    assert "baru saja berubah" in shown(at)
    assert "Lain" in names(database)
    at.button(key="save").click().run()
    assert "Bima" in names(database)


def test_a_file_with_nothing_to_save_leaves_the_codes_on_the_page(app_as: AppAs, cast: Cast) -> None:
    at = opened(app_as, cast.tokens["admin"], ROSTER)
    uploaded(at, f"{HEAD}\n{GOOD}\n").button(key="save").click().run()
    text = shown(uploaded(at, f"{HEAD}\n{GOOD}\n"))
    assert "Tidak ada yang perlu disimpan" in text
    assert "Kode aktivasi" in text


def test_codes_are_offered_right_after_the_first_import(app_as: AppAs, cast: Cast, database: Database) -> None:
    with database.write() as transaction:
        transaction.db.execute(update(person).values(unit_id=None))
        transaction.db.execute(delete(role_grant).where(role_grant.c.unit_id.is_not(None)))
        transaction.db.execute(delete(unit))
    at = opened(app_as, cast.tokens["admin"], ROSTER)
    assert "Belum ada unit" in shown(at)
    uploaded(at, f"{HEAD}\n{GOOD}\n").button(key="save").click().run()
    assert at.selectbox(key="code_unit").value is not None
    assert "Cetak kode aktivasi" in [link.proto.label for link in at.get("link_button")]


def test_every_refused_row_can_be_reached(app_as: AppAs, cast: Cast) -> None:
    rows = "".join(f"1990;Orang {number:03};Dinas Kominfo\n" for number in range(165))
    at = uploaded(opened(app_as, cast.tokens["hadi"], ROSTER), f"{HEAD}\n{rows}")
    assert "Orang 000" in shown(at)
    assert "Orang 099" in shown(at)
    assert "Orang 100" not in shown(at)
    at.session_state[f"halaman-ditolak-{at.session_state['seen'][:12]}"] = 2
    text = shown(at.run())
    assert "Orang 099" not in text
    assert [f"Orang {number:03}" in text for number in range(100, 165)] == [True] * 65
    # Another file begins at its first page.
    assert "Orang 001" in shown(uploaded(at, f"{HEAD}\n{rows}1990;Satu Lagi;Dinas Kominfo\n"))


def test_warned_rows_are_counted_and_listed_even_where_nothing_changes(app_as: AppAs, cast: Cast) -> None:
    rows = f"{cast.sari.nip};{cast.sari.name};Dinas Kominfo;bukan alamat\n;Ani;Dinas Kominfo;\n"
    text = shown(uploaded(opened(app_as, cast.tokens["hadi"], ROSTER), f"{HEAD};Email\n{rows}"))
    assert "2 baris diberi catatan" in text
    assert f"{cast.sari.name} | alamat email tidak dikenali dan tidak disimpan. | Periksa alamat email. |" in text
    assert "dicatat sebagai non-ASN dengan ID NA-" in text


def test_new_units_are_named(app_as: AppAs, cast: Cast) -> None:
    rows = GOOD.replace("Dinas Kominfo", "Dinas Komimfo")
    assert "| 1 | Dinas Komimfo |" in shown(uploaded(opened(app_as, cast.tokens["admin"], ROSTER), f"{HEAD}\n{rows}\n"))


def test_a_unit_that_gets_its_agency_is_shown_and_saved(app_as: AppAs, cast: Cast, database: Database) -> None:
    text = f"NIP;Nama;Instansi;Unit Kerja\n{cast.sari.nip};{cast.sari.name};Pemkab;Dinas Kominfo\n"
    at = uploaded(opened(app_as, cast.tokens["admin"], ROSTER), text)
    assert "1 unit yang sudah ada ditempatkan di bawah instansinya: Dinas Kominfo → Pemkab › Dinas Kominfo." in shown(
        at
    )
    at.button(key="save").click().run()
    with database.read() as transaction:
        above = transaction.db.execute(select(unit.c.parent_id).where(unit.c.id == cast.kominfo)).scalar_one()
    assert above is not None


def test_absent_people_with_a_role_are_named(app_as: AppAs, cast: Cast) -> None:
    text = shown(uploaded(opened(app_as, cast.tokens["hadi"], ROSTER), f"{HEAD}\n{GOOD}\n"))
    assert "punya peran, tidak dinilai keluar: 3 orang" in text
    assert cast.ratna.name in text
    assert cast.bima.name not in text


def test_a_refused_row_says_whom_it_names(app_as: AppAs, cast: Cast) -> None:
    rows = f"19850101;Kurang Angka;Dinas Kominfo\n{NIK};Pemilik NIK;Dinas Kominfo\n"
    text = shown(uploaded(opened(app_as, cast.tokens["hadi"], ROSTER), f"{HEAD}\n{rows}"))
    assert "| 2 | 19850101 | Kurang Angka | NIP |" in text
    assert "| 3 |  | Pemilik NIK | NIP |" in text
    assert NIK not in text


@pytest.mark.parametrize(
    ("text", "reason"),
    [("bukan daftar\n", "Baris judul tidak ditemukan."), ("MZ\0\3" + "\0" * 600, "Berkas ini bukan XLSX atau CSV.")],
    ids=["no roster", "a program"],
)
def test_import_says_why_a_file_is_refused(app_as: AppAs, cast: Cast, text: str, reason: str) -> None:
    at = uploaded(opened(app_as, cast.tokens["hadi"], ROSTER), text)
    assert reason in shown(at)
    assert "Pratinjau" not in shown(at)
    assert "Kode aktivasi" in shown(at)


def test_roster_page_finds_people_of_own_units_only(app_as: AppAs, cast: Cast) -> None:
    links = {}
    for who in ("hadi", "admin"):
        at = opened(app_as, cast.tokens[who], ROSTER)
        at.text_input(key="words").set_value("pratama").run()
        assert not at.exception
        links[who] = [link.proto.label for link in at.get("link_button") if "Kode baru" in link.proto.label]
    assert links["hadi"] == []
    assert links["admin"] == ["Kode baru: Bima Pratama · 19880202 201201 1 902 · Dinas Pendidikan"]


def registered(database: Database, unit_id: int, *names: str) -> None:
    """Let people register themselves, one after another."""
    with database.write() as transaction:
        for number, name in enumerate(names):
            values = {"employee_id": f"HON-{unit_id}-{number}", "name": name, "kind": "non_asn", "unit_id": unit_id}
            then = transaction.now + timedelta(minutes=number)
            registration_store.add_person(transaction.db, {**values, "password_hash": "x"}, then)


def test_roster_page_shows_who_registered_themselves_in_own_units_only(
    app_as: AppAs, cast: Cast, database: Database
) -> None:
    assert "Mendaftar sendiri" not in shown(opened(app_as, cast.tokens["admin"], ROSTER))
    registered(database, cast.pendidikan, "Orang Pendidikan")
    assert "Mendaftar sendiri" not in shown(opened(app_as, cast.tokens["hadi"], ROSTER))
    registered(database, cast.kominfo, "Orang *Kominfo*")
    text = shown(opened(app_as, cast.tokens["hadi"], ROSTER))
    assert "1 orang mendaftar sendiri dan belum dipastikan" in text
    assert "| Orang *Kominfo* | HON-" in text
    assert "Orang Pendidikan" not in text
    # Control: who sees every unit sees both.
    everything = shown(opened(app_as, cast.tokens["admin"], ROSTER))
    assert "2 orang mendaftar sendiri" in everything
    assert "Orang Pendidikan" in everything


def test_who_was_confirmed_or_has_left_does_not_wait_any_more(app_as: AppAs, cast: Cast, database: Database) -> None:
    registered(database, cast.kominfo, "Ani Baru", "Budi Pergi", "Cici Tinggal")
    with database.write() as transaction:
        transaction.db.execute(update(person).where(person.c.name == "Budi Pergi").values(state="gone"))
    at = opened(app_as, cast.tokens["hadi"], ROSTER)
    assert "2 orang mendaftar sendiri" in shown(at)
    rows = f"ID Pegawai;Nama;Unit Kerja\nHON-{cast.kominfo}-0;Ani Baru;Dinas Kominfo\n"
    uploaded(at, rows).button(key="save").click().run()
    assert "1 orang mendaftar sendiri" in shown(at)
    assert "Cici Tinggal" in shown(at)


def test_the_newest_fifty_are_shown_and_the_others_counted(app_as: AppAs, cast: Cast, database: Database) -> None:
    registered(database, cast.kominfo, *(f"Orang {number:02d}" for number in range(53)))
    text = shown(opened(app_as, cast.tokens["hadi"], ROSTER))
    assert "53 orang mendaftar sendiri" in text
    rows = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| Orang")]
    assert rows == [f"| Orang {number:02d}" for number in range(52, 2, -1)]
    assert "… dan 3 orang lagi" in text


def test_administrator_gives_and_takes_a_role(app_as: AppAs, cast: Cast, database: Database) -> None:
    at = opened(app_as, cast.tokens["admin"], ROLES)
    at.text_input(key="words").set_value("bima").run()
    at.radio(key="role").set_value("hr")
    at.button(key="give").click().run()
    assert "Pilih unit untuk peran SDM." in shown(at)
    at.selectbox(key="place").set_value(cast.pendidikan)
    at.button(key="give").click().run()
    assert "Peran diberikan." in shown(at)
    with database.read() as transaction:
        mine = role_grant.c.person_id == cast.bima.person_id
        row = transaction.db.execute(select(role_grant).where(mine)).one()
    assert (row.role, row.unit_id, row.granted_by) == ("hr", cast.pendidikan, cast.admin.person_id)
    at.button(key="revoke_now").click().run()
    assert "Pilih peran yang dicabut dahulu." in shown(at)
    at.selectbox(key="grant").set_value(row.id)
    at.button(key="revoke_now").click().run()
    assert "Cabut peran SDM untuk Dinas Pendidikan dari Bima Pratama?" in shown(at)
    with database.read() as transaction:
        assert transaction.db.execute(select(role_grant).where(mine)).one() == row
    at.button(key="revoke-yes").click().run()
    assert "Peran dicabut" in shown(at)
    with database.read() as transaction:
        assert transaction.db.execute(select(role_grant).where(mine)).one_or_none() is None
        actions = transaction.db.execute(select(audit.c.action).order_by(audit.c.id)).scalars().all()
    assert actions == ["role.grant", "role.revoke"]


def test_the_last_administrator_cannot_be_taken_on_the_page(app_as: AppAs, cast: Cast, database: Database) -> None:
    with database.read() as transaction:
        grant = transaction.db.execute(select(role_grant.c.id).where(role_grant.c.role == "admin")).scalar_one()
    at = opened(app_as, cast.tokens["admin"], ROLES)
    at.selectbox(key="grant").set_value(grant)
    at.button(key="revoke_now").click().run()
    at.button(key="revoke-yes").click().run()
    assert "Ini admin terakhir" in shown(at)


def test_sessions_end_only_after_a_second_button(app_as: AppAs, cast: Cast, database: Database) -> None:
    at = opened(app_as, cast.tokens["admin"], ROLES)
    at.text_input(key="words").set_value("bima").run()
    at.button(key="end").click().run()
    assert "Akhiri semua sesi bagi Bima Pratama" in shown(at)
    with database.read() as transaction:
        assert transaction.db.execute(select(audit.c.id)).all() == []
    at.button(key="guard-no").click().run()
    assert "Akhiri semua sesi bagi" not in shown(at)
    at.button(key="end").click().run()
    at.button(key="guard-yes").click().run()
    assert "Semua sesi orang itu berakhir." in shown(at)


def test_the_administrator_opens_and_closes_self_registration(app_as: AppAs, cast: Cast, database: Database) -> None:
    at = opened(app_as, cast.tokens["admin"], ROLES)
    assert "Tertutup." in shown(at)
    at.button(key="registration_open").click().run()
    assert "Pendaftaran mandiri dibuka." in shown(at)
    with database.read() as transaction:
        assert registration.is_open(transaction.db)
    at.button(key="registration_close").click().run()
    assert "Pendaftaran mandiri ditutup." in shown(at)
    with database.read() as transaction:
        assert not registration.is_open(transaction.db)


@pytest.mark.parametrize(
    ("who", "pages"),
    [("sari", [ACCOUNT]), ("ratna", [ACCOUNT]), ("hadi", [ACCOUNT, ROSTER]), ("admin", [ACCOUNT, ROSTER, ROLES])],
)
def test_each_role_opens_its_pages_only(app_as: AppAs, cast: Cast, who: str, pages: list[str]) -> None:
    for page in (ACCOUNT, ROSTER, ROLES):
        if page in pages:
            assert shown(opened(app_as, cast.tokens[who], page))
        else:
            with pytest.raises(ValueError, match=r".*"):
                opened(app_as, cast.tokens[who], page)

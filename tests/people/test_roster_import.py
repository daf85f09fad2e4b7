"""Imports: what a file would change, shown first and written whole or not at all."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select, update

from people import codes, roles, roster, signin
from people.roles import EVERYONE, Scope
from people.roster import Plan, RowsRefused, StalePlan
from storage import audit
from storage.engine import Database
from storage.tables import activation_code, login_session, person, unit
from storage.tables import audit as audit_table
from tests.conftest import Cast

TODAY = date(2026, 11, 21)
SAMPLES = Path(__file__).parent / "samples"
HEAD = "NIP;Nama;Unit Kerja;Jabatan"


def nip(number: int) -> str:
    return f"1990{1 + number % 12:02}0120201219{number:02}"


def plan(database: Database, text: str | bytes, scope: Scope = EVERYONE) -> Plan:
    table = roster.read(text.encode() if isinstance(text, str) else text, today=TODAY)
    with database.read() as transaction:
        return roster.plan(transaction.db, scope=scope, table=table)


def write(database: Database, shown: Plan, scope: Scope = EVERYONE, *, skip_refused: bool = False) -> dict[str, int]:
    with database.write() as transaction:
        return roster.apply(
            transaction.db,
            shown=shown,
            scope=scope,
            actor="person:1",
            skip_refused=skip_refused,
            now=transaction.now,
        )


def bring_in(database: Database, text: str | bytes, scope: Scope = EVERYONE) -> Plan:
    shown = plan(database, text, scope)
    write(database, shown, scope, skip_refused=True)
    return shown


def named(entries: Sequence[roster.Entry | roster.RefusedRow]) -> list[tuple[int, str]]:
    return [(entry.row, entry.key) for entry in entries]


def lists(shown: Plan) -> dict[str, list[int]]:
    return {name: rows for name in shown.counts if (rows := [entry.row for entry in getattr(shown, name)])}


def people(database: Database, *columns: str) -> list[tuple[object, ...]]:
    with database.read() as transaction:
        query = select(*(person.c[name] for name in columns)).order_by(person.c.id)
        return [tuple(row) for row in transaction.db.execute(query)]


@pytest.mark.parametrize(
    ("file", "counts"),
    [("daftar_asn_excel_id.csv", {"new": 4, "refused": 1}), ("daftar_asn_nip_angka.xlsx", {"new": 2, "refused": 1})],
)
def test_each_sample_gives_its_documented_result_and_again_changes_nothing(
    database: Database, file: str, counts: dict[str, int]
) -> None:
    data = (SAMPLES / file).read_bytes()
    shown = plan(database, data)
    assert {name: count for name, count in shown.counts.items() if count} == counts
    with pytest.raises(RowsRefused):
        write(database, shown)
    assert people(database, "id") == []
    write(database, shown, skip_refused=True)
    again = plan(database, data)
    assert {name: count for name, count in again.counts.items() if count} == {
        "unchanged": counts["new"],
        "refused": 1,
    }
    before = people(database, *(column.name for column in person.columns))
    write(database, again, skip_refused=True)
    assert people(database, *(column.name for column in person.columns)) == before


def test_what_is_stored_is_what_the_file_says(database: Database) -> None:
    bring_in(database, (SAMPLES / "daftar_asn_excel_id.csv").read_bytes())
    columns = ("nip", "name", "kind", "position", "email", "phone", "assurance", "state", "password_hash")
    assert people(database, *columns)[1] == (
        "199011022015022993",
        "Dewi Lestari",
        "pns",
        "Analis SDM Aparatur Ahli Pertama",
        "dewi.lestari@mail.contoh.go.id",
        "085612345678",
        "roster",
        "active",
        None,
    )
    with database.read() as transaction:
        parent = unit.alias()
        query = select(unit.c.name, parent.c.name.label("above")).outerjoin(parent, parent.c.id == unit.c.parent_id)
        found = sorted((row.above or "", row.name) for row in transaction.db.execute(query))
    above = "Pemerintah Kabupaten Contoh"
    names = ("BKPSDM", "Dinas Kominfo", "SDN 1 Contoh", "Sekretariat Daerah")
    assert found == [("", above), *((above, name) for name in names)]


def test_new_moved_changed_gone_and_unchanged(database: Database) -> None:
    bring_in(database, f"{HEAD}\n" + "".join(f"{nip(n)};P{n};Dinas A;Analis\n" for n in range(5)))
    rows = ("P0;Dinas A;Analis", "P1;Dinas B;Analis", "P dua;Dinas A;", "P9;Dinas A;")
    text = "\n".join((HEAD, *(f"{nip(n)};{row}" for n, row in zip((0, 1, 2, 9), rows, strict=True))))
    shown = plan(database, text)
    assert lists(shown) == {"unchanged": [2], "moved": [3], "changed": [4], "new": [5], "gone": [0, 0]}
    assert shown.moved[0].changes == {"unit": ("Dinas A", "Dinas B")}
    assert shown.changed[0].changes == {"name": ("P2", "P dua")}  # an empty cell leaves what is stored
    assert [entry.key for entry in shown.gone] == [nip(3), nip(4)]
    assert shown.new_units == ["Dinas B"]
    write(database, shown)
    assert people(database, "name", "state", "position") == [
        *(("P0", "active", "Analis"), ("P1", "active", "Analis"), ("P dua", "active", "Analis")),
        *(("P3", "gone", "Analis"), ("P4", "gone", "Analis"), ("P9", "active", "")),
    ]
    assert lists(plan(database, text)) == {"unchanged": [2, 3, 4, 5]}
    back = plan(database, f"{HEAD}\n{nip(3)};P3;Dinas B;\n{nip(1)};P1;Dinas B;\n")
    assert back.moved[0].changes == {"state": ("gone", "active"), "unit": ("Dinas A", "Dinas B")}


def test_gone_is_judged_only_in_units_that_the_file_names(database: Database) -> None:
    bring_in(database, f"{HEAD}\n{nip(1)};A;Dinas A;\n{nip(2)};B;Dinas B;\n{nip(3)};C;Dinas A;\n")
    bring_in(database, f"NIP;Nama;Instansi;Unit Kerja\n{nip(4)};D;Dinas A;Bidang\n")
    assert named(plan(database, f"{HEAD}\n{nip(1)};A;Dinas A;\n").gone) == [(0, nip(3))]


def test_nobody_is_gone_while_a_refused_row_may_be_theirs(database: Database) -> None:
    bring_in(database, f"{HEAD}\n{nip(1)};A;Dinas A;\n{nip(2)};B;Dinas A;\n{nip(3)};C;Dinas B;\n{nip(4)};D;Dinas B;\n")
    head = f"{HEAD}\n{nip(1)};A;Dinas A;\n{nip(3)};C;Dinas B;\n"
    assert named(plan(database, head).gone) == [(0, nip(2)), (0, nip(4))]  # control
    in_a = plan(database, f"{head}1,99001E+17;B;Dinas A;\n")
    assert (named(in_a.gone), in_a.withheld) == ([(0, nip(4))], True)
    anywhere = plan(database, f"{head}1,99001E+17;B;;\n")
    assert (named(anywhere.gone), anywhere.withheld) == ([], True)
    # A refused row that names the person says that they are still there.
    known = plan(database, f"{head}{nip(2)};;Dinas A;\n")
    assert (named(known.gone), known.withheld) == ([(0, nip(4))], False)


def test_nobody_is_gone_whose_name_stands_in_a_refused_row_of_another_unit(database: Database) -> None:
    """Whoever changed the unit in the very row that Excel spoiled still stands in the old one."""
    bring_in(database, f"{HEAD}\n{nip(1)};Ani;A;\n{nip(2)};Beni;A;\n{nip(3)};Cici;B;\n")
    file = f"{HEAD}\n{nip(1)};Ani;A;\n1,98503E+17;BENI;B;\n{nip(3)};Cici;B;\n"
    shown = plan(database, file)
    assert (shown.gone, shown.withheld) == ([], True)
    other = plan(database, file.replace("BENI", "Dodi"))
    assert named(other.gone) == [(0, nip(2))]
    nameless = plan(database, file.replace("BENI", ""))
    assert (nameless.gone, nameless.withheld) == ([], True)


def test_whoever_is_gone_is_signed_out_and_their_code_ends(database: Database, cast: Cast) -> None:
    with database.write() as transaction:
        codes.issue(transaction.db, person_id=cast.sari.person_id, created_by=None, now=transaction.now)
    shown = bring_in(database, f"{HEAD}\n{nip(1)};A;Dinas Kominfo;\n")
    # Hadi, Ratna and the administrator of that unit hold roles: these are taken first, by hand.
    assert named(shown.gone) == [(0, cast.sari.nip)]
    assert [one.name for one in shown.kept] == [cast.ratna.name, cast.hadi.name, cast.admin.name]
    with database.read() as transaction:
        db, now = transaction.db, transaction.now
        assert signin.resolve(db, token=cast.tokens["sari"], now=now) is None
        assert signin.resolve(db, token=cast.tokens["bima"], now=now) is not None
        live = select(func.count()).where(activation_code.c.revoked_at.is_(None))
        assert db.execute(live).scalar() == 0
        ended = select(login_session.c.revoked_reason).where(login_session.c.person_id == cast.sari.person_id)
        assert db.execute(ended).scalar() == "roster"


def test_hr_imports_into_own_units_only(database: Database, cast: Cast) -> None:
    text = f"{HEAD}\n{nip(1)};A;Dinas Kominfo;\n{nip(2)};B;Dinas Pendidikan;\n{nip(3)};C;Dinas Baru;\n"
    scope = roles.import_roster(cast.hadi)
    shown = plan(database, text, scope)
    assert lists(shown)["new"] == [2]
    assert [(row.row, row.code) for row in shown.refused] == [(3, "unit_outside"), (4, "unit_outside")]
    write(database, shown, scope, skip_refused=True)
    assert people(database, "nip").count((nip(1),)) == 1
    assert (nip(2),) not in people(database, "nip")
    # Control: the administrator's scope takes all three.
    assert lists(plan(database, text, roles.import_roster(cast.admin)))["new"] == [3, 4]


def test_hr_cannot_pull_in_people_of_other_units(database: Database, cast: Cast) -> None:
    text = f"{HEAD}\n{cast.bima.nip};Nama Lain;Dinas Kominfo;\n"
    shown = plan(database, text, roles.import_roster(cast.hadi))
    assert [(row.row, row.code) for row in shown.refused] == [(2, "person_outside")]
    assert "Bima" not in repr(shown)
    assert shown.moved == []
    assert lists(plan(database, text, EVERYONE))["moved"] == [2]


def test_hr_makes_units_below_own_ones(database: Database, cast: Cast) -> None:
    text = (
        f"NIP;Nama;Instansi;Unit Kerja\n{nip(1)};A;dinas kominfo;Bidang Aptika\n{nip(2)};B;Dinas Pendidikan;Bidang SD\n"
    )
    scope = roles.import_roster(cast.hadi)
    shown = plan(database, text, scope)
    assert (shown.new_units, [row.row for row in shown.refused]) == (["Dinas Kominfo › Bidang Aptika"], [3])
    write(database, shown, scope, skip_refused=True)
    with database.read() as transaction:
        found = signin.resolve(transaction.db, token=cast.tokens["hadi"], now=transaction.now)
    assert found is not None
    assert len(found.actor.hr_units) == 2
    again = plan(database, text, roles.import_roster(found.actor))
    assert lists(again)["unchanged"] == [2]


def test_a_unit_name_without_agency_must_be_clear(database: Database) -> None:
    bring_in(
        database,
        f"NIP;Nama;Instansi;Unit Kerja\n{nip(1)};A;Kab X;Dinas\n{nip(2)};B;Kab Y;Dinas\n{nip(3)};C;Kab X;BKD\n",
    )
    shown = plan(database, f"{HEAD}\n{nip(1)};A;Dinas;\n{nip(3)};C;BKD;\n")
    assert [(row.row, row.code) for row in shown.refused] == [(2, "unit_unclear")]
    assert lists(shown)["unchanged"] == [3]


def test_people_without_nip_stay_the_same_people(database: Database) -> None:
    text = "ID Pegawai;NIP;Nama;Unit Kerja\nTHL-1;;Ani;A\n;;Budi;A\n"
    bring_in(database, text)
    assert lists(plan(database, text)) == {"unchanged": [2, 3]}
    became = plan(database, f"ID Pegawai;NIP;Nama;Unit Kerja\nthl-1;{nip(1)};Ani;A\n;;Budi;A\n")
    assert became.changed[0].changes == {"nip": ("", nip(1)), "kind": ("non_asn", "pns")}
    write(database, became)
    assert people(database, "nip", "employee_id", "kind")[0] == (nip(1), "THL-1", "pns")
    # The id alone still means the same person, who stays an ASN.
    assert lists(plan(database, "ID Pegawai;Nama;Unit Kerja\nTHL-1;Ani;A\n;Budi;A\n")) == {"unchanged": [2, 3]}


def test_an_employee_id_never_means_two_people(database: Database) -> None:
    bring_in(database, f"ID Pegawai;NIP;Nama;Unit Kerja\nE1;{nip(1)};A;X\nE2;{nip(2)};B;X\n")
    head = "ID Pegawai;NIP;Nama;Unit Kerja\n"
    for row, code in (
        (f"E2;{nip(1)};A;X", "id_taken"),
        (f"E1;{nip(3)};A;X", "id_taken"),
        (f"E1;{nip(1)};A;X\nE1;;A;X", "duplicate"),
        (f";{nip(1)};A;X\nE1;;A;X", "duplicate"),
    ):
        shown = plan(database, f"{head}{row}\n")
        assert [each.code for each in shown.refused] == [code], row


def test_a_stale_plan_is_refused(database: Database) -> None:
    text = f"{HEAD}\n{nip(1)};A;Dinas A;\n"
    shown = plan(database, text)
    write(database, shown)
    with pytest.raises(StalePlan):
        write(database, shown)
    later = plan(database, f"{HEAD}\n{nip(1)};B;Dinas A;\n")
    with database.write() as transaction:
        transaction.db.execute(update(person).values(name="C"))
    with pytest.raises(StalePlan):
        write(database, later)
    assert people(database, "name") == [("C",)]


def test_two_imports_at_once_do_not_double_anybody(database: Database) -> None:
    text = f"{HEAD}\n" + "".join(f"{nip(n)};P{n};Dinas A;\n" for n in range(60))
    shown = [plan(database, text) for _ in range(4)]

    def attempt(each: Plan) -> str:
        try:
            return str(write(database, each)["new"])
        except StalePlan:
            return "stale"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, shown)) == ["60", "stale", "stale", "stale"]
    assert len(people(database, "id")) == 60


def test_a_cut_import_leaves_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = plan(database, f"{HEAD}\n{nip(1)};A;Dinas A;\n")

    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        write(database, shown)
    monkeypatch.undo()
    assert people(database, "id") == []
    with database.read() as transaction:
        assert transaction.db.execute(select(func.count()).select_from(unit)).scalar() == 0


def test_the_audit_log_has_counts_and_no_names(database: Database) -> None:
    bring_in(database, f"{HEAD}\n{nip(1)};Sari;Dinas A;\n")
    with database.read() as transaction:
        row = transaction.db.execute(select(audit_table)).one()
    assert (row.actor, row.action) == ("person:1", "roster.import")
    assert '"new": 1' in row.detail
    assert "Sari" not in row.detail
    assert nip(1) not in row.detail


def test_a_declared_person_on_the_roster_is_known_from_then_on(database: Database) -> None:
    with database.write() as transaction:
        place = transaction.db.execute(insert(unit).values(name="Dinas A").returning(unit.c.id)).scalar_one()
        times = {"created_at": transaction.now, "updated_at": transaction.now}
        values = {"nip": nip(1), "name": "A", "kind": "pns", "unit_id": place, "assurance": "declared"}
        transaction.db.execute(insert(person).values(**values, **times))
    bring_in(database, f"{HEAD}\n{nip(1)};A;Dinas A;\n")
    assert people(database, "assurance") == [("roster",)]


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_the_number_of_queries_does_not_grow_with_the_rows(database: Database, rows: int) -> None:
    bring_in(database, f"{HEAD}\n" + "".join(f"{19_900_101_202_012_1001 + n};P{n};Dinas A;\n" for n in range(rows)))
    counted: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: counted.append(arguments[2]))
    plan(database, f"{HEAD}\n" + "".join(f"{19_900_101_202_012_1001 + n};Q{n};Dinas A;\n" for n in range(rows)))
    assert len([statement for statement in counted if statement.startswith("SELECT") and "FROM" in statement]) == 3


@pytest.mark.parametrize("example", [True, False])
def test_whoever_the_example_staff_import_is_example_data_too(database: Database, example: bool) -> None:
    shown = plan(database, f"{HEAD}\n{nip(1)};Ani;Dinas A;")
    with database.write() as t:
        roster.apply(t.db, shown=shown, scope=EVERYONE, actor="person:1", example=example, now=t.now)
    with database.read() as t:
        assert t.db.execute(select(person.c.is_example)).scalars().all() == [example]

"""People without NIP and id: an import finds them again, follows them, and takes nobody for somebody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from people import roster
from people.roles import EVERYONE, Scope
from people.roster import Plan, StalePlan
from people.rows import made_id
from storage.engine import Database
from storage.tables import person, role_grant, unit

TODAY = date(2026, 11, 21)
HEAD, LONG = "NIP;Nama;Unit Kerja", "NIP;Nama;Unit Kerja;Instansi"


def plan(database: Database, *lines: str, scope: Scope = EVERYONE) -> Plan:
    table = roster.read("\n".join(lines).encode(), today=TODAY)
    with database.read() as transaction:
        return roster.plan(transaction.db, scope=scope, table=table)


def write(database: Database, shown: Plan) -> None:
    with database.write() as transaction:
        roster.apply(transaction.db, shown=shown, scope=EVERYONE, actor="test", skip_refused=True, now=transaction.now)


def bring_in(database: Database, *lines: str) -> Plan:
    shown = plan(database, *lines)
    write(database, shown)
    return shown


def lists(shown: Plan) -> dict[str, list[str]]:
    return {name: [one.name for one in found] for name in shown.counts if (found := getattr(shown, name))}


def people(database: Database) -> list[Any]:
    parts = (person.c.id, person.c.employee_id, person.c.name, unit.c.name.label("unit"), person.c.state)
    query = select(*parts).join(unit, unit.c.id == person.c.unit_id).order_by(person.c.id)
    with database.read() as transaction:
        return [tuple(row) for row in transaction.db.execute(query)]


def in_unit(database: Database, name: str) -> int:
    with database.read() as transaction:
        return int(transaction.db.execute(select(unit.c.id).where(unit.c.name == name)).scalar_one())


def test_a_column_more_or_less_makes_nobody_new(database: Database) -> None:
    bring_in(database, LONG, ";Budi;Dinas A;Pemkab", ";Ani;Dinas A;Pemkab")
    before = people(database)
    assert lists(plan(database, HEAD, ";BUDI;dinas a", ";Ani;Dinas A")) == {
        "changed": ["BUDI"],
        "unchanged": ["Ani"],
    }
    bring_in(database, HEAD, ";Budi;Dinas A", ";Ani;Dinas A")
    bring_in(database, LONG, ";Budi;Dinas A;Pemkab", ";Ani;Dinas A;Pemkab")
    assert people(database) == before


@pytest.mark.parametrize("numbered", ["198503152010011005;;FAJAR;Dinas A", ";THL-9;Fajar;dinas a"])
def test_whoever_gets_a_number_later_stays_the_same_row(database: Database, numbered: str) -> None:
    head = "NIP;ID Pegawai;Nama;Unit Kerja"
    bring_in(database, head, ";;Fajar;Dinas A", ";;Ani;Dinas A")
    before = people(database)
    shown = bring_in(database, head, numbered, ";;Ani;Dinas A")
    assert {name: count for name, count in shown.counts.items() if count} == {"changed": 1, "unchanged": 1}
    assert [row[0] for row in people(database)] == [row[0] for row in before]
    assert not {"nip", "employee_id"}.isdisjoint(shown.changed[0].changes)
    assert plan(database, head, numbered, ";;Ani;Dinas A").counts["unchanged"] == 2


def test_who_got_a_number_is_not_guessed_among_namesakes(database: Database) -> None:
    head = "ID Pegawai;Nama;Unit Kerja"
    bring_in(database, head, ";Gita;Dinas A", ";Ani;Dinas A", ";Gita;Dinas A")
    held = made_id(("", "Dinas A"), "Gita")
    shown = plan(database, head, "THL-1;Gita;Dinas A", "THL-2;Gita;Dinas A", ";Ani;Dinas A")
    assert lists(shown) == {"new": ["Gita", "Gita"], "unchanged": ["Ani"]}
    assert all(one.warnings == ("name_here",) for one in shown.new)
    elsewhere = plan(database, head, "THL-1;Gita;Dinas B", ";Ani;Dinas A")
    assert lists(elsewhere) == {"new": ["Gita"], "gone": ["Gita"], "unchanged": ["Ani"]}
    named = plan(database, head, f"{held};Gita H;Dinas A", "THL-2;Gita;Dinas A", ";Ani;Dinas A")
    assert lists(named) == {"new": ["Gita"], "changed": ["Gita H"], "unchanged": ["Ani"]}
    assert named.new[0].warnings == ()


def test_two_spellings_of_one_unit_in_a_file_are_one_person(database: Database) -> None:
    bring_in(database, LONG, ";Ani;Dinas A;Pemkab")
    shown = plan(database, LONG, ";Ani;Dinas A;Pemkab", ";Budi;Dinas A;Pemkab", ";Ani;Dinas A;", ";Budi;Dinas A;")
    assert lists(shown) == {"new": ["Budi"], "unchanged": ["Ani"], "refused": ["Ani", "Budi"]}
    assert [(row.code, row.other) for row in shown.refused] == [("duplicate_name", "2"), ("duplicate_name", "3")]


def test_whoever_changes_the_unit_has_moved_and_stays_the_same_row(database: Database) -> None:
    bring_in(database, HEAD, ";Budi;Dinas A", ";Ani;Dinas A", ";Cici;Dinas B")
    before = people(database)
    lines = (HEAD, ";Ani;Dinas A", ";Cici;Dinas B", ";Budi;Dinas B")
    shown = plan(database, *lines)
    assert lists(shown) == {"moved": ["Budi"], "unchanged": ["Ani", "Cici"]}
    assert shown.moved[0].changes == {"unit": ("Dinas A", "Dinas B")}
    assert (shown.moved[0].key, shown.moved[0].row) == (before[0][1], 4)
    write(database, shown)
    assert people(database) == [(*before[0][:3], "Dinas B", "active"), *before[1:]]
    assert lists(plan(database, *lines)) == {"unchanged": ["Ani", "Cici", "Budi"]}


def test_a_namesake_in_the_old_unit_is_somebody_new(database: Database) -> None:
    bring_in(database, HEAD, ";Budi;Dinas A", ";Ani;Dinas A", ";Cici;Dinas B")
    bring_in(database, HEAD, ";Budi;Dinas B", ";Ani;Dinas A", ";Cici;Dinas B")
    lines = (HEAD, ";Budi;Dinas B", ";Budi;Dinas A", ";Ani;Dinas A", ";Cici;Dinas B")
    assert lists(plan(database, *lines)) == {"new": ["Budi"], "unchanged": ["Budi", "Ani", "Cici"]}
    bring_in(database, *lines)
    ids = [row[1] for row in people(database)]
    assert ids[3] == made_id(("", "Dinas A"), "Budi", 1)
    assert len(set(ids)) == 4
    assert lists(plan(database, *lines)) == {"unchanged": ["Budi", "Budi", "Ani", "Cici"]}


def test_units_imported_one_by_one_do_not_pull_namesakes_about(database: Database) -> None:
    bring_in(database, HEAD, ";Siti Aminah;Dinas A", ";Ani;Dinas A")
    shown = bring_in(database, HEAD, ";Siti Aminah;Dinas B")
    assert lists(shown) == {"new": ["Siti Aminah"]}
    assert shown.new[0].warnings == ("id_made", "name_elsewhere")
    assert lists(plan(database, HEAD, ";Siti Aminah;Dinas A", ";Ani;Dinas A")) == {"unchanged": ["Siti Aminah", "Ani"]}


@pytest.mark.parametrize(
    "rows",
    [
        ((";Budi;Dinas C", ";Budi;Dinas D", ";Ani;Dinas A", ";Ani;Dinas B")),  # two left, two came
        ((";Budi;Dinas C", ";Ani;Dinas A", ";Ani;Dinas B")),  # two left, one came
        ((";Budi;Dinas C", ";Budi;Dinas D", ";Ani;Dinas A", ";Budi;Dinas B")),  # one left, two came
        ((";Budi;Dinas C", ";Ani;Dinas A")),  # one left, of the other nobody knows
    ],
)
def test_who_moved_is_not_guessed(database: Database, rows: tuple[str, ...]) -> None:
    bring_in(database, HEAD, ";Budi;Dinas A", ";Ani;Dinas A", ";Budi;Dinas B", ";Ani;Dinas B")
    shown = plan(database, HEAD, *rows)
    assert shown.moved == []
    assert all("name_elsewhere" in one.warnings for one in shown.new)
    assert len(shown.gone) >= 1


def test_nobody_moves_while_a_refused_row_may_be_theirs(database: Database) -> None:
    bring_in(database, HEAD, ";Budi;Dinas A", ";Ani;Dinas A")
    shown = plan(database, HEAD, ";Budi;Dinas B", ";Ani;Dinas A", "19900101;Budi;Dinas A")
    assert lists(shown) == {"new": ["Budi"], "unchanged": ["Ani"], "refused": ["Budi"]}


def test_people_with_numbers_or_roles_or_out_of_scope_are_not_followed(database: Database) -> None:
    bring_in(database, f"ID Pegawai;{HEAD}", "THL-1;;Ani;Dinas A", ";;Budi;Dinas A", ";;Dodi;Dinas A", ";;Eka;Dinas B")
    with database.write() as transaction:
        now = transaction.now
        budi = transaction.db.execute(select(person.c.id).where(person.c.name == "Budi")).scalar_one()
        transaction.db.execute(insert(role_grant).values(person_id=budi, role="trainer", granted_at=now))
    lines = (HEAD, ";Ani;Dinas B", ";Budi;Dinas B", ";Dodi;Dinas A", ";Eka;Dinas B")
    shown = plan(database, *lines)
    assert lists(shown) == {"new": ["Ani", "Budi"], "gone": ["Ani"], "unchanged": ["Dodi", "Eka"]}
    own = Scope(everyone=False, units=frozenset({in_unit(database, "Dinas B")}))
    shown = plan(database, HEAD, ";Dodi;Dinas B", ";Eka;Dinas B", scope=own)
    assert (lists(shown), shown.new[0].warnings) == ({"new": ["Dodi"], "unchanged": ["Eka"]}, ("id_made",))


def test_whoever_is_gone_comes_back_as_the_same_row(database: Database) -> None:
    bring_in(database, LONG, ";Budi;Dinas A;Pemkab", ";Ani;Dinas A;Pemkab")
    bring_in(database, LONG, ";Ani;Dinas A;Pemkab")
    back = plan(database, HEAD, ";Budi;Dinas A", ";Ani;Dinas A")
    assert back.changed[0].changes == {"state": ("gone", "active")}


def test_a_self_registered_namesake_is_not_taken_for_the_person(database: Database) -> None:
    bring_in(database, HEAD, ";Ani;Dinas A")
    forged = made_id(("", "Dinas A"), "Budi")
    with database.write() as transaction:
        place = transaction.db.execute(select(unit.c.id)).scalar_one()
        times = {"created_at": transaction.now, "updated_at": transaction.now}
        values = {"employee_id": forged, "name": "Budi", "kind": "non_asn", "unit_id": place, "assurance": "declared"}
        transaction.db.execute(insert(person).values(**values, **times))
    shown = plan(database, HEAD, ";Ani;Dinas A", ";Budi;Dinas A")
    assert [(one.name, one.key != forged) for one in shown.new] == [("Budi", True)]
    numbered = plan(database, HEAD, ";Ani;Dinas A", "198503152010011005;Budi;Dinas A")
    assert (lists(numbered), numbered.new[0].warnings) == ({"new": ["Budi"], "unchanged": ["Ani"]}, ())


def test_a_plan_is_stale_once_the_id_it_showed_is_not_the_one(database: Database) -> None:
    bring_in(database, HEAD, ";Ani;Dinas A")
    shown = plan(database, HEAD, ";Ani;Dinas A", ";Budi;Dinas A")
    with database.write() as transaction:
        transaction.db.execute(update(person).values(employee_id=shown.new[0].key))
    with pytest.raises(StalePlan):
        write(database, shown)


def test_imports_at_once_do_not_double_people_without_numbers(database: Database) -> None:
    bring_in(database, HEAD, ";Budi;Dinas A", ";Ani;Dinas A", ";Cici;Dinas B")
    shown = [plan(database, HEAD, ";Budi;Dinas B", ";Ani;Dinas A", ";Cici;Dinas B", ";Dodi;Dinas A") for _ in range(4)]

    def attempt(each: Plan) -> str:
        try:
            write(database, each)
        except StalePlan:
            return "stale"
        return "written"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, shown)) == ["stale", "stale", "stale", "written"]
    assert [row[2:4] for row in people(database)] == [
        *(("Budi", "Dinas B"), ("Ani", "Dinas A")),
        *(("Cici", "Dinas B"), ("Dodi", "Dinas A")),
    ]

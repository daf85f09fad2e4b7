"""A unit imported without its agency, and later with it, stays one unit."""

from typing import Any

import pytest
from sqlalchemy import select

from people.roles import Scope
from people.roster import StalePlan
from storage.engine import Database
from storage.tables import person, unit
from tests.people.test_unnumbered import bring_in, lists, plan, write

HEAD, LONG = "NIP;Nama;Unit Kerja", "NIP;Nama;Instansi;Unit Kerja;Sub Unit"
ONE, TWO, THREE = "199001012020121991", "199001012020121992", "199001012020121993"


def tree(database: Database) -> dict[str, tuple[int, int | None]]:
    with database.read() as transaction:
        rows: Any = transaction.db.execute(select(unit))
        return {row.name: (row.id, row.parent_id) for row in rows}


def homes(database: Database) -> dict[str, int]:
    with database.read() as transaction:
        return {row.name: row.unit_id for row in transaction.db.execute(select(person))}


def test_a_unit_comes_below_its_agency_and_keeps_its_people(database: Database) -> None:
    bring_in(database, HEAD, f"{ONE};Ani;Dinas A", ";Budi;Dinas A")
    root = tree(database)["Dinas A"][0]
    lines = (LONG, f"{ONE};Ani;Pemkab;Dinas A;", ";Budi;pemkab;dinas a;", f"{TWO};Cici;Pemkab;Dinas A;Bidang")
    shown = plan(database, *lines)
    assert lists(shown) == {"new": ["Cici"], "unchanged": ["Ani", "Budi"]}
    assert [(one.name, one.label) for one in shown.adopted] == [("Dinas A", "Pemkab › Dinas A")]
    assert shown.new_units == ["Pemkab", "Pemkab › Dinas A › Bidang"]
    assert shown.new[0].unit == "Pemkab › Dinas A › Bidang"
    write(database, shown)
    units = tree(database)
    assert units["Dinas A"] == (root, units["Pemkab"][0])
    assert units["Bidang"][1] == root
    again = plan(database, *lines)
    assert (lists(again), again.adopted) == ({"unchanged": ["Ani", "Budi", "Cici"]}, [])
    with pytest.raises(StalePlan):
        write(database, shown)


def test_a_known_agency_takes_it_too_and_nothing_else_need_change(database: Database) -> None:
    bring_in(database, HEAD, f"{ONE};Ani;Dinas A")
    bring_in(database, LONG, f"{TWO};Budi;Pemkab;Dinas B;")
    shown = plan(database, LONG, f"{ONE};Ani;Pemkab;Dinas A;")
    assert (lists(shown), shown.new_units) == ({"unchanged": ["Ani"]}, [])
    write(database, shown)
    units = tree(database)
    assert units["Dinas A"][1] == units["Dinas B"][1] == units["Pemkab"][0]


@pytest.mark.parametrize(
    "rows",
    [
        (f"{THREE};Dodi;Pemkab;Dinas A;",),  # nobody of it is known: it may be another one of this name
        (f"{ONE};Ani;Pemkab;Dinas A;", f"{THREE};Dodi;Pemprov;Dinas A;"),  # two agencies
        (f"{ONE};Ani;Pemkab;Dinas A;", f"{THREE};Dodi;Dinas A;Bidang;"),  # an agency itself
        (f"{TWO};Budi;Pemkab;Dinas A;",),  # whom the file names stands elsewhere
    ],
)
def test_where_it_is_not_clear_another_unit_is_made(database: Database, rows: tuple[str, ...]) -> None:
    bring_in(database, HEAD, f"{ONE};Ani;Dinas A", f"{TWO};Budi;Dinas B")
    shown = plan(database, LONG, *rows)
    assert shown.adopted == []
    assert "Pemkab › Dinas A" in shown.new_units


def test_only_who_looks_after_all_units_rearranges_them(database: Database) -> None:
    bring_in(database, HEAD, f"{ONE};Ani;Dinas A")
    own = Scope(everyone=False, units=frozenset({tree(database)["Dinas A"][0]}))
    shown = plan(database, LONG, f"{ONE};Ani;Pemkab;Dinas A;", scope=own)
    assert (shown.adopted, [row.code for row in shown.refused]) == ([], ["unit_outside"])

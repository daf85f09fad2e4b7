"""Finding a unit among many by words of its path."""

import pytest

from people import units
from people.roles import EVERYONE, Scope
from people.units import Place
from storage.engine import Database

SHAPE = {
    "Dinas Pendidikan": ["SD Negeri 2", "SD Negeri 12", "Bidang Pendidikan Dasar"],
    "Dinas Kesehatan": ["Puskesmas Pendidikan", "UPT Gudang"],
}


@pytest.fixture
def tree(database: Database) -> dict[str, int]:
    """Units by their path."""
    with database.write() as transaction:
        places = [Place(None, (office, name)) for office, names in SHAPE.items() for name in names]
        units.make(transaction.db, places)
        return {each.label: each.unit_id for each in units.choices(transaction.db, scope=EVERYONE)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("negeri 2", ["Dinas Pendidikan › SD Negeri 2", "Dinas Pendidikan › SD Negeri 12"]),
        ("  GUDANG kesehatan ", ["Dinas Kesehatan › UPT Gudang"]),
        (
            "pendidikan",
            [
                "Dinas Kesehatan › Puskesmas Pendidikan",
                "Dinas Pendidikan",
                "Dinas Pendidikan › Bidang Pendidikan Dasar",
                "Dinas Pendidikan › SD Negeri 12",
                "Dinas Pendidikan › SD Negeri 2",
            ],
        ),
        ("dinas pendidikan", ["Dinas Pendidikan"]),
        ("100%", []),
    ],
)
def test_the_nearest_unit_comes_first(database: Database, tree: dict[str, int], text: str, found: list[str]) -> None:
    with database.read() as transaction:
        shown, total = units.matching(transaction.db, scope=EVERYONE, text=text, limit=20)
        few, same = units.matching(transaction.db, scope=EVERYONE, text=text, limit=2)
    assert [each.label for each in shown][: len(found)] == found
    assert total == same == len(shown)
    assert few == shown[:2]


def test_units_out_of_scope_are_not_found(database: Database, tree: dict[str, int]) -> None:
    own = Scope(everyone=False, units=frozenset({tree["Dinas Kesehatan › UPT Gudang"]}))
    with database.read() as transaction:
        assert units.matching(transaction.db, scope=own, text="negeri", limit=9) == ([], 0)
        assert units.matching(transaction.db, scope=own, text="upt", limit=9)[1] == 1


def test_one_unit_is_named_with_its_path(database: Database, tree: dict[str, int]) -> None:
    with database.read() as transaction:
        assert units.count(transaction.db) == len(tree) == 7
        for label, unit_id in tree.items():
            assert units.choice(transaction.db, unit_id) == units.UnitChoice(unit_id, label)
        assert units.choice(transaction.db, 999_999) is None

"""Units: a tree Instansi › Unit Kerja (› Sub-unit), found by names whose capitals do not matter."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from people import roster_store
from people.roles import Scope

Path = tuple[str, ...]
ABOVE = " › "
"""Between a unit and the one above it, wherever a path is shown."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: an existing unit, and the names still to be made under it (none: the unit itself)."""

    unit_id: int | None
    missing: Path = ()

    @property
    def key(self) -> tuple[int | None, Path]:
        """The same for spellings that differ in capitals only."""
        return self.unit_id, tuple(name.casefold() for name in self.missing)


class Tree:
    """The units of the database at one moment."""

    def __init__(self, units: Mapping[int, Any]) -> None:
        self._units = units
        self._above: dict[int, Place] = {}
        self._adopted: dict[tuple[str, str], int] = {}
        self._children: dict[tuple[int | None, str], int] = {}
        self._named: defaultdict[str, list[int]] = defaultdict(list)
        for unit in units.values():
            self._children[unit.parent_id, unit.name.casefold()] = unit.id
            self._named[unit.name.casefold()].append(unit.id)

    def label(self, place: Place) -> str:
        """Instansi › Unit Kerja › Sub-unit."""
        names = list(reversed(place.missing))
        unit_id = place.unit_id
        while unit_id is not None:
            above = self._above.get(unit_id) or Place(self._units[unit_id].parent_id)
            names += [self._units[unit_id].name, *reversed(above.missing)]
            unit_id = above.unit_id
        return ABOVE.join(reversed(names))

    def top(self, unit_id: int | None) -> int | None:
        """Return the unit above everything that is above this one."""
        while unit_id is not None and (parent := self._units[unit_id].parent_id) is not None:
            unit_id = parent
        return unit_id

    def doubled(self, path: Path) -> int | None:
        """Return the unit without an agency whose name this path would make once more, below an agency."""
        if len(path) < 2 or path[0] == "":
            return None
        agency, name = self._children.get((None, path[0].casefold())), path[1].casefold()
        below = None if agency is None else self._children.get((agency, name))
        return self._children.get((None, name)) if below is None else None

    def adopt(self, unit_id: int, agency: str) -> Place:
        """Let paths through this agency lead to the unit; return where the agency is or will be."""
        self._above[unit_id] = self._walk(None, (agency,))
        self._adopted[agency.casefold(), self._units[unit_id].name.casefold()] = unit_id
        return self._above[unit_id]

    def find(self, path: Path, scope: Scope) -> Place | str:
        """Return where a path leads, or the code why it leads nowhere the scope allows."""
        start, names = None, path
        if path[0] == "":
            names = path[1:]
            named = [unit_id for unit_id in self._named.get(names[0].casefold(), ()) if scope.covers(unit_id)]
            if len(named) > 1:
                return "unit_unclear"
            if named:
                start, names = named[0], names[1:]
        elif path[1:] and (adopted := self._adopted.get((path[0].casefold(), path[1].casefold()))):
            start, names = adopted, path[2:]
        place = self._walk(start, names)
        allowed = scope.everyone if place.unit_id is None else scope.covers(place.unit_id)
        return place if allowed else "unit_outside"

    def _walk(self, start: int | None, names: Path) -> Place:
        for level, name in enumerate(names):
            child = self._children.get((start, name.casefold()))
            if child is None:
                return Place(start, names[level:])
            start = child
        return Place(start)


def read_tree(db: Connection) -> Tree:
    """Return the units as they stand."""
    return Tree(roster_store.units(db))


@dataclass(frozen=True)
class UnitChoice:
    """A unit as a list shows it, with its whole path."""

    unit_id: int
    label: str


def choices(db: Connection, *, scope: Scope) -> list[UnitChoice]:
    """Return the units in scope, by path."""
    units = roster_store.units(db)
    tree = Tree(units)
    found = [UnitChoice(unit_id, tree.label(Place(unit_id))) for unit_id in units if scope.covers(unit_id)]
    return sorted(found, key=lambda choice: choice.label.casefold())


def count(db: Connection) -> int:
    """Return how many units there are."""
    return roster_store.unit_count(db)


def choice(db: Connection, unit_id: int) -> UnitChoice | None:
    """Return one unit, without reading the whole tree; None where there is none."""
    above = roster_store.units_above(db, unit_id)
    return UnitChoice(unit_id, Tree(above).label(Place(unit_id))) if unit_id in above else None


def matching(db: Connection, *, scope: Scope, text: str, limit: int) -> tuple[list[UnitChoice], int]:
    """Return the units in scope whose path holds every word, and how many there are.

    First the one named just so, then those whose own name has the words whole ("SD Negeri 2" before "SD Negeri 12"),
    then those whose own name holds them, then those that owe them to a unit above; alike by path.
    """
    words = text.casefold().split()
    found = [each for each in choices(db, scope=scope) if _holds(each.label, words)]
    found.sort(key=lambda each: _distance(each.label.rpartition(ABOVE)[2], words))
    return found[:limit], len(found)


def _holds(name: str, words: list[str]) -> bool:
    folded = name.casefold()
    return all(word in folded for word in words)


def _distance(name: str, words: list[str]) -> int:
    own = name.casefold().split()
    nearest = (own == words, set(words) <= set(own), _holds(name, words), True)
    return nearest.index(True)


def make(db: Connection, places: list[Place]) -> dict[tuple[int | None, Path], int]:
    """Make the missing units of these places; return the unit of each by `Place.key`. Zones come from above."""
    zones = {unit.id: unit.zone for unit in roster_store.units(db).values()}
    made: dict[tuple[int | None, Path], int] = {}
    for place in sorted(places, key=lambda place: len(place.missing)):
        parent = place.unit_id
        for level, name in enumerate(place.missing, start=1):
            key = Place(place.unit_id, place.missing[:level]).key
            if key not in made:
                zone = zones.get(parent, "Asia/Jakarta") if parent else "Asia/Jakarta"
                made[key] = roster_store.add_unit(db, parent, name, zone)
                zones[made[key]] = zone
            parent = made[key]
    return made

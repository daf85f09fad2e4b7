"""Compares a roster with the database: who is new, moved, changed, gone or as before, and which rows are refused."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection

from people import roster_store, units, words
from people.adopting import Adoption, adopt
from people.reading import Table
from people.roles import Scope
from people.rows import Path, RefusedRow, RosterRow
from people.units import Place, Tree
from people.unnumbered import Unnumbered, named

Changes = Mapping[str, tuple[str, str]]
_GONE: Changes = {"state": ("active", "gone")}


class Entry(NamedTuple):
    """One person of a plan. `row` is 0 for people who are not in the file."""

    row: int
    key: str
    name: str
    unit: str
    changes: Changes
    warnings: tuple[str, ...]
    person_id: int | None
    place: Place
    source: RosterRow | None

    @property
    def remarks(self) -> list[tuple[str, str]]:
        """What is odd in the row, and what to look at, in words."""
        return [(words.ALL[code][0].format(made=self.key), words.ALL[code][1]) for code in self.warnings]


@dataclass(frozen=True)
class Plan:
    """What an import would do, and the fingerprint of exactly that. `withheld`: units where nobody is judged gone;
    `kept`: absent people who hold a role, which is taken first and by hand."""

    table: Table
    new: list[Entry]
    moved: list[Entry]
    changed: list[Entry]
    gone: list[Entry]
    kept: list[Entry]
    unchanged: list[Entry]
    refused: list[RefusedRow]
    new_units: list[str]
    adopted: list[Adoption]
    withheld: bool
    fingerprint: str

    @property
    def counts(self) -> dict[str, int]:
        """How many people each list holds."""
        return {name: len(getattr(self, name)) for name in LISTS}

    @property
    def warned(self) -> list[Entry]:
        """Everybody whose row is taken with a warning, also where nothing changes."""
        taken = (*self.new, *self.moved, *self.changed, *self.unchanged)
        return sorted((entry for entry in taken if entry.warnings), key=lambda entry: entry.row)


LISTS = ("new", "moved", "changed", "gone", "unchanged", "refused")


def plan(db: Connection, *, scope: Scope, table: Table) -> Plan:
    """Compare a table with the database, inside the scope, and say what each row would do."""
    return _Planner(db, scope, table).plan()


class _Planner:
    def __init__(self, db: Connection, scope: Scope, table: Table) -> None:
        self.db, self.scope, self.table = db, scope, table
        self.tree: Tree = units.read_tree(db)
        self.places: dict[Path, Place | str] = {}
        self.labels: dict[Place, str] = {}
        self.taken: dict[int, int] = {}
        nips = {row.nip for row in table.rows if row.nip} | {row.key for row in table.refused if row.key}
        ids = {row.employee_id for row in table.rows if row.employee_id} | {row.key for row in table.refused}
        self.known = roster_store.people_by_keys(db, nips, ids)
        self.by_nip = {person.nip: person for person in self.known.values() if person.nip}
        self.by_id = {person.employee_id: person for person in self.known.values() if person.employee_id}
        unknown = any(row.unnumbered or self._numbered(row) is None for row in table.rows)
        self.unnumbered = Unnumbered(roster_store.people_with_made_ids(db) if unknown else ())
        self.given = {row.employee_id for row in table.rows if not row.unnumbered} | {row.key for row in table.refused}
        self.doubted: set[int] = set()

        # Who looks after some units only does not rearrange the tree.
        self.adopted = adopt(self.tree, table.rows, self._known) if scope.everyone else []

    def plan(self) -> Plan:
        lists: dict[str, list[Any]] = {name: [] for name in LISTS}
        lists["refused"] = list(self.table.refused)
        said = [(row.path, row.name) for row in self.table.rows] + [(row.path, row.name) for row in self.table.refused]
        placed = [(self._place(path), named(name)) for path, name in said if path]
        self.alike = Counter((place.key, name) for place, name in placed if isinstance(place, Place))
        for row in self.table.rows:
            kind, entry = self._judge(row)
            lists[kind].append(entry)
        lists["refused"].sort(key=lambda row: row.row)
        withheld, judged = self._judged_units(lists["refused"])
        absent = self._absent(judged, lists)
        unclear = {named(row.name) for row in self._unclear(lists["refused"])}
        withheld = withheld or any(named(person.name) in unclear for person in absent)
        absent = [person for person in absent if named(person.name) not in unclear]
        self._part(lists, [person for person in absent if not person.holds_role])
        labels = {entry.place: entry.unit for entry in lists["new"] + lists["moved"] if entry.place.missing}
        labels |= {one.above: self._label(one.above) for one in self.adopted if one.above.missing}
        made = {place.key: label for place, label in labels.items()}
        return Plan(
            self.table,
            **lists,
            kept=[self._leaver(person) for person in absent if person.holds_role],
            new_units=sorted(made.values()),
            adopted=self.adopted,
            withheld=withheld,
            fingerprint=_mark(self.table, lists, self.adopted),
        )

    def _known(self, row: RosterRow, place: Place) -> Any | None:
        """The person a row names; one without numbers if they stand in this unit."""
        if row.unnumbered:
            return self.unnumbered.at(row, place)
        return self._numbered(row)

    def _numbered(self, row: RosterRow) -> Any | None:
        return self.by_nip.get(row.nip) or self.by_id.get(row.employee_id)

    def _place(self, path: Path) -> Place | str:
        found = self.places.get(path)
        if found is None:
            found = self.places[path] = self.tree.find(path, self.scope)
        return found

    def _label(self, place: Place) -> str:
        if place not in self.labels:
            self.labels[place] = self.tree.label(place)
        return self.labels[place]

    def _judge(self, row: RosterRow) -> tuple[str, Entry | RefusedRow]:
        place = self._place(row.path)
        if isinstance(place, str):
            return "refused", _refuse(row, "Unit Kerja", place)
        person = self._unnumbered(row, place) if row.unnumbered else self._person(row)
        if isinstance(person, RefusedRow):
            return "refused", person
        if row.unnumbered:
            row = row._replace(employee_id=person.employee_id if person else self.unnumbered.free_id(row))
        if person is None:
            person, row = self._numbered_since(row, place)
        if person is None:
            return "new", Entry(row.row, row.key, row.name, self._label(place), {}, row.warnings, None, place, row)
        return self._compared(person, row, place)

    def _compared(self, person: Any, row: RosterRow, place: Place) -> tuple[str, Entry]:
        label = self._label(place)
        changes = _changes(person, row)
        kind = "changed" if changes else "unchanged"
        if place.missing or person.unit_id != place.unit_id:
            changes["unit"] = (self._label(Place(person.unit_id)), label)
            kind = "moved"
        return kind, Entry(row.row, row.key, row.name, label, changes, row.warnings, person.id, place, row)

    def _person(self, row: RosterRow) -> Any | RefusedRow | None:
        """The person a row names, None for a new one; refused when it names two, or one out of scope."""
        by_nip = self.by_nip.get(row.nip) if row.nip else None
        by_id = self.by_id.get(row.employee_id) if row.employee_id else None
        person = by_nip or by_id
        if person is None:
            return None
        if by_id is not None and (person.id != by_id.id or (row.nip and by_id.nip not in (None, row.nip))):
            return _refuse(row, "ID Pegawai", "id_taken")
        if self.taken.setdefault(person.id, row.row) != row.row:
            return _refuse(row, "ID Pegawai", "duplicate", str(self.taken[person.id]))
        # Whoever registered themselves chose their unit; nobody of that unit has confirmed them.
        if not self.scope.covers(person.unit_id) and person.assurance != "declared":
            return _refuse(row, "NIP" if row.nip else "ID Pegawai", "person_outside")
        return person

    def _unnumbered(self, row: RosterRow, place: Place) -> Any | RefusedRow | None:
        """The person of this name in this unit, None for a new one; refused when an earlier row means the same."""
        person = self.unnumbered.at(row, place)
        first = self.unnumbered.earlier(row, place)
        if person is not None:
            first = min(first, self.taken.setdefault(person.id, row.row))
        return person if first == row.row else _refuse(row, "ID Pegawai", "duplicate_name", str(first))

    def _numbered_since(self, row: RosterRow, place: Place) -> tuple[Any | None, RosterRow]:
        """Whoever stood here under this name without a number; where that may be several, a doubt beside the row."""
        found = [] if row.unnumbered else self.unnumbered.active_at(row, place)
        found = [person for person in found if person.employee_id not in self.given]
        if len(found) == 1 and self.alike[place.key, named(row.name)] == 1:
            self.taken[found[0].id] = row.row
            return found[0], row
        self.doubted |= {person.id for person in found}
        return None, row._replace(warnings=(*row.warnings, "name_here")) if found else row

    def _judged_units(self, refused: list[RefusedRow]) -> tuple[bool, set[int]]:
        """Units named in the file, except where a refused row may be one of their people."""
        named = {place for place in map(self._place, {row.path for row in self.table.rows}) if isinstance(place, Place)}
        judged = {place.unit_id for place in named if not place.missing and place.unit_id is not None}
        unclear = self._unclear(refused)
        if any(not row.path or not row.name for row in unclear):
            return True, set()
        hidden = {place.unit_id for place in (self._place(row.path) for row in unclear) if isinstance(place, Place)}
        return bool(judged & hidden), {unit_id for unit_id in judged - hidden if self.scope.covers(unit_id)}

    def _unclear(self, refused: list[RefusedRow]) -> list[RefusedRow]:
        """Refused rows whose number names nobody: each may be anybody of its unit, or of its name elsewhere."""
        return [row for row in refused if row.key not in self.by_nip and row.key not in self.by_id]

    def _absent(self, judged: set[int], lists: Mapping[str, list[Any]]) -> list[Any]:
        """People of the judged units whom no row names."""
        if not judged:
            return []
        rows = [row for row in self.table.rows if not row.unnumbered]
        rows += [entry.source for name in ("new", "moved", "changed", "unchanged") for entry in lists[name]]
        present = {row.nip for row in rows} | {row.employee_id for row in rows}
        keys = {key for key in present | {row.key for row in lists["refused"]} if key}
        absent = roster_store.absent_from(self.db, judged, keys)
        return [person for person in absent if person.id not in self.taken and person.id not in self.doubted]

    def _part(self, lists: dict[str, list[Any]], absent: list[Any]) -> None:
        """Tell who is gone from who only moved: new in one unit, gone from another, under one name."""
        leaving = {person.id: person for person in absent}
        fresh = Counter(named(entry.name) for entry in lists["new"] if entry.source.unnumbered)
        for place, entry in enumerate(lists["new"]):
            if not entry.source.unnumbered:
                continue
            others = [one for one in self.unnumbered.namesakes(entry.name) if self._is_open(one)]
            if len(others) == 1 and others[0].id in leaving and fresh[named(entry.name)] == 1:
                person = leaving.pop(others[0].id)
                row = entry.source._replace(employee_id=person.employee_id)
                lists["moved"].append(self._compared(person, row, entry.place)[1])
                lists["new"][place] = None
            elif others:
                lists["new"][place] = entry._replace(warnings=(*entry.warnings, "name_elsewhere"))
        lists["new"] = [entry for entry in lists["new"] if entry]
        lists["moved"].sort(key=lambda entry: entry.row)
        lists["gone"] = [self._leaver(person) for person in leaving.values()]

    def _is_open(self, person: Any) -> bool:
        """Whether no row names this person, who is in scope."""
        return person.id not in self.taken and self.scope.covers(person.unit_id)

    def _leaver(self, person: Any) -> Entry:
        place, key = Place(person.unit_id), person.nip or person.employee_id
        return Entry(0, key, person.name, self._label(place), _GONE, (), person.id, place, None)


def _refuse(row: RosterRow, column: str, code: str, other: str = "") -> RefusedRow:
    return RefusedRow(row.row, column, code, other, row.key, row.path, row.name, "" if row.unnumbered else row.key)


def _changes(person: Any, row: RosterRow) -> dict[str, tuple[str, str]]:
    wanted = {"name": row.name, **row.details}
    if row.nip:
        wanted["nip"] = row.nip
    if row.nip or not person.nip:
        wanted["kind"] = row.kind
    if row.employee_id:
        wanted["employee_id"] = row.employee_id
    changes = {name: (old or "", new) for name, new in wanted.items() if (old := getattr(person, name)) != new}
    if person.state == "gone":
        changes["state"] = ("gone", "active")
    if person.assurance == "declared":
        changes["assurance"] = ("declared", "roster")
    return changes


def _mark(table: Table, lists: Mapping[str, list[Any]], adopted: list[Adoption]) -> str:
    """The file, and what becomes of each of its rows; what is in a row the file says."""
    said = (
        table.digest,
        [(name, [each.row for each in entries]) for name, entries in lists.items()],
        [(each.key, each.unit, each.changes) for name in ("moved", "changed", "gone") for each in lists[name]],
        [each.key for each in lists["new"] if each.source.unnumbered],
        [each.code for each in lists["refused"]],
        [(each.unit_id, each.label) for each in adopted],
    )
    return sha256(json.dumps(said).encode()).hexdigest()

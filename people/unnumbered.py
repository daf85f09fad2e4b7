"""People without NIP and employee id: name and unit tell who they are, and the id made for them stays theirs."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from people.codes import ALPHABET
from people.rows import MADE_LETTERS, RosterRow, made_id
from people.units import Place

_MADE = re.compile(f"NA-[{ALPHABET}]{{{MADE_LETTERS}}}")


def named(name: str) -> str:
    """Return what two spellings of a name share."""
    return name.casefold()


class Unnumbered:
    """Everybody who has a made id, with what the rows of one file say of them.

    Whoever registered themselves is nobody here: they chose name, unit and id alike.
    """

    def __init__(self, people: Iterable[Any]) -> None:
        made = [person for person in people if _MADE.fullmatch(person.employee_id)]
        self._ids = {person.employee_id for person in made}
        self._rows: dict[tuple[object, str], int] = {}
        self._homes: defaultdict[tuple[int | None, str], list[Any]] = defaultdict(list)
        self._active: defaultdict[str, list[Any]] = defaultdict(list)
        for person in made:
            if person.assurance != "declared":
                self._homes[person.unit_id, named(person.name)].append(person)
                if person.state == "active" and person.nip is None:
                    self._active[named(person.name)].append(person)

    def earlier(self, row: RosterRow, place: Place) -> int:
        """Return the first row of this name in this unit, however that is written: perhaps the row itself."""
        return self._rows.setdefault((place.key, named(row.name)), row.row)

    def at(self, row: RosterRow, place: Place) -> Any | None:
        """Return the person of this name in this unit, rather an active one than one who is gone."""
        found = self._homes.get((place.unit_id, named(row.name)), []) if not place.missing else []
        return min(found, key=lambda person: (person.state != "active", person.id), default=None)

    def active_at(self, row: RosterRow, place: Place) -> list[Any]:
        """Return the active people of this name in this unit who still have no number."""
        found = self._active.get(named(row.name), []) if not place.missing else []
        return [person for person in found if person.unit_id == place.unit_id]

    def free_id(self, row: RosterRow) -> str:
        """Return an id for somebody new. Whoever left this unit may have kept the usual one."""
        turn = 0
        while (found := made_id(row.path, row.name, turn)) in self._ids:
            turn += 1
        self._ids.add(found)
        return found

    def namesakes(self, name: str) -> list[Any]:
        """Return the active people of this name who have no number, in any unit."""
        return self._active.get(named(name), [])

"""A unit that an earlier file named without its agency: it is put below the agency, instead of being made once more."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from people.rows import Path, RosterRow
from people.units import Place, Tree


class Adoption(NamedTuple):
    """A unit that stood at the top, and the agency that it comes under."""

    unit_id: int
    above: Place
    name: str
    label: str


def adopt(tree: Tree, rows: Iterable[RosterRow], person_of: Callable[[RosterRow, Place], Any]) -> list[Adoption]:
    """Find such units and put them in their places in the tree.

    One name proves little: somebody whom the file names there must already stand in the unit. And only where the file
    leaves no choice: one agency for it, and it is none itself.
    """
    wanted: defaultdict[int, list[RosterRow]] = defaultdict(list)
    doubled: dict[Path, int | None] = {}
    for row in rows:
        if row.path not in doubled:
            doubled[row.path] = tree.doubled(row.path)
        if (unit_id := doubled[row.path]) is not None:
            wanted[unit_id].append(row)
    agencies = {path[0].casefold() for path in doubled}
    found = []
    for unit_id, claims in wanted.items():
        name = tree.label(Place(unit_id))
        aboves = {row.path[0].casefold(): row.path[0] for row in claims}
        known = (person_of(row, Place(unit_id)) for row in claims)
        if (
            len(aboves) == 1
            and name.casefold() not in agencies
            and any(one is not None and tree.top(one.unit_id) == unit_id for one in known)
        ):
            above = tree.adopt(unit_id, *aboves.values())
            found.append(Adoption(unit_id, above, name, tree.label(Place(unit_id))))
    return found

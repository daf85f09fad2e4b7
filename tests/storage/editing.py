"""What somebody who can write the database may do to the audit log, its triggers gone (tests/tampering.py)."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from sqlalchemy import Connection, delete, select, text, update

from storage import audit
from storage.tables import audit as rows
from storage.tables import installation

LENGTH = 40

Edit = Callable[[Connection, Random], str]


def _change_a_cell(db: Connection, random: Random) -> str:
    name = random.choice(["actor", "action", "object", "detail", "previous", "hash"])
    number = random.randint(1, LENGTH)
    old = db.execute(select(rows.c[name]).where(rows.c.id == number)).scalar_one()
    place = random.randrange(len(old))
    new = old[:place] + random.choice("abc0 ") + old[place + random.randint(0, 1) :]
    db.execute(update(rows).where(rows.c.id == number).values({name: new if new != old else f"{old}."}))
    return f"{name} of {number}"


def _spoil_a_cell(db: Connection, random: Random) -> str:
    """What is not of the column's kind: no driver can give it as what it should be."""
    number = random.randint(1, LENGTH)
    what = random.choice(UNREADABLE[db.dialect.name])
    db.execute(text(f"UPDATE audit SET {what} WHERE id = {number}"))
    return f"{what} in {number}"


UNREADABLE = {
    "sqlite": (
        "at = 'kemarin'",
        "at = ''",
        "at = 5",
        "detail = x'ff00'",
        "actor = CAST(x'ff00' AS TEXT)",
        "hash = x'00'",
    ),
    "postgresql": ("at = 'infinity'", "at = '0044-03-15 BC'", "at = '20000-01-01'"),
}


def _change_the_time(db: Connection, random: Random) -> str:
    number = random.randint(1, LENGTH)
    at = db.execute(select(rows.c.at).where(rows.c.id == number)).scalar_one()
    db.execute(update(rows).where(rows.c.id == number).values(at=at + timedelta(microseconds=random.randint(1, 10**9))))
    return f"at of {number}"


def _renumber(db: Connection, random: Random) -> str:
    number = random.randint(1, LENGTH)
    db.execute(update(rows).where(rows.c.id == number).values(id=LENGTH + random.randint(1, 9)))
    return f"id of {number}"


def _remove_one(db: Connection, random: Random) -> str:
    number = random.randint(1, LENGTH)
    db.execute(delete(rows).where(rows.c.id == number))
    return f"row {number} removed"


def _remove_the_last(db: Connection, random: Random) -> str:
    kept = random.choice([LENGTH - 1, LENGTH - 1, random.randint(0, LENGTH - 1)])
    db.execute(delete(rows).where(rows.c.id > kept))
    return f"rows after {kept} removed"


def _remove_the_first(db: Connection, random: Random) -> str:
    number = random.randint(1, LENGTH)
    db.execute(delete(rows).where(rows.c.id <= number))
    return f"rows up to {number} removed"


def _swap(db: Connection, random: Random) -> str:
    one, other = random.sample(range(1, LENGTH + 1), 2)
    for old, new in ((one, 900), (other, one), (900, other)):
        db.execute(update(rows).where(rows.c.id == old).values(id=new))
    return f"{one} and {other} swapped"


def _forge(db: Connection, random: Random) -> str:
    row = dict(db.execute(select(rows).where(rows.c.id == random.randint(1, LENGTH))).mappings().one())
    last = db.execute(select(rows.c.hash).where(rows.c.id == LENGTH)).scalar_one()
    row |= {"id": LENGTH + 1, "previous": last, "hash": "f" * 64}
    db.execute(rows.insert().values(row))
    return "a row added"


def _spoil_the_head(db: Connection, random: Random) -> str:
    head = installation.c.key == "audit.head"
    if random.random() < 0.5:
        db.execute(delete(installation).where(head))
        return "head removed"
    db.execute(update(installation).where(head).values(value=random.choice(["", "x", f"{LENGTH - 1} {'0' * 64}"])))
    return "head changed"


def remove_all(db: Connection, _random: Random) -> str:
    db.execute(delete(rows))
    db.execute(delete(installation).where(installation.c.key == "audit.head"))
    return "all removed, the head too"


def _cut_and_fit_the_head(db: Connection, random: Random) -> str:
    """Take the end away and write a head that fits what is left, with a seal of another row or of no secret."""
    kept = random.randint(0, LENGTH - 1)
    digest = db.execute(select(rows.c.hash).where(rows.c.id == kept)).scalar() or "0" * 64
    head = installation.c.key == "audit.head"
    old = db.execute(select(installation.c.value).where(head)).scalar_one().split(" ")
    ends = (f"{kept} {digest}", " ".join([str(kept), digest, *old[2:]]), audit.sealed(kept, digest, b""))
    db.execute(delete(rows).where(rows.c.id > kept))
    db.execute(update(installation).where(head).values(value=random.choice(ends)))
    return f"rows after {kept} removed, the head fitted"


EDITORS: tuple[Edit, ...] = (
    *(_change_a_cell, _change_a_cell, _change_the_time, _renumber, _remove_one, _remove_the_last),
    *(_remove_the_first, _swap, _forge, _spoil_the_head, _spoil_a_cell, remove_all, _cut_and_fit_the_head),
)

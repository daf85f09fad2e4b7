"""Many people at once at protocol level: signed in, each with a tab of their own on a real server."""

import resource
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from people import signin
from people.roles import Actor
from storage.engine import Database
from storage.tables import person, unit
from tests.wire import Tab, answered, pressed

SECRET = "x" * 40
SAVE = "Simpan dan lanjut"
DESCRIPTORS = 20_000


def more_descriptors() -> None:
    """A thousand tabs need some thousand descriptors here, and four each in the server, which inherits the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def url_of(database: Database) -> str:
    """Return what SINETRAL_DATABASE_URL takes; connections of this process are closed."""
    database.engine.dispose()
    return database.engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")


def people(database: Database, count: int) -> list[tuple[Actor, str]]:
    """Make people who have done nothing yet; return each with a login token."""
    made = []
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        unit_id = db.execute(insert(unit).values(name="Dinas Kominfo").returning(unit.c.id)).scalar_one()
        for number in range(count):
            values: dict[str, Any] = {"employee_id": f"P-{number}", "name": f"Peserta {number}", "kind": "non_asn"}
            values |= {"assurance": "code", "unit_id": unit_id, "created_at": now, "updated_at": now}
            person_id = int(db.execute(insert(person).values(**values).returning(person.c.id)).scalar_one())
            token = signin.open_session(db, person_id=person_id, assurance="code", now=now)
            made.append((Actor(person_id, f"Peserta {number}", assurance="code"), token))
    return made


def at_quiz(url: str, token: str, session_id: str = "") -> Tab:
    """A tab at the pre-test, not opened yet."""
    return Tab(url, path="kuis", query="langkah=tes-awal", cookie=f"sinetral={token}", session_id=session_id)


def click(tab: Tab, number: int = 0) -> list[Any]:
    """What the browser sends when an option is chosen and saved."""
    return [*answered(tab, number), pressed(tab.button(SAVE))]


def question(tab: Tab) -> tuple[str, ...]:
    """What names the question on the screen: its widgets' ids hold attempt, position and sequence."""
    names: Sequence[Any] = [*tab.of_kind("Radio"), *tab.of_kind("Checkbox"), *tab.of_kind("Selectbox")]
    return tuple(widget.id for widget in names)

"""A process that upgrades databases on command, so that several can start at the very same moment.

Reads lines `URL AT MODE [SCRIPTS]`; waits until the time AT, upgrades, prints `migrated`, `already` or `error …`.
MODE `locked` is what the app does; `bare` leaves the locks out: the control. MODE `killed:N` upgrades in a child
that is killed at its Nth statement and prints how many it began.
"""

import os
import signal
import sys
import time
from pathlib import Path

from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event

from storage import migrating
from storage.engine import open_database


def _bare(url: str) -> bool:
    """Look first, then migrate, statement by statement, as a start without any lock would."""
    database = open_database(url)
    with database.engine.connect() as plain:
        db = plain.execution_options(isolation_level="AUTOCOMMIT")
        if MigrationContext.configure(db).get_current_revision() == migrating.head():
            return False
        command.upgrade(migrating.configured(migrating.SCRIPTS, db), "head")
    return True


def _killed(url: str, scripts: Path, last: int) -> str:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _die_at(url, scripts, last, writing)
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return str(len(pipe.read()))


def _die_at(url: str, scripts: Path, last: int, writing: int) -> None:
    database, begun = open_database(url), 0

    def count(*_: object) -> None:
        nonlocal begun
        begun += 1
        os.write(writing, b".")
        if begun == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", count)
    migrating.upgrade(database, scripts)


def _upgrade(url: str, at: str, mode: str, scripts: str = "") -> str:
    time.sleep(max(0, float(at) - time.time()))
    try:
        if mode.startswith("killed:"):
            return _killed(url, Path(scripts), int(mode.removeprefix("killed:")))
        if mode == "bare":
            done = _bare(url)
        else:
            database = open_database(url)
            done = migrating.upgrade(database)
            database.engine.dispose()
    except Exception as error:
        return f"error {type(error).__name__} {str(error).splitlines()[0][:120]}"
    return "migrated" if done else "already"


if __name__ == "__main__":
    migrating.head()
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        print(_upgrade(*line.split()), flush=True)  # noqa: T201

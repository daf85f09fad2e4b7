"""F19: an import that is killed leaves everybody or nobody, and the next one finishes the work."""

import subprocess
import sys
import time
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from people import roster
from people.roles import EVERYONE
from storage.engine import Database
from storage.tables import audit, person
from tests.conftest import ROOT
from tests.figures import count, figure

TIMES = count(3, 50)
ROWS = count(3_000, 20_000)
IMPORT = """
import sys
from datetime import date
from people import roster
from people.roles import EVERYONE
from storage.engine import open_database

table = roster.read(sys.stdin.buffer.read(), today=date(2026, 11, 21))
database = open_database(sys.argv[1])
with database.read() as transaction:
    shown = roster.plan(transaction.db, scope=EVERYONE, table=table)
print("ready", flush=True)
with database.write() as transaction:
    roster.apply(transaction.db, shown=shown, scope=EVERYONE, actor="test:cut", now=transaction.now)
    print("written", flush=True)
"""


def text(turn: int) -> bytes:
    born = date(1980, 1, 1)
    people = (f"{born + timedelta(n // 999):%Y%m%d}2005121{1 + n % 999:03};Orang {n} turn {turn}" for n in range(ROWS))
    return "\n".join(("NIP;Nama;Unit Kerja", *(f"{one};Dinas A" for one in people))).encode()


def stored(database: Database, turn: int) -> int:
    with database.read() as transaction:
        named = person.c.name.endswith(f" turn {turn}")
        return int(transaction.db.execute(select(func.count()).where(named)).scalar_one())


@pytest.mark.figure
def test_a_killed_import_leaves_all_or_nothing(database: Database) -> None:
    random, whole, cut = Random(5), 0, 0
    url = database.engine.url.render_as_string(hide_password=False)
    for turn in range(TIMES):
        with subprocess.Popen(
            [sys.executable, "-c", IMPORT, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(text(turn))
            process.stdin.close()
            assert process.stdout.readline() == b"ready\n"
            time.sleep(random.uniform(0, 0.6 if turn else 0))
            process.kill()
            process.wait()
        time.sleep(0.2)
        found = stored(database, turn)
        whole += found in (0, ROWS)
        cut += found == 0
        with database.read() as transaction:
            audited = select(func.count()).select_from(audit).where(audit.c.actor == "test:cut")
            assert transaction.db.execute(audited).scalar_one() == turn + 1 - cut
    figure(f"F19 {database.engine.dialect.name}", whole, TIMES, f"killed imports are whole or absent ({cut} absent)")
    assert whole == TIMES
    assert cut > 0
    table = roster.read(text(TIMES), today=date(2026, 11, 21))
    with database.read() as transaction:
        shown = roster.plan(transaction.db, scope=EVERYONE, table=table)
    with database.write() as transaction:
        roster.apply(transaction.db, shown=shown, scope=EVERYONE, actor="test", now=transaction.now)
    assert stored(database, TIMES) == ROWS

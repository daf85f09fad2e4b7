"""The same actions from a terminal. Every command says in one line what to do next when it fails."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from modules.catalog import Program
from modules.source import ContentError
from storage import audit as audit_log
from storage import migrating, troubles
from storage.engine import Database, Transaction
from storage.troubles import StorageError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
db_app = typer.Typer(no_args_is_help=True, help="Database schema.")
certificates_app = typer.Typer(no_args_is_help=True, help="Certificates.")
audit_app = typer.Typer(no_args_is_help=True, help="Audit log.")
app.add_typer(db_app, name="db")
app.add_typer(certificates_app, name="certificates")
app.add_typer(audit_app, name="audit")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say what went wrong and what to do next, in one line."""
    typer.echo(message, err=True)
    return typer.Exit(code)


def show(value: Any) -> None:
    """Print one JSON object."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def _database() -> Database:
    from web import current

    migrating.upgrade(current.database())
    return current.database()


@contextmanager
def _write() -> Iterator[Transaction]:
    with _database().write() as transaction:
        yield transaction


@contextmanager
def _read() -> Iterator[Transaction]:
    with _database().read() as transaction:
        yield transaction


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Migrate, then start the app."""
    import os
    import subprocess
    import sys

    given = {"SINETRAL_HOST": host, "SINETRAL_PORT": str(port) if port is not None else None}
    environment = {**os.environ, **{name: value for name, value in given.items() if value is not None}}
    command = [sys.executable, str(Path(__file__).with_name("app.py"))]
    raise typer.Exit(subprocess.run(command, env=environment, check=False).returncode)  # noqa: S603


@app.command()
def check(path: Annotated[Path | None, typer.Argument(help="Content root.")] = None, as_json: Json = False) -> None:
    """Validate all content."""
    from quizzes.checking import report

    result = report(path or Path(__file__).parent)
    if as_json:
        show({**result.counts, "findings": [asdict(finding) for finding in result.findings]})
    else:
        for finding in result.findings:
            typer.echo(str(finding))
        typer.echo("\n".join(result.table))
        typer.echo(" · ".join(f"{name} {value}" for name, value in result.counts.items() if isinstance(value, int)))
    if result.errors:
        raise fail(f"{result.errors} errors. Mend them and run check again.")


@app.command()
def demo(
    people: Annotated[int, typer.Option(help="How many people.")] = 60,
    units: Annotated[int, typer.Option(help="In how many units.")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 2026,
) -> None:
    """Fill an empty database with invented people, attempts and certificates."""
    from demo import filling
    from web import current

    with _write() as transaction:
        try:
            made = filling.fill(
                transaction.db,
                library=current.library(),
                now=transaction.now,
                public_url=current.settings().public_url,
                people=people,
                units=units,
                seed=seed,
            )
        except filling.NotEmpty:
            raise fail("The database holds people. Choose an empty one with SINETRAL_DATA_DIR.") from None
    typer.echo(f"{made.people} people in {made.units} units: {made.by_aim}")


@app.command()
def completions(
    file: Annotated[Path, typer.Argument(help="Name of the .xlsx or .csv to write.")],
    program: Annotated[str, typer.Option(help="Programme id.")] = "netralitas",
    unit: Annotated[str | None, typer.Option(help="Name of a unit; those below it count too.")] = None,
    status: Annotated[str | None, typer.Option(help="not_started, under_way, failed, passed or certified.")] = None,
    day_from: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
    day_to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
) -> None:
    """Write the completion list, the same rows as the HR page."""
    from people.roles import EVERYONE
    from reports import completion, exports
    from reports.exports import Kind
    from reports.rows import STATUSES, Filter
    from web import current

    if file.suffix not in (".xlsx", ".csv"):
        raise fail(f"{file.name}: give a name that ends in .xlsx or .csv.")
    if status is not None and status not in STATUSES:
        raise fail(f"Unknown status {status}. Choose one of: {', '.join(STATUSES)}.")
    kind: Kind = "xlsx" if file.suffix == ".xlsx" else "csv"
    with _read() as transaction:
        db, found = transaction.db, _program(program)
        units = {path.rsplit(" › ", 1)[-1]: one for one, path in completion.unit_choices(db, scope=EVERYONE).items()}
        if unit is not None and unit not in units:
            raise fail(f"Unknown unit {unit}. Known: {', '.join(units) or 'none; import a roster first'}.")
        wanted = Filter(
            unit_id=units[unit] if unit else None,
            status=status,
            day_from=day_from.date() if day_from else None,
            day_to=day_to.date() if day_to else None,
        )
        link = current.settings().public_url
        chunks = exports.stream(
            db, scope=EVERYONE, program=found, wanted=wanted, kind=kind, now=transaction.now, link=link
        )
        _write_file(file, chunks)
    typer.echo(f"{file}: written")


def _program(program_id: str) -> Program:
    from web import current

    known = [program.id for program in current.library().catalog.programs]
    if program_id not in known:
        raise fail(f"Unknown programme {program_id}. Known: {', '.join(known)}.")
    return current.program(program_id)


def _write_file(file: Path, chunks: Iterator[bytes]) -> None:
    # Written beside and renamed, so that a full disk leaves no half file under the wanted name.
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("wb") as out:
            out.writelines(chunks)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise fail(f"{file}: {error.strerror}. Choose another folder or free some space.") from error


@certificates_app.command("zip")
def certificates_zip(
    file: Annotated[Path, typer.Argument(help="Name of the .zip to write.")],
    program: Annotated[str | None, typer.Option(help="Programme id; all when left out.")] = None,
    unit: Annotated[str | None, typer.Option(help="Name of a unit; those below it count too.")] = None,
    day_from: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Day of issue.")] = None,
    day_to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
) -> None:
    """Write the PDFs of all certificates that the options leave."""
    from certificates import archive, files
    from people.roles import EVERYONE
    from reports import completion

    first, last = (day and day.date() for day in (day_from, day_to))
    with _read() as transaction:
        db, now, of = transaction.db, transaction.now, program and _program(program).id
        ids = _unit_and_below(completion.unit_choices(db, scope=EVERYONE), unit) if unit else None
        rows = archive.certificates(db, scope=EVERYONE, now=now, program_id=of, units=ids, day_from=first, day_to=last)
        try:
            _write_file(file, archive.stream(rows))
        except files.Changed as error:
            raise fail(f"Certificate {error} no longer gives its issued file. Compare with the last backup.") from None
    typer.echo(f"{file}: written")


def _unit_and_below(paths: dict[int, str], name: str) -> frozenset[int]:
    if found := frozenset(one for one, path in paths.items() if name in path.split(" › ")):
        return found
    raise fail(f"Unknown unit {name}. Known: {', '.join(paths.values()) or 'none; import a roster first'}.")


@certificates_app.command("verify")
def certificates_verify(
    what: Annotated[str, typer.Argument(metavar="FILE|CODE", help="A PDF, or the code under its QR code.")],
    as_json: Json = False,
) -> None:
    """Tell whether a certificate is genuine; exit 0 only when it is valid."""
    from certificates import verifying

    with _read() as transaction:
        try:
            answer = verifying.as_json(verifying.check(transaction.db, what=what, now=transaction.now))
        except (FileNotFoundError, verifying.TooLarge):
            raise fail(f"{what}: no certificate. Give a PDF of at most 5 MB or a code of 26 letters.") from None
    line = " · ".join(str(answer[key]) for key in ("state", "number", "name", "reason") if answer.get(key))
    typer.echo(json.dumps(answer, ensure_ascii=False) if as_json else line)
    raise typer.Exit(int(answer["state"] != "valid"))


@app.command("backup")
def backup_(file: Annotated[Path, typer.Argument(help="New file to write.")], as_json: Json = False) -> None:
    """Write a consistent, checked copy of the database, also while people work."""
    from storage import backup
    from web import current

    done = backup.backup(current.database(), file)
    if as_json:
        show(asdict(done))
    else:
        typer.echo(f"{done.file}: {done.megabytes:.1f} MB, revision {done.revision}, checked")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that backup wrote.")], as_json: Json = False) -> None:
    """Put a backup in the place of the database, which is kept aside. Stop the server first."""
    from storage import backup
    from web import current

    settings = current.settings()
    done = backup.restore(settings.database, file, aside_folder=settings.data_dir)
    if as_json:
        show(asdict(done))
    else:
        typer.echo(f"{file}: restored, revision {done.revision}. The database before it: {done.aside or 'none'}")


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema to head; safe when several start at once."""
    from web import current

    done = migrating.prepare(current.database())
    typer.echo("migrated" if done else "already at head")


@audit_app.command("verify")
def audit_verify(
    noted: Annotated[str, typer.Option(help="Head noted earlier on another machine; it must still be there.")] = "",
    as_json: Json = False,
) -> None:
    """Check the hash chain of the audit log, to its last row."""
    with _read() as transaction:
        found = audit_log.verify(transaction.db, noted=noted)
    if as_json:
        facts = {"rows": found.rows, "head": found.head, "first_broken": found.broken, "reason": found.reason}
        show({"intact": found.broken is None, **facts})
    elif found.broken is None:
        typer.echo(f"intact: {found.rows} rows, head {found.head}")
    if found.broken is not None:
        raise fail(f"The audit log was changed at row {found.broken}: {found.reason}. Compare it with the last backup.")


def main() -> None:
    """Run, with content and settings mistakes as one line each."""
    from settings import SettingsError

    try:
        app()
    except ContentError as error:
        raise SystemExit("\n".join(map(str, error.findings))) from error
    except (SettingsError, StorageError) as error:
        raise SystemExit(str(error)) from error
    except Exception as error:
        if troubles.kind_of(error) is None:
            raise
        raise SystemExit(troubles.explained(error)) from error


if __name__ == "__main__":
    main()

"""The same actions from a terminal. Every command says in one line what to do next when it fails."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from modules.source import ContentError
from storage import audit as audit_log
from storage import migrating
from storage.engine import Database, Transaction

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
db_app = typer.Typer(no_args_is_help=True, help="Database schema.")
audit_app = typer.Typer(no_args_is_help=True, help="Audit log.")
app.add_typer(db_app, name="db")
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
        typer.echo(" · ".join(f"{name} {value}" for name, value in result.counts.items() if isinstance(value, int)))
    if result.findings:
        raise fail(f"{len(result.findings)} findings. Mend them and run check again.")


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema to head; safe when several start at once."""
    from web import current

    done = migrating.upgrade(current.database())
    typer.echo("migrated" if done else "already at head")


@audit_app.command("verify")
def audit_verify(as_json: Json = False) -> None:
    """Check the hash chain of the audit log."""
    with _read() as transaction:
        broken = audit_log.first_broken(transaction.db)
    if as_json:
        show({"intact": broken is None, "first_broken": broken})
    else:
        typer.echo("intact" if broken is None else f"row {broken} does not fit")
    if broken is not None:
        raise fail(f"The audit log was changed at row {broken}. Compare it with the last backup.")


def main() -> None:
    """Run, with content and settings mistakes as one line each."""
    from settings import SettingsError

    try:
        app()
    except ContentError as error:
        raise SystemExit("\n".join(map(str, error.findings))) from error
    except SettingsError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()

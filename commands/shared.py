"""What all commands share: the database, one JSON object, one line that says what to do next."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from modules.catalog import Program
from storage import migrating
from storage.engine import Database, Transaction

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def group(help_text: str) -> typer.Typer:
    """Return a group of commands."""
    return typer.Typer(no_args_is_help=True, help=help_text)


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say what went wrong and what to do next, in one line."""
    typer.echo(message, err=True)
    return typer.Exit(code)


def counted(number: int, what: str) -> str:
    """Return a number with its noun: 1 row, 2 rows."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def show(value: Any) -> None:
    """Print one JSON object."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def database() -> Database:
    """Return the installation's database, migrated."""
    from web import current

    migrating.upgrade(current.database())
    return current.database()


@contextmanager
def write() -> Iterator[Transaction]:
    """Open the command's transaction."""
    with database().write() as transaction:
        yield transaction


@contextmanager
def read() -> Iterator[Transaction]:
    """Open one consistent view."""
    with database().read() as transaction:
        yield transaction


def program_named(program_id: str) -> Program:
    """Return a programme by id, or fail naming the known ones."""
    from web import current

    known = [program.id for program in current.library().catalog.programs]
    if program_id not in known:
        raise fail(f"Unknown programme {program_id}. Known: {', '.join(known)}.")
    return current.program(program_id)


def write_file(file: Path, chunks: Iterator[bytes]) -> None:
    """Write a whole file or none."""
    # Written beside and renamed, so that a full disk leaves no half file under the wanted name.
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("wb") as out:
            out.writelines(chunks)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise fail(f"{file}: {error.strerror}. Choose another folder or free some space.") from error


def unit_named(paths: dict[int, str], name: str) -> int:
    """Return the id of a unit by its name or its whole path, or fail: none is called so, or several are."""
    found = [one for one, path in paths.items() if path == name]
    found = found or [one for one, path in paths.items() if path.split(" › ")[-1] == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise fail(f"Several units are called {name}. Give one path: {', '.join(paths[one] for one in found)}.")
    raise fail(f"Unknown unit {name}. Known: {', '.join(paths.values()) or 'none; import a roster first'}.")


def unit_and_below(paths: dict[int, str], name: str) -> frozenset[int]:
    """Return the ids of a named unit and of those below it, or fail naming the known ones."""
    root = paths[unit_named(paths, name)]
    return frozenset(one for one, path in paths.items() if path == root or path.startswith(f"{root} › "))

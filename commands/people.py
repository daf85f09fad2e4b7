"""Commands about people: the roster, and a lost second factor."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.shared import Json, counted, fail, group, read, show, write
from people.comparing import Entry, Plan

app = group("Import the list of people that HR expects to finish.")
totp_app = group("Help whoever cannot show their second factor any more.")


@app.callback()
def roster_() -> None: ...


@totp_app.callback()
def totp_() -> None: ...


@totp_app.command("reset")
def totp_reset(identifier: Annotated[str, typer.Argument(help="NIP or employee id.")]) -> None:
    """Take a lost second factor away, for the last administrator; the person enrols again at the next sign-in."""
    from people import entry, second

    with write() as transaction:
        try:
            name = entry.canonical(identifier)
            second.reset_by_operator(transaction.db, identifier=name, now=transaction.now)
        except second.NotEnrolled:
            raise fail("Nobody active with this number has a second factor. Check NIP or employee id.") from None
    typer.echo("Second factor removed, sessions ended. The person enrols again at the next sign-in.")
    typer.echo("A password set while there was a second factor is gone: that person needs a new activation code.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, write nothing.")] = False,
    skip_refused: Annotated[bool, typer.Option("--skip-refused", help="Write the other rows.")] = False,
    as_json: Json = False,
) -> None:
    """Compare a roster file with the database and write it; exit 1 and nothing written while a row is refused."""
    from people import roster
    from people.roles import EVERYONE

    shown = _planned(file)
    blocked = bool(shown.refused) and not skip_refused
    if not dry_run and not blocked:
        with write() as transaction:
            db, now = transaction.db, transaction.now
            try:
                roster.apply(db, shown=shown, scope=EVERYONE, actor="cli", skip_refused=skip_refused, now=now)
            except roster.StalePlan:
                raise fail(
                    "Somebody else changed the people meanwhile; nothing written. Run the command again."
                ) from None
    show(_lists(shown)) if as_json else _print(shown)
    if blocked:
        raise fail(
            f"{counted(len(shown.refused), 'row')} refused; nothing written. Mend the file, or use --skip-refused."
        )


def _planned(file: Path) -> Plan:
    """Read and compare outside any writing transaction: other writers need not wait for a big file."""
    from people import roster, words
    from people.roles import EVERYONE

    try:
        data = file.read_bytes()
    except OSError as error:
        raise fail(f"{file}: {error.strerror}. Check the name.") from None
    with read() as transaction:
        today = transaction.now.date()
    try:
        table = roster.read(data, today=today)
    except roster.FileRefused as refused:
        raise fail(f"{file}: {words.sentence(refused.code, other=refused.other)}") from None
    with read() as transaction:
        return roster.plan(transaction.db, scope=EVERYONE, table=table)


def _lists(plan: Plan) -> dict[str, list[dict[str, Any]]]:
    return {
        "new": [_entry(one) for one in plan.new],
        "moved": [_entry(one) for one in plan.moved],
        "changed": [_entry(one) for one in plan.changed],
        "gone": [_entry(one) for one in plan.gone],
        "unchanged": [_entry(one) for one in plan.unchanged],
        "refused": [
            {"row": one.row, "column": one.column, "rule": one.code, "message": one.reason, "mend": one.mend}
            for one in plan.refused
        ],
    }


def _entry(one: Entry) -> dict[str, Any]:
    return {
        "row": one.row,
        "id": one.key,
        "name": one.name,
        "unit": one.unit,
        "changes": {name: list(values) for name, values in one.changes.items()},
        "warnings": list(one.warnings),
    }


def _print(plan: Plan) -> None:
    typer.echo(" · ".join(f"{name} {count}" for name, count in plan.counts.items()))
    for note in _notes(plan):
        typer.echo(f"note: {note}")
    for name in ("new", "moved", "changed", "gone"):
        for one in getattr(plan, name):
            typer.echo(f"{name}: row {one.row}: {one.name} · {one.unit}")
    for one in plan.warned:
        for said, mend in one.remarks:
            typer.echo(f"warning: row {one.row}: {one.name}: {said} {mend}")
    for row in plan.refused:
        column = f", column {row.column}" if row.column else ""
        typer.echo(f"refused: row {row.row}{column}: {row.reason} {row.mend}")


def _notes(plan: Plan) -> Iterator[str]:
    if plan.table.unread:
        yield f"other sheets are not read: {', '.join(plan.table.unread)}"
    if plan.table.ignored:
        yield f"columns not used: {plan.table.unused}"
    if plan.table.has_nik:
        yield "the NIK column is not read"
    if plan.warned:
        yield f"{counted(len(plan.warned), 'row')} with warnings, taken all the same"
    if plan.new_units:
        yield f"new units: {', '.join(plan.new_units)}"
    if plan.adopted:
        yield f"units put below their agency: {', '.join(one.label for one in plan.adopted)}"
    if plan.kept:
        yield f"absent, but not judged gone while they hold a role: {', '.join(one.name for one in plan.kept)}"
    if plan.withheld:
        yield "nobody is judged gone where a refused row may be theirs"

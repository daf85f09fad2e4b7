"""Commands about people: the roster, and a lost second factor."""

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.shared import Json, counted, fail, group, show, write
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
    from people import roster, words
    from people.roles import EVERYONE

    try:
        data = file.read_bytes()
    except OSError as error:
        raise fail(f"{file}: {error.strerror}. Check the name.") from None
    with write() as transaction:
        db, now = transaction.db, transaction.now
        try:
            plan = roster.plan(db, scope=EVERYONE, table=roster.read(data, today=now.date()))
        except roster.FileRefused as refused:
            raise fail(f"{file}: {words.sentence(refused.code, other=refused.other)}") from None
        blocked = bool(plan.refused) and not skip_refused
        if not dry_run and not blocked:
            roster.apply(db, shown=plan, scope=EVERYONE, actor="cli", skip_refused=skip_refused, now=now)
    lists = _lists(plan)
    show(lists) if as_json else _print(lists)
    if blocked:
        raise fail(
            f"{counted(len(plan.refused), 'row')} refused; nothing written. Mend the file, or use --skip-refused."
        )


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


def _print(lists: dict[str, list[dict[str, Any]]]) -> None:
    typer.echo(" · ".join(f"{name} {len(found)}" for name, found in lists.items()))
    for name, found in lists.items():
        for one in found if name != "unchanged" else []:
            said = f"{one['message']} {one['mend']}" if name == "refused" else f"{one['name']} · {one['unit']}"
            typer.echo(f"{name}: row {one['row']}: {said}")

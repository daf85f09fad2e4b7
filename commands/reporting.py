"""Commands that write lists."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.shared import counted, fail, program_named, read, unit_named, write_file


def completions(
    file: Annotated[Path, typer.Argument(help="Name of the .xlsx or .csv to write.")],
    program: Annotated[str, typer.Option(help="Programme id.")] = "netralitas",
    unit: Annotated[str | None, typer.Option(help="Name or path of a unit; those below it count too.")] = None,
    status: Annotated[
        str | None, typer.Option(help="not_started, under_way, failed, passed, waiting, certified, expired or revoked.")
    ] = None,
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
    with read() as transaction:
        db, found = transaction.db, program_named(program)
        units = completion.unit_choices(db, scope=EVERYONE)
        wanted = Filter(
            unit_id=unit_named(units, unit) if unit else None,
            status=status,
            day_from=day_from.date() if day_from else None,
            day_to=day_to.date() if day_to else None,
        )
        link = current.settings().public_url
        chunks = exports.stream(
            db, scope=EVERYONE, program=found, wanted=wanted, kind=kind, now=transaction.now, link=link
        )
        write_file(file, chunks)
        tallied = completion.tally(db, scope=EVERYONE, program=found, wanted=wanted, now=transaction.now)
    rows = sum(one.people for one in tallied if status in (None, one.status))
    typer.echo(f"{file}: {counted(rows, 'row')} written")

"""The command that validates content."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.shared import Json, counted, fail, show


def check(path: Annotated[Path | None, typer.Argument(help="Content root.")] = None, as_json: Json = False) -> None:
    """Validate all content."""
    from quizzes.checking import latest_day, report

    result = report(path or Path(__file__).parent.parent, today=latest_day(datetime.now(UTC)))
    if as_json:
        show({**result.counts, "findings": [asdict(finding) for finding in result.findings], "notes": result.notes})
    else:
        for finding in result.findings:
            typer.echo(str(finding))
        typer.echo("\n".join([*result.notes, *result.table]))
        typer.echo(" · ".join(f"{name} {value}" for name, value in result.counts.items() if isinstance(value, int)))
    if result.errors:
        raise fail(f"{counted(result.errors, 'error')}. Mend them and run check again.")

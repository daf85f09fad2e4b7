"""Commands that start the app or fill it with example data."""

from pathlib import Path
from typing import Annotated

import typer

from commands.shared import fail, write


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
    command = [sys.executable, str(Path(__file__).parent.parent / "app.py")]
    raise typer.Exit(subprocess.run(command, env=environment, check=False).returncode)  # noqa: S603


def demo(
    people: Annotated[int, typer.Option(help="How many people.")] = 60,
    units: Annotated[int, typer.Option(help="In how many units.")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 2026,
) -> None:
    """Fill an empty database with invented people, attempts and certificates."""
    from demo import filling
    from web import current

    with write() as transaction:
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

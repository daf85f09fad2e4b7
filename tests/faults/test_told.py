"""T52 against a real server: sixty runs fail; over the wire go a sentence and a reference, nothing else."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.faults.test_logs import SECRETS, injected_errors
from tests.figures import figure
from tests.server import Server, altered
from tests.wire import Tab

REFERENCE = re.compile(r"Kode rujukan ([0-9A-F]{8})")
# What a traceback, a class of errors or a path of the server would show.
TELLING = [*(secret.encode() for secret in SECRETS), b"Traceback", b"sqlite3", b"Error:", b"INSERT INTO"]


async def all_fail(server: Server, times: int) -> tuple[list[str], int]:
    """Run a page so many times; return what each run said, and how many frames gave something away."""
    said = []
    async with Tab(server.url, keep=True) as tab:
        for number in range(times):
            if number:
                await tab.run()
            said.append(" ".join(tab.texts))
        return said, sum(any(word in frame for word in TELLING) for frame in tab.frames)


@pytest.mark.figure
@pytest.mark.parametrize("guard", ["failing", "failing_untold"])
def test_a_failed_run_is_told_by_a_sentence_and_a_reference(tmp_path: Path, guard: str) -> None:
    times = len(injected_errors())
    server = altered(tmp_path / "data", guard).start()
    try:
        said, leaked = asyncio.run(all_fail(server, times))
    finally:
        server.stop()
    log = server.output()
    found = [match[1] for text in said if (match := REFERENCE.search(text))]
    known = sum(f'"reference": "{one}"' in log for one in found)
    what = f"failed runs show a sentence and a reference that the log knows; {leaked} frames tell more"
    figure(f"T52 of a real server, {guard}", known, times, what)
    if guard == "failing":
        assert (known, len(set(found)), leaked) == (times, times, 0)
        assert not any(secret in log for secret in SECRETS)
    else:
        assert found == []

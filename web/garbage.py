"""Full garbage collections at set times alone.

With a thousand people on line one takes a third of a second, in which nobody's page goes on, and Python would begin
it in the middle of a rush (decision 11). What it finds is little: the young collections, of milliseconds, take most.
"""

import asyncio
import gc

EVERY_SECONDS = 600
_NEVER = 1_000_000_000


def settle() -> None:
    """Leave what the start has loaded out of every later collection, and begin no full one by itself."""
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)


async def collect_at_times() -> None:
    """Collect everything every ten minutes."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        gc.collect()

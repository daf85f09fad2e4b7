"""The summary per unit and status, as a pandas pivot. NIP and names never pass through pandas."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports.rows import STATUSES, Tally

if TYPE_CHECKING:
    import pandas as pd


def by_unit(tallied: Sequence[Tally]) -> "pd.DataFrame":
    """Count people per unit (rows) and status (columns, in Indonesian), with a total row and column."""
    import pandas as pd  # imported here alone: 40 ms and 50 MB that no learner should pay

    names = [*STATUSES.values(), "Jumlah"]
    if not tallied:
        return pd.DataFrame(columns=pd.Index(names), index=pd.Index([], name="Unit"), dtype="int64")
    frame = pd.DataFrame(
        [(unit, STATUSES[status], people) for _, unit, status, people in tallied], columns=["Unit", "Status", "people"]
    )
    table = frame.pivot_table(
        index="Unit",
        columns="Status",
        values="people",
        aggfunc="sum",
        fill_value=0,
        margins=True,
        margins_name="Jumlah",
    )
    return table.reindex(columns=names, fill_value=0).astype("int64")

"""How much processor time and memory the files of the completion list take.

    python benchmarks/exports.py [--rows N] [--json]

Writes the workbook of 200,000 people as the download does (text NIP, dates, formats, summary), beside the same cells
by pandas in the same minute, and lists of 1,000 as CSV and XLSX. `peak_mb` is what the writing added to the memory of
its process; each way runs in one of its own. The baseline of the budget is pandas with openpyxl: where that is not
installed, `ratio_openpyxl` is null and `ratio_pandas` compares with pandas and XlsxWriter without constant memory.
"""

import argparse
import io
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryFile
from typing import Literal

sys.path.insert(0, str(Path(__file__).parent.parent))

from reports import spreadsheet
from reports.rows import STATUSES, Completion, Status, Tally

NOW = datetime(2026, 11, 21, 3, 32, tzinfo=UTC)
SMALL = 1_000


def people(rows: int) -> Iterator[Completion]:
    """Yield invented people in every state."""
    states: list[Status] = list(STATUSES)
    for number in range(rows):
        yield Completion(
            person_id=number,
            identifier=f"1990{1 + number % 12:02}012015{number % 1_000_000:06}"[:18],
            name=f"Pegawai {number}, S.Kom., M.Si.",
            position="Analis Sumber Daya Manusia Aparatur",
            unit=f"Dinas {number % 50} › Bidang {number % 1000}",
            zone="Asia/Jakarta",
            status=states[number % len(states)],
            score=number % 101,
            finished_at=NOW - timedelta(minutes=number),
            certificate_id=f"{number:032x}",
            number=f"800/{number:06}/BKPSDM/2026",
            expires_at=NOW + timedelta(days=700),
        )


def ours(rows: int) -> None:
    """Write the workbook of the download."""
    summary = [Tally(unit, f"Bidang {unit}", "certified", 200) for unit in range(1_000)]
    with TemporaryFile() as file:
        spreadsheet.write_xlsx(
            file, people(rows), summary, title="Netralitas ASN", now=NOW, link="https://contoh.go.id"
        )


def by_pandas(rows: int, engine: Literal["openpyxl", "xlsxwriter"]) -> None:
    """Write the same cells as most people would."""
    import pandas as pd

    frame = pd.DataFrame((spreadsheet.cells(one) for one in people(rows)), columns=list(spreadsheet.COLUMNS))
    with io.BytesIO() as made:
        frame.to_excel(made, index=False, engine=engine)


def as_csv(rows: int) -> None:
    """Write the CSV of the download."""
    for _chunk in spreadsheet.csv_chunks(people(rows)):
        pass


def measured(way: Callable[..., None], *arguments: object) -> tuple[float, float]:
    """Return processor seconds and MB added, in a process of its own that has written a small file before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as own:
        return own.submit(_measured, way, arguments).result()


def _measured(way: Callable[..., None], arguments: tuple[object, ...]) -> tuple[float, float]:
    way(10, *arguments[1:])
    before, start = _peak_mb(), time.process_time()
    way(*arguments)
    return time.process_time() - start, _peak_mb() - before


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=200_000)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    seconds, more = measured(ours, chosen.rows)
    openpyxl = find_spec("openpyxl") is not None
    engine: Literal["openpyxl", "xlsxwriter"] = "openpyxl" if openpyxl else "xlsxwriter"
    naive, naive_more = measured(by_pandas, chosen.rows, engine)
    ratio = round(naive / seconds, 1)
    figures = {
        "rows": chosen.rows,
        "columns": len(spreadsheet.COLUMNS),
        "xlsx_200k_cpu_s": round(seconds, 1),
        "xlsx_200k_peak_mb": round(more),
        "ratio_openpyxl": ratio if openpyxl else None,
        "ratio_pandas": ratio,
        "pandas_engine": engine,
        "pandas_cpu_s": round(naive, 1),
        "pandas_peak_mb": round(naive_more),
        "csv_1000_s": round(measured(as_csv, SMALL)[0], 3),
        "xlsx_1000_s": round(measured(ours, SMALL)[0], 3),
    }
    print(json.dumps(figures) if chosen.json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()

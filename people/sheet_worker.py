"""Reads an XLSX in a process of its own, with limits on memory and time: a sheet with one cell in its last corner
would otherwise take the whole server down. Standard input: a checked workbook; standard output: JSON.

The rows of all sheets, as `[[sheet name, [[row number, [cell, …]], …]], …]`; a date is `["d", "1985-03-15"]`.
"""

import gc
import io
import json
import sys
from datetime import date, datetime

MEMORY = 1 << 30
CPU_SECONDS = 20


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the time limit of the caller remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return ["d", value.date().isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return value if isinstance(value, (str, float, int)) else str(value)


def main(most_rows: int, most_columns: int) -> None:
    """Print the rows that hold anything, up to `most_rows` and one more, so that the reader sees the excess.

    What stands to the right of the last column is nobody's roster and is left out.
    """
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    hidden = {sheet.name for sheet in workbook.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible}
    sheets: list[object] = []
    left = most_rows + 1
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if left <= 0 or sheet.start is None:
            continue
        rows: list[object] = []
        for number, all_cells in enumerate(sheet.iter_rows(), 1):
            cells = all_cells[:most_columns]
            if left > 0 and any(cell != "" for cell in cells):
                rows.append([number, [cell if type(cell) is str else _cell(cell) for cell in cells]])
                left -= 1
        sheets.append([f"{name} (tersembunyi)" if name in hidden else name, rows])
    sys.stdout.write(json.dumps(sheets))


if __name__ == "__main__":
    _limit()
    # It reads once and ends: nothing here ever becomes garbage.
    gc.disable()
    main(int(sys.argv[1]), int(sys.argv[2]))

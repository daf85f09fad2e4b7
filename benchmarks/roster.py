"""How much processor and memory an import of 50,000 rows takes: read, checked, compared and stored.

`python benchmarks/roster.py [--rows N] [--again] [--database URL] [--json]`. CPU counts the reading process too.
`--again` measures the same file a second time, when everybody is known already.
"""

import argparse
import json
import resource
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

TODAY = date(2026, 11, 21)
HEADERS = ("NIP", "Nama", "Email", "No HP", "Jabatan", "Unit Kerja", "Instansi", "Tanggal Lahir")


def nip(number: int) -> str:
    """An invented NIP: born over thirty years of days, serial 9xx."""
    year, month, day = 1970 + number % 30, 1 + number // 30 % 12, 1 + number // 360 % 28
    return f"{year}{month:02}{day:02}{year + 25}{month:02}{1 + number % 2}{900 + number // 10_080 % 100}"


def roster_file(folder: Path, rows: int) -> bytes:
    """Make a roster as an office sends it."""
    import xlsxwriter

    path = folder / "roster.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADERS)
        for number in range(rows):
            own = nip(number)
            person = (own, f"Pegawai {number}, S.Kom.", f"p{number}@mail.contoh.go.id", f"0812{number:08}")
            place = ("Analis Kebijakan", f"Dinas {number % 500}", "Pemerintah Kabupaten Contoh")
            sheet.write_row(number + 1, 0, (*person, *place, f"{own[6:8]}/{own[4:6]}/{own[:4]}"))
    return path.read_bytes()


def cpu() -> float:
    """Processor seconds of this process and of those it waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def peak_mb() -> float:
    """The most memory that this process, or the one that reads the sheet, has held."""
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measured(url: str, data: bytes, *, again: bool) -> dict[str, float]:
    """Import the file into an empty database, or once more into the same one."""
    from people import roster
    from people.roles import EVERYONE
    from storage import migrating
    from storage.engine import open_database

    database = open_database(url)
    migrating.upgrade(database)
    figures: dict[str, float] = {}
    for _ in range(2 if again else 1):
        start = cpu()
        table = roster.read(data, today=TODAY)
        read = cpu()
        with database.read() as transaction:
            shown = roster.plan(transaction.db, scope=EVERYONE, table=table)
        planned = cpu()
        with database.write() as transaction:
            counts = roster.apply(
                transaction.db, shown=shown, scope=EVERYONE, actor="benchmark:roster", now=transaction.now
            )
        end = cpu()
        figures = {
            "rows": sum(counts.values()),
            "cpu_s": round(end - start, 2),
            "peak_mb": round(peak_mb()),
            "read_cpu_s": round(read - start, 2),
            "plan_cpu_s": round(planned - read, 2),
            "apply_cpu_s": round(end - planned, 2),
            **{name: count for name, count in counts.items() if count},
        }
    return figures


def baseline(data: bytes) -> float:
    """Processor seconds for calamine alone to read the file, in this same minute."""
    import io

    from python_calamine import CalamineWorkbook

    start = cpu()
    for _row in CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).iter_rows():
        pass
    return cpu() - start


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--again", action="store_true")
    options.add_argument("--database", default="")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with TemporaryDirectory() as folder:
        data = roster_file(Path(folder), chosen.rows)
        url = chosen.database or f"sqlite:///{Path(folder) / 'roster.db'}"
        figures = measured(url, data, again=chosen.again)
        alone = baseline(data)
    figures |= {"calamine_cpu_s": round(alone, 2), "ratio_calamine": round(figures["cpu_s"] / alone, 1)}
    print(json.dumps(figures) if chosen.json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()

"""No text becomes a formula in a file for HR, and every text survives the way there and back (threats T38)."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from python_calamine import CalamineWorkbook

from reports import spreadsheet
from reports.rows import Completion
from tests.figures import count, figure

NOW = datetime(2026, 11, 21, 3, 32, tzinfo=UTC)
PLAIN = Completion(1, "P-1", "Sari", "Analis", "Dinas", "Asia/Jakarta", "certified", 80, NOW, "c", "800/1/X", NOW)
COLUMNS = {"identifier": 0, "name": 1, "position": 2, "unit": 3, "number": 7}
_STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠")
_BEFORE = ("", " ", "'", '"')
PAYLOADS = [f"{before}{start}{rest}" for before in _BEFORE for start in _STARTS for rest in ("1+1",)]
PAYLOADS += ['=HYPERLINK("http://lain.example";"x")', "=cmd|' /C calc'!A0", "{=1+1}", "=1;+1"]
NAMES = count(500, 10_000)
LETTERS = "abcXYZ äöüéñç 'ʼ-.,;\"<>&=+@ΑΩяЖ1９"


def _csv(people: list[Completion]) -> list[list[str]]:
    text = b"".join(spreadsheet.csv_chunks(people)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]


def _xlsx(people: list[Completion]) -> tuple[Sequence[Sequence[object]], bytes]:
    made = io.BytesIO()
    spreadsheet.write_xlsx(made, people, [], title="T", now=NOW, link="https://x")
    made.seek(0)
    with zipfile.ZipFile(made) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    made.seek(0)
    return CalamineWorkbook.from_filelike(made).get_sheet_by_name("Rekap").to_python()[1:], sheet


@pytest.mark.figure
def test_no_payload_in_any_column_becomes_a_formula() -> None:
    people = [replace(PLAIN, **{field: payload}) for field in COLUMNS for payload in PAYLOADS]  # type: ignore[arg-type]
    from_csv, (from_xlsx, sheet) = _csv(people), _xlsx(people)
    safe = 0
    for index, (field, payload) in enumerate((field, payload) for field in COLUMNS for payload in PAYLOADS):
        column = COLUMNS[field]
        in_csv, in_xlsx = from_csv[index][column], from_xlsx[index][column]
        assert in_csv == spreadsheet.defused(payload)
        safe += in_csv[0] not in "=+-@\t\r\n＝＋－＠" and (payload[0] == "{" or in_csv == f"'{payload}")
        safe += isinstance(in_xlsx, str) and in_xlsx.replace("_x000D_", "\r").strip() == payload.strip()
    figure("T38", safe, 2 * len(people), "payloads stay text in CSV and XLSX")
    assert safe == 2 * len(people)
    assert b"<f>" not in sheet


@pytest.mark.figure
def test_names_come_back_letter_for_letter() -> None:
    random = Random(38)
    names = ["".join(random.choices(LETTERS, k=random.randint(1, 60))).strip() or "x" for _ in range(NAMES)]
    people = [replace(PLAIN, name=name) for name in names]
    from_csv, (from_xlsx, _) = _csv(people), _xlsx(people)
    kept = sum(row[1] == spreadsheet.defused(name) for row, name in zip(from_csv, names, strict=True))
    kept += sum(row[1] == name for row, name in zip(from_xlsx, names, strict=True))
    figure("T38 names", kept, 2 * NAMES, "names come back letter for letter from CSV and XLSX")
    assert kept == 2 * NAMES


def test_control_undefused_text_is_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "defused", lambda text: text)
    assert _csv([replace(PLAIN, name="=1+1")])[0][1][0] == "="

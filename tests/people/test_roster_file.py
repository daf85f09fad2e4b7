"""Roster files as offices make them: what is read, what is refused and how to mend it."""

import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from people import roster
from people.roster import FileRefused, Table

TODAY = date(2026, 11, 21)
# The layouts of real files with invented people; copies of them stand beside this test.
SAMPLES = Path(__file__).parent / "samples"
HEAD = "NIP;Nama;Unit Kerja"
ROW = "199001012020121999;Sari;Dinas A"


def read(text: str, *, encoding: str = "utf-8") -> Table:
    return roster.read(text.encode(encoding), today=TODAY)


def xlsx(rows: list[list[object]], *, sheet: str = "Daftar") -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        dated = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write(number, column, value, *([dated] if isinstance(value, date) else []))
    return made.getvalue()


def refused(text: str) -> list[tuple[int, str, str]]:
    return [(row.row, row.column, row.code) for row in read(text).refused]


def refusal_of_file(data: bytes | str) -> str:
    with pytest.raises(FileRefused) as caught:
        roster.read(data.encode() if isinstance(data, str) else data, today=TODAY)
    return caught.value.code


def test_the_csv_of_an_indonesian_excel() -> None:
    table = roster.read((SAMPLES / "daftar_asn_excel_id.csv").read_bytes(), today=TODAY)
    assert [(row.row, row.nip, row.name) for row in table.rows] == [
        (2, "198503152010011995", "Budi Santoso, S.Kom."),
        (3, "199011022015022993", "Dewi Lestari"),
        (4, "199706212022031991", "Agus Wijaya"),
        (6, "198503152010011996", "Siti Rahayu"),
    ]
    assert [row.sentence for row in table.refused] == [
        "Baris 5, kolom NIP: angka ini telah dibulatkan Excel. "
        "Ubah kolom menjadi Teks, tempel ulang NIP, lalu impor lagi."
    ]
    assert [row.details.get("phone") for row in table.rows] == ["081234567890", "085612345678", None, "+6281200000001"]
    assert [row.warnings for row in table.rows] == [(), (), (), ()]
    assert table.rows[0].path == ("Pemerintah Kabupaten Contoh", "Dinas Kominfo")


def test_the_office_sheet_with_a_title_and_numeric_nip() -> None:
    table = roster.read((SAMPLES / "daftar_asn_nip_angka.xlsx").read_bytes(), today=TODAY)
    assert [(row.row, row.nip, row.name) for row in table.rows] == [
        (5, "199011022015022993", "Dewi Lestari"),
        (6, "199706212022031991", "Agus Wijaya"),
    ]
    assert [(row.row, row.column, row.code) for row in table.refused] == [(4, "NIP", "nip_rounded")]
    assert [row.warnings for row in table.rows] == [(), ()]
    assert (table.ignored, table.unused) == (("No",), "No")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_encodings_and_line_ends(separator: str, encoding: str, end: str) -> None:
    text = f"{HEAD};Jabatan{end}{ROW.replace('Sari', 'Zoë')};Arsiparis{end}"
    table = read(text.replace(";", separator), encoding=encoding)
    assert [(row.row, row.name, row.details) for row in table.rows] == [(2, "Zoë", {"position": "Arsiparis"})]


def test_commas_in_quoted_names_do_not_mislead_the_separator() -> None:
    table = read('NIP,Nama,Unit Kerja\n199001012020121999,"Sari, S.Kom., M.Si.",Dinas A\n')
    assert [row.name for row in table.rows] == ["Sari, S.Kom., M.Si."]


@pytest.mark.parametrize(
    "head",
    [
        "No;NIP Baru;Nama Lengkap;Unit Organisasi",
        "No.;N.I.P.;NAMA PEGAWAI;SKPD",
        'No;"NIP/\nNI PPPK";"Nama\n(Gelar)";"Unit\nKerja"',
        "NO;Nomor Induk Pegawai;Nama dan Gelar;Satuan Kerja",
        "no;nip 18 digit;nama;OPD",
        "No.;No. NIP;Nama PNS;Nama Perangkat Daerah",
        "No;NIP Pegawai;Nama;Perangkat Daerah (OPD)",
        "No;NIP/NRP;Nama;OPD/Unit Kerja",
        "No;Nomor Induk Pegawai (NIP);Nama;Unit Kerja/Instansi",
        "NO;NI PPPK / NIP;NAMA;UNOR NAMA",
    ],
)
def test_headers_as_offices_write_them(head: str) -> None:
    before = "DAFTAR PEGAWAI;;;\n;;;\n"
    table = read(f"{before}{head}\n1;2;3;4\n1;{ROW}\n\n2;199002022024212999;Bima;Dinas B\n;;;\n")
    assert [(row.nip, row.kind, row.path) for row in table.rows] == [
        ("199001012020121999", "pns", ("", "Dinas A")),
        ("199002022024212999", "pppk", ("", "Dinas B")),
    ]
    assert table.refused == []


def test_rows_keep_the_number_that_excel_shows() -> None:
    rows: list[list[object]] = [
        [],
        [],
        ["", "Nama", "NIP", "Unit Kerja"],
        [],
        ["", "Sari", "199001012020121999", "A"],
        [],
        ["", "", "x", "A"],
    ]
    table = roster.read(xlsx(rows), today=TODAY)
    assert [row.row for row in table.rows] == [5]
    assert [(row.row, row.code) for row in table.refused] == [(7, "nip_not_digits")]
    multi = f"{HEAD}\n{ROW.replace('Sari', chr(34) + 'Sari' + chr(10) + 'Wulandari' + chr(34))}\nx;Bima;B\n"
    found = read(multi)
    assert [(row.row, row.name) for row in found.rows] == [(2, "Sari Wulandari")]
    assert [row.row for row in found.refused] == [4]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("1,98503E+17;A;B", "NIP", "nip_rounded"),
        ("198503152010011000;A;B", "NIP", "nip_zeros"),
        ("'198503152010011000;A;B", "NIP", "nip_zeros"),
        ('="199002022024212000";A;B', "NIP", "nip_zeros"),
        ("199013012020121999;A;B", "NIP", "nip_birth"),
        ("131234567;A;B", "NIP", "nip_old"),
        ("3201234567890123;A;B", "NIP", "nip_nik"),
        ("199001012020121999;;B", "Nama", "name_empty"),
        (f"199001012020121999;{'A' * 201};B", "Nama", "name_long"),
        ("199001012020121999;A;", "Unit Kerja", "unit_empty"),
        (f"199001012020121999;A;{'B' * 201}", "Unit Kerja", "unit_long"),
        (f"199001012020121999;{'A' * 2_001};B", "Nama", "cell_long"),
        ("199001012020121999;A, S.Kom;B;C", "", "cells_many"),
    ],
)
def test_a_row_is_refused_with_its_column_and_reason(row: str, column: str, code: str) -> None:
    assert refused(f"{HEAD}\n{row}\n199002022024212999;Bima;B\n") == [(2, column, code)]
    assert all(each.reason and each.mend for each in read(f"{HEAD}\n{row}\n").refused)


@pytest.mark.parametrize("number", [198503152010011972, 1.98503152010011e17, 198503152010011000])
def test_a_numeric_nip_cell_is_refused(number: float) -> None:
    table = roster.read(xlsx([["NIP", "Nama", "Unit Kerja"], [number, "A", "B"]]), today=TODAY)
    assert [(row.row, row.code) for row in table.refused] == [(2, "nip_rounded")]


def test_three_zeros_written_in_groups_are_no_rounding() -> None:
    table = read(f"{HEAD}\n19850315 201001 1 000;A;B\n19850315.201001.1.000;A;B\n")
    assert [(row.nip, row.warnings) for row in table.rows] == [("198503152010011000", ("nip_serial",))]
    assert [row.code for row in table.refused] == ["duplicate"]


def test_the_same_nip_twice_is_refused_naming_the_first_row() -> None:
    table = read(f"{HEAD}\n{ROW}\n19900101 202012 1 999;Sari W.;Dinas A\n")
    assert [row.row for row in table.rows] == [2]
    assert [row.sentence for row in table.refused] == [
        "Baris 3, kolom NIP: sama dengan baris 2. Hapus salah satu baris."
    ]


def test_a_nik_column_is_never_read() -> None:
    table = read(f"NIK;{HEAD}\n3201234567890123;{ROW}\n")
    assert table.has_nik
    assert "3201234567890123" not in repr(table)


@pytest.mark.parametrize(
    "title",
    [
        *("NIK", "NIK / No. KTP", "Nomor Induk Kependudukan (NIK)", "No. Induk Kependudukan", "NIK (16 digit)"),
        *("NIK Pegawai", "No. KTP/NIK", "No. KTP"),
    ],
)
def test_a_nik_column_is_known_by_its_words(title: str) -> None:
    table = read(f"{title};{HEAD}\n3201234567890123;{ROW}\n")
    assert (table.has_nik, table.ignored, len(table.rows)) == (True, (), 1)
    assert "3201234567890123" not in repr(table)


def test_words_that_hold_nik_are_no_nik() -> None:
    table = read(f"Teknik;Klinik;{HEAD}\na;b;{ROW}\n")
    assert (table.has_nik, table.ignored) == (False, ("Teknik", "Klinik"))


@pytest.mark.parametrize("number", ["3201234567890123", "3201 2345 6789 0123", "320123.456789.0123"])
def test_a_nik_inside_another_cell_is_not_kept(number: str) -> None:
    head = "ID Pegawai;NIP;Nama;Unit Kerja;Jabatan"
    rows = (
        f";199001012020121999;Sari ({number});Dinas A;",
        f";199001012020121998;Bima;Dinas A;Staf NIK {number}",
        f";199001012020121997;Citra;Dinas {number};",
        f"NIK {number};;Dodi;Dinas A;",
        f";{number}/7;Eka;Dinas A;",
        ";19850315 201001 1 996;Fajar;Dinas A;Staf 19850315 201001 1 996",
    )
    table = read("\n".join((head, *rows)))
    assert [(row.row, row.column, row.code) for row in table.refused] == [
        (2, "Nama", "text_nik"),
        (4, "Unit Kerja", "text_nik"),
        (5, "ID Pegawai", "id_is_nik"),
        (6, "NIP", "nip_not_digits"),
    ]
    assert [(row.name, row.warnings) for row in table.rows] == [("Bima", ("position_nik",)), ("Fajar", ())]
    assert table.rows[1].details == {"position": "Staf 19850315 201001 1 996"}
    assert number not in repr(table)


def test_a_nik_is_kept_in_no_detail() -> None:
    nik = "3273010101900001"
    table = read(f"{HEAD};Jabatan;Email;No HP\n{ROW};Staf {nik};{nik}@gmail.com;{nik}\n")
    assert table.rows[0].details == {}
    assert table.rows[0].warnings == ("position_nik", "email_nik", "phone_nik")


def test_non_asn_people_by_employee_id_or_a_made_one() -> None:
    head = "ID Pegawai;NIP;Nama;Unit Kerja;Jenis Pegawai"
    table = read(f"{head}\nthl-7;;Ani;A;Honorer\n;;Budi;A;Tenaga Kontrak\n;;Cici;A;\n")
    assert (table.rows[0].employee_id, table.rows[0].kind) == ("THL-7", "non_asn")
    made = [row.employee_id for row in table.rows[1:]]
    assert all(each is not None and each.startswith("NA-") and len(each) == 13 for each in made)
    assert made == [row.employee_id for row in read(f"{head}\n;;Budi;A;\n;;CICI;a;\n").rows]
    assert [row.warnings for row in table.rows] == [(), ("id_made",), ("id_made",)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (";;Ani;A;PNS", "asn_without_nip"),
        (";;Ani;A;PPPK Paruh Waktu", "asn_without_nip"),
        (";199001012020121999;Ani;A;Non ASN", "non_asn_with_nip"),
        ("199001012020121998;;Ani;A;", "id_is_nip"),
        ("1990 0101 2020 1219 98;;Ani;A;", "id_is_nip"),
        ("3201234567890123;;Ani;A;", "id_is_nik"),
        ("1,23457E+15;;Ani;A;", "id_rounded"),
        ("X" * 41 + ";;Ani;A;", "id_long"),
    ],
)
def test_rows_without_nip_that_are_refused(row: str, code: str) -> None:
    assert [each[2] for each in refused(f"ID Pegawai;NIP;Nama;Unit Kerja;Jenis Pegawai\n{row}\n")] == [code]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        *((text, "non_asn") for text in ("Non ASN", "NON-ASN", "nonASN", "Non", "Non Pegawai", "Honorer", "THL")),
        *((text, "non_asn") for text in ("Pegawai Non ASN", "Tenaga Non-ASN", "Tenaga Non PNS", "Pegawai non-PNS")),
        *((text, "non_asn") for text in ("Bukan ASN", "Pegawai Bukan PNS", "Tenaga NonASN", "Non PNS/PPPK")),
        *((text, "non_asn") for text in ("Honorer non PNS", "Kontrak (bukan PPPK)", "Non PNS eks honorer")),
        *((text, "pns") for text in ("PNS eks honorer K2", "CPNS (honorer)")),
        *((text, "pppk") for text in ("PPPK eks honorer", "PPPK Kontrak")),
        *((text, "pns") for text in ("PNS", "CPNS", "PNS Non Aktif", "PNS non-guru", "Pegawai Negeri Sipil (PNS)")),
        *((text, "pppk") for text in ("PPPK", "P3K", "PPPK Paruh Waktu", "PPPK non guru")),
        *((text, "asn") for text in ("ASN", "ASN Non Job")),
        *((text, "") for text in ("", "Aktif", "Non Aktif", "Nonaktif", "Kanon")),
    ],
)
def test_kinds_as_offices_write_them_with_and_without_a_nip(typed: str, kind: str) -> None:
    head = f"ID Pegawai;{HEAD};Jenis Pegawai"
    number = "199002022024212999" if kind == "pppk" else "199001012020121999"
    table = read(f"{head}\n;{number};Ani;A;{typed}\nE1;;Budi;A;{typed}\n")
    codes = {2: "non_asn_with_nip"} if kind == "non_asn" else {3: "asn_without_nip"} if kind else {}
    assert {row.row: row.code for row in table.refused} == codes
    assert all("kind_differs" not in row.warnings for row in table.rows)


def test_two_people_of_one_name_need_an_id() -> None:
    table = read("NIP;Nama;Unit Kerja\n;Ani;A\n;ANI;a\n;Ani;B\n")
    assert [(row.row, row.code, row.other, row.given) for row in table.refused] == [(3, "duplicate_name", "2", "")]


@pytest.mark.parametrize(
    ("typed", "warnings"),
    [
        *[(text, ()) for text in ("01/01/1990", "1-1-1990", "1990-01-01", "1 Januari 1990", "01 Jan 1990", "")],
        ("02/01/1990", ("nip_birth_differs",)),
        ("01/01/90", ("birth_unread",)),
        ("31/02/1990", ("birth_unread",)),
        ("1 Brumaire 1990", ("birth_unread",)),
    ],
)
def test_a_differing_birth_date_only_warns(typed: str, warnings: tuple[str, ...]) -> None:
    table = read(f"{HEAD};Tanggal Lahir\n{ROW};{typed}\n")
    assert [row.warnings for row in table.rows] == [warnings]


def test_real_dates_and_sex_are_compared() -> None:
    head: list[object] = ["NIP", "Nama", "Unit Kerja", "Tgl. Lahir", "L/P"]
    table = roster.read(xlsx([head, ["199001012020121999", "A", "B", date(1990, 1, 2), "Perempuan"]]), today=TODAY)
    assert [row.warnings for row in table.rows] == [("nip_birth_differs", "nip_sex_differs")]


def test_details_are_mended_or_dropped_with_a_warning() -> None:
    head: list[object] = ["NIP", "Nama", "Unit Kerja", "No. HP", "E-mail"]
    rows: list[list[object]] = [
        head,
        ["199001012020121999", "A", "B", 81234567890, "a@contoh.go.id"],
        ["199001012020121998", "A", "B", "0812 3456-7890", "bukan email"],
        ["199001012020121997", "A", "B", "lihat Bu Ani", "a@b.id\r\nBcc: x@y.id"],
    ]
    table = roster.read(xlsx(rows), today=TODAY)
    assert [row.details.get("phone") for row in table.rows] == ["081234567890", "081234567890", None]
    assert [row.details.get("email") for row in table.rows] == ["a@contoh.go.id", None, None]
    assert [row.warnings for row in table.rows] == [(), ("email_odd",), ("email_odd", "phone_odd")]


def test_text_loses_what_cannot_be_seen() -> None:
    table = read(f"{HEAD}\n199001012020121999;\u202eSa\u200bri\u00a0 W\u0301;Dinas\x07 A\n")
    assert (table.rows[0].name, table.rows[0].path) == ("Sari Ẃ", ("", "Dinas A"))


def test_units_are_a_path() -> None:
    head = "NIP;Nama;Instansi;Unit Kerja;Sub Unit"
    rows = (
        "199001012020121999;A;Pemkab;Dinas;Bidang",
        "199001012020121998;A;;Dinas;",
        "199001012020121997;A;BKPSDM;BKPSDM;bkpsdm",
    )
    paths = [row.path for row in read("\n".join((head, *rows))).rows]
    assert paths == [("Pemkab", "Dinas", "Bidang"), ("", "Dinas"), ("BKPSDM",)]


def test_an_opd_column_stands_above_unit_kerja() -> None:
    head = "NIP;Nama;Unit Kerja;OPD;Instansi;Bidang"
    rows = ("199001012020121999;A;UPT Satu;Dinas;Pemkab;x", "199001012020121998;B;Dinas;Dinas;;")
    table = read("\n".join((head, *rows, "199001012020121997;C;UPT Satu;;;", "199001012020121996;D;;;Pemkab;")))
    assert [row.path for row in table.rows] == [("Pemkab", "Dinas", "UPT Satu"), ("", "Dinas"), ("", "UPT Satu")]
    assert table.ignored == ("Bidang",)
    assert [(row.column, row.code) for row in table.refused] == [("OPD", "unit_empty")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "file_empty"),
        ("\n \n", "file_empty"),
        ("hanya teks biasa", "header_missing"),
        ("NIP;Jabatan\n1;2\n", "header_name"),
        ("NIP;Nama\n1;2\n", "header_unit"),
        ("Nama;Unit Kerja\n1;2\n", "header_key"),
        ("NIP;NIP Baru;Nama;Unit Kerja\n", "header_twice"),
        ("NIP;Nama;OPD;SKPD\n", "header_twice"),
        ("NIP;Nama;Unit Kerja;Satuan Kerja\n", "header_twice"),
        (f'{HEAD}\n199001012020121999;"Sari;A\n199002022024212999;"Bima";B\n', "file_quote"),
        (f'{HEAD}\n199001012020121999;"Sari;A\n199002022024212999;Bima;B\n', "file_quote"),
        (HEAD + "\n" + ";" * 300 + "x\n", "file_columns"),
    ],
)
def test_a_file_is_refused_as_a_whole(text: str, code: str) -> None:
    assert refusal_of_file(text) == code


def test_more_than_sixty_thousand_rows_are_refused() -> None:
    rows = "".join(f"{19_900_101_202_012_1001 + n};A;B\n" for n in range(60_001))
    assert refusal_of_file(f"{HEAD}\n{rows}") == "file_rows"


def workbook(sheets: dict[str, list[list[object]]], *, hidden: str = "") -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
            if name == hidden:
                page.hide()
    return made.getvalue()


LIST: list[list[object]] = [["NIP", "Nama", "Unit Kerja"], ["199001012020121999", "Sari", "Dinas A"]]
OTHER: list[list[object]] = [["DAFTAR PPPK"], ["No", "Nama", "Unit Kerja", "Nomor"], [1, "Bima", "Dinas A", "x"]]
ASIDE: dict[str, list[list[object]]] = {
    "Petunjuk": [["Isi kolom NIP, Nama, dan Unit Kerja."]],
    "Pilihan": [["Unit Kerja", "Jenis Pegawai"], ["Dinas A", "PNS"]],
    "Templat": [["NIP", "Nama", "Unit Kerja", "Jabatan"], [1, 2, 3, 4]],
    "Kosong": [],
}


@pytest.mark.parametrize(("hidden", "names"), [("", "PNS, PPPK"), ("PPPK", "PNS, PPPK (tersembunyi)")])
def test_lists_on_two_sheets_are_refused_naming_them(hidden: str, names: str) -> None:
    with pytest.raises(FileRefused) as caught:
        roster.read(workbook({"Petunjuk": [["x"]], "PNS": LIST, "PPPK": OTHER}, hidden=hidden), today=TODAY)
    assert (caught.value.code, caught.value.other) == ("file_sheets", names)


def test_many_lists_are_named_in_part() -> None:
    with pytest.raises(FileRefused) as caught:
        roster.read(workbook({f"U{n}": LIST for n in range(9)}), today=TODAY)
    assert caught.value.other == "U0, U1, U2, U3, U4, U5, …"


def test_sheets_without_people_are_left_aside_and_named() -> None:
    table = roster.read(workbook({**ASIDE, "Daftar": LIST}, hidden="Pilihan"), today=TODAY)
    assert [row.name for row in table.rows] == ["Sari"]
    assert table.unread == ("Petunjuk", "Pilihan (tersembunyi)", "Templat")


def test_rows_beyond_the_limit_in_another_sheet_cut_no_list_short() -> None:
    before: list[list[object]] = [["x"]] * 59_990
    assert refusal_of_file(workbook({"Lama": before, "Daftar": [LIST[0], *[LIST[1]] * 60]})) == "file_rows"

"""What is printed is the record, letter for letter, however a name is written."""

import random
import struct
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from certificates import pdf, png, wording
from certificates.pdf import fonts
from certificates.pdf.fitting import fit
from certificates.printable import Unprintable, tidy
from certificates.records import Material, Record
from tests.conftest import ROOT
from tests.figures import count, figure

Sample = Callable[..., Record]
NAMES = count(300, 5_000)
CODES = count(40, 500)
LETTERS = (
    "aeiouAEIOUbcdfghjklmnpqrstvwxyzÁÉÍÓÚäöüßñçřšžłøåæœđħŋǧṭḥẓạẹịọụăâêôơưđƯƠỆỘ",
    "абвгдежзийклмнопрстуфхцчшщыэюяАБВГД",
    "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔ",
    "'’ʼ\"`-–.,()&<>/\\{}[]%$#@!?*+=|~^_:;0123456789",
)
STRANGE = "😀漢字عبداللهאב\u202e\u200d\u0000\u0007\u2028\ue000\u0301"
MARKUP = (
    "<b>Sari</b>",
    "<img src=/etc/passwd>",
    '<img src="http://127.0.0.1/x.png"/>',
    "<para>Sari & Bima</para>",
    "&lt;Sari&gt; &amp; %s {0} {name}",
    "(Sari) Tj ET \\(x\\)",
    "D'Artagnan O’Neil, S.H., M.Si.",
)


def _names(count: int) -> Iterator[str]:
    dice = random.Random(2026)
    yield from MARKUP
    yield "W" * 200
    yield "i" * 200
    yield "Sari " * 40
    for number in range(count - len(MARKUP) - 3):
        alphabet = dice.choice(LETTERS) * 3 + "".join(LETTERS) + " " * 12
        length = dice.choice((3, 12, 30, 60, 120, 200))
        name = [dice.choice(alphabet) for _ in range(length)]
        if number % 5 == 0:
            name[dice.randrange(length)] = dice.choice(STRANGE)
        yield "".join(name)


def _texts(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    # PDFium writes a hyphen at the end of a line as U+FFFE.
    texts = [page.get_textpage().get_text_range().replace("\ufffe", "-\n").replace("\r\n", "\n") for page in document]
    document.close()
    return texts


def _squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.figure
def test_every_generated_name_is_printed_as_it_is_or_refused_by_name(sample: Sample) -> None:
    printed = refused = 0
    for name in _names(NAMES):
        record = sample(name=tidy(name))
        if letters := pdf.unprintable(record.name):
            with pytest.raises(Unprintable) as error:
                pdf.render(record)
            assert (error.value.field, error.value.letters) == ("name", letters)
            assert set(letters) <= set(name)
            refused += 1
            continue
        shown = _texts(pdf.render(record))[0].split("diberikan kepada")[1].split("NIP 1990")[0]
        # A name over two lines is cut at a space, or between two letters where it has none.
        assert _squeezed(shown) == _squeezed(record.name), name
        printed += 1
    figure("T60", printed + refused, NAMES, f"names printed letter for letter ({printed}) or refused ({refused})")
    assert printed + refused == NAMES
    assert printed > NAMES * 0.75
    assert refused > 0


def test_rendering_opens_no_file_and_no_connection(sample: Sample) -> None:
    pdf.render(sample())
    seen: list[str] = []
    watching = True

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"):
            seen.append(f"{event} {arguments[:1]}")

    sys.addaudithook(note)
    for name in MARKUP:
        pdf.render(sample(name=name))
    rendered = list(seen)
    Path(__file__).read_bytes()
    watching = False
    assert rendered == []
    # The watch does see a file that is opened.
    assert len(seen) == 1


def test_ordinary_name_is_one_line_letter_for_letter(sample: Sample) -> None:
    for name in ("Sari Wulandari, S.Sos.", "Dr. Ir. H. Zoë Ñuñez-Đặng, S.Sos., M.Si., Ph.D.", *MARKUP):
        assert f"\n{name}\n" in _texts(pdf.render(sample(name=name)))[0]


@pytest.mark.parametrize("mark", list("\u202e\u202d\u2066\u200f\u200b\u200d\u0000\u0007\u001b\u2028\n\t\ue000\ud800"))
def test_invisible_and_turning_marks_are_refused(sample: Sample, mark: str) -> None:
    with pytest.raises(Unprintable):
        pdf.render(sample(name=f"Sari{mark}Wulandari"))


def test_every_printed_field_is_in_the_text(sample: Sample) -> None:
    record = sample()
    front, back = (_squeezed(text) for text in _texts(pdf.render(record)))
    for wanted in (
        *(record.issuer_name, record.issuer_unit, f"Nomor: {record.number}", record.name, record.position),
        *(record.unit, "NIP 19900101 201503 2 901", record.program_title, "4 (empat) jam pelajaran (JP)"),
        *("pada 21 November 2026", "berlaku sampai dengan 21 November 2028", record.code),
        *("Telaga Jernih, 21 November 2026", record.signatory_office, record.signatory_name),
        *("NIP 19720310 199803 2 991", "bukan tanda tangan elektronik"),
    ):
        assert _squeezed(wanted) in front, wanted
    for wanted in (
        *("No Materi JP", "1 Nilai dasar 1", "2 Boleh dan tidak boleh 3", "Jumlah 4", record.number),
        *("Memuaskan (ambang lulus 70)", "Materi disusun menurut peraturan per 21 November 2026."),
        *("Disetujui 21 November 2026 pukul 10.32 WIB (naskah versi 1)", "Kode aktivasi pribadi dari SDM"),
    ):
        assert _squeezed(wanted) in back, wanted
    assert "CONTOH" not in front + back


def test_example_says_so_on_both_pages(sample: Sample) -> None:
    for text in _texts(pdf.render(sample(is_example=True))):
        assert "CONTOH" in text
        assert wording.EXAMPLE in text


def test_person_without_nip_is_shown_by_employee_id(sample: Sample) -> None:
    front = _texts(pdf.render(sample(nip=None, employee_id="THL-0042", position="", valid_until=None)))[0]
    assert "ID pegawai THL-0042 · Dinas Komunikasi dan Informatika\n" in front
    assert "berlaku" not in front


def _rendered(record: Record) -> bytes:
    try:
        return pdf.render(record)
    except (KeyError, IndexError, struct.error):
        return b""


def _from_threads(sample: Sample) -> tuple[list[bytes], list[bytes]]:
    """Return the same files as made one after the other and by eight threads that take turns very often."""
    records = [sample(name=f"Peserta ÁÉÍÓÚäöüñçřšž {number}", is_example=number % 2 == 0) for number in range(48)]
    alone = [pdf.render(record) for record in records]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(_rendered, records))
    finally:
        sys.setswitchinterval(usual)
    return alone, together


def test_same_record_gives_the_same_bytes_also_from_many_threads(sample: Sample) -> None:
    alone, together = _from_threads(sample)
    assert together == alone
    assert len(set(alone)) == 48


def test_control_without_the_drawing_lock_gives_other_bytes(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "drawing", nullcontext())
    # Which threads meet in a font is chance; on a busy machine they miss each other for a round or two.
    rounds = (_from_threads(sample) for _ in range(20))
    assert any(together != alone for alone, together in rounds)


def test_bytes_of_layout_1_never_change(sample: Sample) -> None:
    """Certificates that were issued must come out again byte for byte: a change here needs a new layout number."""
    digest = sha256(pdf.render(sample())).hexdigest()
    assert digest == "8622f9266de272f07d785af431843c948612fc0bbd4babe118c7f300003ac1cc"


def test_file_is_small_and_nothing_in_it_is_deflated(sample: Sample) -> None:
    content = pdf.render(sample())
    assert len(content) <= 60_000
    # zlib's output differs between builds, and with it the bytes.
    assert b"FlateDecode" not in content
    assert b"Helvetica" not in content


def test_metadata_names_title_author_language(sample: Sample) -> None:
    record = sample()
    content = pdf.render(record)
    document = pypdfium2.PdfDocument(content)
    found = document.get_metadata_dict()
    document.close()
    assert found["Title"] == f"Sertifikat {record.number} · {record.name}"
    assert found["Author"] == f"{record.issuer_unit}, {record.issuer_name}"
    assert found["CreationDate"] == "D:20261121033200Z"
    assert b"/Lang (id)" in content


@pytest.mark.figure
def test_qr_read_from_the_rendered_page_is_the_link(sample: Sample) -> None:
    dice = random.Random(7)
    for number in range(CODES):
        code = "".join(dice.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(26))
        record = sample(code=code, link=f"https://netralitas.contoh.go.id/v/{code}", is_example=number % 2 == 0)
        document = pypdfium2.PdfDocument(pdf.render(record))
        page = document[0].render(scale=150 / 72).to_pil()
        document.close()
        assert [found.text for found in zxingcpp.read_barcodes(page)] == [record.link.upper()]
    figure("T31", CODES, CODES, "QR codes read back from the rendered page")


def test_picture_of_the_first_page_shows_the_same_code(sample: Sample) -> None:
    record = sample(is_example=True)
    picture = png.first_page(pdf.render(record))
    assert len(picture) < 100_000
    opened = Image.open(BytesIO(picture)).convert("RGB")
    assert opened.getpixel((5, 5)) == (255, 255, 255)
    found = zxingcpp.read_barcodes(opened)
    assert [code.text for code in found] == [record.link.upper()]


def test_nothing_leaves_the_frame_or_overlaps_at_any_length(sample: Sample) -> None:
    long = "Kusumohadiningrat Prawirodirdjo "
    record = sample(
        name=(f"Dr. Ir. H. {long * 6}")[:190] + ", S.Sos., M.Si., Ph.D.",
        position=(long * 4)[:120].strip(),
        unit=(long * 4)[:120].strip(),
        program_title=(long * 4)[:110].strip(),
        signatory_name=(long * 3)[:90].strip(),
        signatory_office=(long * 3)[:90].strip(),
        issuer_name=(long * 3)[:90].strip(),
        materials=tuple(Material(title=(long * 5)[:150].strip(), jp=1) for _ in range(20)),
    )
    document = pypdfium2.PdfDocument(pdf.render(record))
    for page in document:
        boxes = list(_lines(page))
        for left, bottom, right, top in boxes:
            assert 12 <= left < right <= 285
            assert 12 <= bottom < top <= 190
        assert [pair for pair in _pairs(boxes) if _overlap(*pair)] == []
    document.close()


def _lines(page: Any) -> Iterator[tuple[float, float, float, float]]:
    text = page.get_textpage()
    for number in range(text.count_rects()):
        left, bottom, right, top = (value * 25.4 / 72 for value in text.get_rect(number))
        yield left, bottom, right, top


def _pairs(boxes: list[tuple[float, float, float, float]]) -> Iterator[tuple[Any, Any]]:
    return ((one, other) for index, one in enumerate(boxes) for other in boxes[index + 1 :])


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > 0.1 and high > 0.3


def test_fit_makes_smaller_then_two_lines() -> None:
    def width(text: str) -> float:
        return len(text) * 0.5

    assert fit("a" * 10, width, measure=1000, largest=26, smallest=16).size == 26
    smaller = fit("a" * 100, width, measure=1000, largest=26, smallest=16)
    assert (smaller.size, len(smaller.lines)) == (20, 1)
    two = fit("aaaa " * 30, width, measure=1000, largest=26, smallest=16)
    assert len(two.lines) == 2
    assert all(width(line) * two.size <= 1000 for line in two.lines)
    assert " ".join(two.lines) == "aaaa " * 30


def test_shipped_fonts_know_every_letter_of_indonesian_names() -> None:
    assert fonts.missing("".join(LETTERS) + unicodedata.normalize("NFC", "e\u0301")) == ""
    assert fonts.runs("Sari Щ", fonts.NAME) == [(fonts.NAME, "Sari "), (fonts.FALLBACK, "Щ")]


def test_reportlab_is_not_imported_before_it_is_needed() -> None:
    modules = "certificates.issuing, certificates.verifying, certificates.files, certificates.archive, certificates.png"
    script = f"import sys, {modules}; print({{'reportlab', 'pypdfium2', 'zxingcpp', 'PIL'}} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_every_shipped_font_has_its_licence() -> None:
    folder = Path(fonts.FOLDER)
    assert {path.name for path in folder.glob("*.txt")} == {
        "atkinson-hyperlegible-next-OFL.txt",
        "noto-sans-OFL.txt",
        "plus-jakarta-sans-OFL.txt",
        "source-serif-4-OFL.txt",
    }

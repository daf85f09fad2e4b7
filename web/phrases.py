"""Words shown in more than one place, and Indonesian forms of dates, times and numbers."""

from datetime import datetime
from zoneinfo import ZoneInfo

SESSION_ENDED = "Sesi Anda berakhir. Jawaban yang sudah tersimpan aman. Masuk lagi untuk melanjutkan."
SECOND_FACTOR = "Masukkan dahulu kode verifikasi dua langkah."
REFUSED = "Halaman ini bukan untuk peran Anda."
FAULT = (
    "Terjadi gangguan pada sistem. Kode rujukan {code}. Jawaban yang tersimpan tidak hilang. Coba lagi sebentar lagi."
)
EXAMPLE_DATA = "Data contoh"

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def long_date(moment: datetime, zone: str) -> str:
    """21 November 2026, in the zone given."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def short_date(moment: datetime, zone: str) -> str:
    """21/11/2026, in the zone given: for tables, where a date must stay in one line."""
    return f"{moment.astimezone(ZoneInfo(zone)):%d/%m/%Y}"


def clock(moment: datetime, zone: str) -> str:
    """10.32 WIB, in the zone given."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H.%M} {ZONES[zone]}"


def date_and_clock(moment: datetime, zone: str) -> str:
    """21 November 2026 pukul 10.32 WIB."""
    return f"{long_date(moment, zone)} pukul {clock(moment, zone)}"


def decimal(value: float, places: int = 1) -> str:
    """12,5 with a decimal comma; no trailing zeros."""
    return f"{value:.{places}f}".rstrip("0").rstrip(".").replace(".", ",") if places else f"{value:.0f}"


def masked_nip(nip: str) -> str:
    """1985…005: enough to recognise one's own, no birth date."""
    return f"{nip[:4]}…{nip[-3:]}"


def grouped_nip(nip: str) -> str:
    """19850315 201001 1 995, for the owner and HR."""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"


def plain(text: str) -> str:
    """Escape people's text for Markdown, so that it shows as it was typed and loads nothing (threats T17)."""
    return "".join(f"\\{char}" if char in _MARKDOWN else char for char in text.replace("\n", " "))


_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~:$^&=/@'\"")

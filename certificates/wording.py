"""Indonesian words that a certificate prints: dates, numbers, score classes. Fixed once printed (layout 1)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
ASSURANCES = {
    "declared": "Data diri diisi sendiri",
    "roster": "Dicocokkan dengan daftar pegawai",
    "code": "Kode aktivasi pribadi dari SDM",
    "sso": "Akun tunggal instansi (SSO)",
}
EXAMPLE = "Sertifikat contoh, tidak berlaku."
_UNITS = (
    *("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    *("sepuluh", "sebelas"),
)
# Classes of a passing score: lower bound in percent, word.
_CLASSES = ((90, "Sangat memuaskan"), (80, "Memuaskan"))


def on_day(day: date) -> str:
    """21 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of a moment in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def at_clock(moment: datetime, zone: str) -> str:
    """21 November 2026 pukul 10.32 WIB."""
    return f"{on_day(local_day(moment, zone))} pukul {moment.astimezone(ZoneInfo(zone)):%H.%M} {ZONES[zone]}"


def in_words(number: int) -> str:
    """Write a whole number from 0 to 999 in words: 24 is "dua puluh empat". Raises ValueError."""
    if not 0 <= number <= 999:
        raise ValueError(number)
    if number < 12:
        return _UNITS[number]
    if number < 20:
        return f"{_UNITS[number - 10]} belas"
    if number < 100:
        return _joined(f"{_UNITS[number // 10]} puluh", number % 10)
    hundreds = "seratus" if number < 200 else f"{_UNITS[number // 100]} ratus"
    return _joined(hundreds, number % 100)


def _joined(head: str, rest: int) -> str:
    return f"{head} {in_words(rest)}" if rest else head


def score_class(score: int) -> str:
    """Name the class of a score that passed."""
    for bound, word in _CLASSES:
        if score >= bound:
            return word
    return "Cukup memuaskan"


def grouped_nip(nip: str) -> str:
    """19850315 201001 1 995."""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"

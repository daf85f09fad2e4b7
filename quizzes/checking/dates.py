"""Rules for the dates of the legal registry as seen from today: nobody has checked the law of tomorrow."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from modules.laws import Registry
from modules.shelf import Shelf
from modules.source import Finding

MOST_DAYS = 365
_FURTHEST_AHEAD = ZoneInfo("Asia/Jayapura")


def latest_day(moment: datetime) -> date:
    """Return the latest date that anybody in Indonesia writes at a moment."""
    return moment.astimezone(_FURTHEST_AHEAD).date()


def date_findings(shelf: Shelf, today: date) -> Iterator[Finding]:
    """Yield a registry checked in the future or too long ago, and bases that have ended since it was checked."""
    for source, registry in shelf.of(Registry):
        age = (today - registry.as_of).days
        if age < 0:
            # A warning: perhaps it is the clock of this machine that is wrong.
            message = f"Tanggal as_of {registry.as_of} belum tiba."
            mend = "Tulis tanggal saat peraturan diperiksa, atau betulkan jam komputer ini."
            yield source.finding(("as_of",), "as-of-future", message, mend, "warning")
        elif age > MOST_DAYS:
            message = f"Peraturan terakhir diperiksa {age} hari yang lalu."
            mend = "Periksa setiap dasar, lalu perbarui as_of."
            yield source.finding(("as_of",), "as-of-old", message, mend, "warning")
        for number, basis in enumerate(registry.bases):
            if basis.in_force_to is not None and registry.as_of <= basis.in_force_to < today:
                message = f"Dasar {basis.id} berakhir pada {basis.in_force_to}, sesudah peraturan diperiksa."
                mend = "Periksa penggantinya, lalu perbarui as_of."
                yield source.finding(("bases", number, "in_force_to"), "basis-ended", message, mend, "warning")

"""The standing cast of the example data: four people to sign in as with one click."""

from dataclasses import dataclass
from typing import Literal

from people.roles import Role

Key = Literal["sari", "ratna", "hadi", "admin"]


@dataclass(frozen=True)
class Part:
    """One part: who it is, in which unit (by number), with which role."""

    name: str
    role: Role | None
    word: str
    identifier: str
    position: str
    unit: int = 0


CAST: dict[Key, Part] = {
    "sari": Part("Sari Wulandari, S.Sos.", None, "peserta", "199001012015032901", "Pranata Hubungan Masyarakat"),
    "ratna": Part("Ratna Kusuma, M.Si.", "trainer", "pelatih", "198503032009032903", "Widyaiswara Ahli Muda", 2),
    "hadi": Part("Hadi Susilo, S.E.", "hr", "SDM", "198304042008011904", "Analis SDM Aparatur", 0),
    "admin": Part("Administrator Contoh", "admin", "admin", "CONTOH-ADMIN", "Administrator", 2),
}
BIMA = Part("Bima Pratama, S.Pd.", None, "peserta", "198802022012011902", "Guru Ahli Pertama", 1)
# Appointed at an age that invented people never have: their numbers cannot meet.
NEWCOMERS = (
    Part("Laras Ayuningtyas, S.I.Kom.", None, "peserta", "199203142022032907", "", 0),
    Part("Yusuf Hidayatullah", None, "peserta", "HONOR-017", "", 0),
    Part("Melati Kirana, S.Pd.", None, "peserta", "199507082025032911", "", 1),
)
"""People who registered themselves and whom nobody has confirmed: they stand in no completion list."""

"""Invented people: names at random from two lists, NIP with a serial that is hardly given out."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

FIRST = (
    "Adi Agus Aminah Andi Anisa Arif Ayu Bagus Budi Citra Dani Dewi Dian Eka Endang Fajar Farida Fitri Galih Gita "
    "Hendra Indah Intan Joko Kartika Lestari Lina Made Maya Mega Nanda Nia Nur Oki Putri Rahma Raka Rani Reza Rini "
    "Rizal Rudi Salma Satria Siti Sri Surya Tari Taufik Tono Tri Umi Vina Wahyu Wati Wayan Yanti Yoga Yuni Zahra"
).split()
LAST = (
    "Anggraini Ardiansyah Damayanti Firmansyah Gunawan Hakim Halim Handayani Harahap Hidayat Iskandar Kurniawan "
    "Kusuma Lubis Maharani Mahendra Maulana Nasution Ningsih Nugraha Nugroho Oktaviani Permata Prabowo Pratama "
    "Purnomo Puspita Ramadhan Safitri Saputra Sari Setiawan Siregar Suharto Susanti Sutrisno Utami Wibowo Wijaya "
    "Wulandari Yulianti"
).split()
TITLES = ("", "", "", ", S.Sos.", ", S.Pd.", ", S.Kom.", ", S.E.", ", S.H.", ", S.STP., M.Si.", ", S.K.M.", ", A.Md.")
POSITIONS = (
    "Analis Kebijakan Ahli Pertama",
    "Pranata Hubungan Masyarakat",
    "Pranata Komputer Ahli Muda",
    "Pengadministrasi Umum",
    "Guru Ahli Pertama",
    "Perawat Terampil",
    "Arsiparis Terampil",
    "Kepala Subbagian Umum",
)

Kind = Literal["pns", "pppk", "non_asn"]


@dataclass(frozen=True)
class Invented:
    """One invented person; non-ASN have an employee id instead of a NIP."""

    name: str
    kind: Kind
    position: str
    nip: str | None
    employee_id: str | None


def invent(random: Random, number: int) -> Invented:
    """Return the invented person with this running number; numbers give different NIP."""
    name = f"{random.choice(FIRST)} {random.choice(LAST)}{random.choice(TITLES)}"
    kind: Kind = random.choices(("pns", "pppk", "non_asn"), weights=(6, 3, 1))[0]
    position = random.choice(POSITIONS)
    if kind == "non_asn":
        return Invented(name, kind, "Tenaga Administrasi", None, f"NON-{number:05d}")
    # Spread over days of birth, so that the serial can stay in the 9xx range for any number of people.
    born = date.fromordinal(date(1968, 1, 1).toordinal() + (number * 37) % 11_000)
    appointed = born.year + random.randint(23, 27)
    month = f"{random.randint(1, 12):02d}" if kind == "pns" else "21"
    sex = random.randint(1, 2)
    return Invented(name, kind, position, f"{born:%Y%m%d}{appointed}{month}{sex}{900 + number % 100}", None)

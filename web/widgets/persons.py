"""How people, roles and identities are named on pages."""

from people.directory import Found
from people.roles import Role
from web import phrases

ROLES: dict[Role, str] = {"trainer": "Pelatih", "hr": "SDM", "author": "Penulis materi", "admin": "Admin"}
ASSURANCE = {
    "declared": (
        "Anda mengisi sendiri data ini; belum ada yang memastikannya. Untuk memperoleh sertifikat, minta SDM unit Anda "
        "memastikan data Anda dan memberi kode aktivasi."
    ),
    "roster": "Anda tercatat pada daftar pegawai, tetapi belum memakai kode aktivasi pribadi.",
    "code": "Anda mengaktifkan akun ini dengan kode pribadi.",
    "sso": "Anda masuk melalui akun instansi.",
}


def identifier(nip: str | None, employee_id: str | None) -> str:
    """A NIP in groups, else the employee id."""
    return phrases.grouped_nip(nip) if nip else employee_id or ""


def number(key: str) -> str:
    """A NIP in groups, anything else as it is."""
    return phrases.grouped_nip(key) if len(key) == 18 and key.isdecimal() else key


def cell(key: str) -> str:
    """The same in a table, where it must not break into lines."""
    return number(key).replace(" ", "\u00a0")


def line(found: Found) -> str:
    """Name, number and unit in one line, for a list to choose from."""
    doubt = "mendaftar sendiri, belum dipastikan" if found.declared else ""
    parts = (found.name, identifier(found.nip, found.employee_id), found.unit, doubt)
    return " · ".join(part for part in parts if part)

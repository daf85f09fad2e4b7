"""Many certificates in one ZIP: in scope, by number, safe names, no seeking."""

import re
from datetime import timedelta
from io import BytesIO, RawIOBase
from typing import BinaryIO
from typing import cast as typed
from zipfile import ZIP_STORED, ZipFile

from certificates import archive, files
from people.roles import EVERYONE, see_completions
from storage.engine import Transaction
from tests.certificates.conftest import Issue
from tests.conftest import Cast


class Pipe(RawIOBase):
    """A sink that cannot be sought in, like a socket."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        self.parts.append(bytes(typed(bytes, part)))
        return len(self.parts[-1])


def test_zip_holds_the_very_files_by_number(cast: Cast, transaction: Transaction, certify: Issue) -> None:
    issued = [certify(transaction, actor) for actor in (cast.sari, cast.bima, cast.ratna)]
    pipe = Pipe()
    chosen = archive.certificates(transaction.db, scope=EVERYONE, now=transaction.now)
    assert archive.write(typed(BinaryIO, pipe), chosen) == 3
    with ZipFile(BytesIO(b"".join(pipe.parts))) as zipped:
        assert zipped.testzip() is None
        assert zipped.namelist() == [files.file(certificate).name for certificate in issued]
        assert [zipped.read(name) for name in zipped.namelist()] == [files.file(one).content for one in issued]
        assert {member.compress_type for member in zipped.infolist()} == {ZIP_STORED}


def test_zip_holds_only_what_the_scope_and_the_filters_leave(
    cast: Cast, transaction: Transaction, certify: Issue
) -> None:
    mine, other = certify(transaction, cast.sari), certify(transaction, cast.bima)

    def numbers(**filters: object) -> list[str]:
        chosen = archive.certificates(transaction.db, **{"scope": EVERYONE, "now": transaction.now} | filters)  # type: ignore[arg-type]
        return [certificate.record.number for certificate in chosen]

    both = [mine.record.number, other.record.number]
    assert numbers() == both
    # HR of Kominfo: Bima is in Pendidikan. The control is the line above.
    assert numbers(scope=see_completions(cast.hadi)) == both[:1]
    assert numbers(units=frozenset({cast.pendidikan})) == both[1:]
    assert numbers(program_id="netralitas") == both
    assert numbers(program_id="lain") == []
    assert numbers(end=transaction.now) == []
    assert numbers(start=transaction.now, end=transaction.now + timedelta(seconds=1)) == both


def test_member_names_are_plain_short_and_never_twice() -> None:
    hostile = [
        "../../etc/passwd",
        "/abs",
        "C:\\x",
        "a\0b",
        "nul",
        "\u202egpj.exe",
        "x" * 300,
        "x" * 301,
        "",
        "///",
        "A",
        "a",
    ]
    taken: set[str] = set()
    for number in hostile:
        name = archive._free(f"sertifikat-{files.slug(number)}.pdf", taken)
        assert re.fullmatch(r"[A-Za-z0-9-]{1,76}\.pdf", name)
        assert name.lower() not in taken
        taken.add(name.lower())
    assert len(taken) == len(hostile)

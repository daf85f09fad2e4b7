"""Many certificates in one ZIP: in scope, by number, safe names, no seeking."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from certificates import archive, files
from certificates.wording import local_day
from people.roles import EVERYONE, Scope, see_completions
from storage.engine import Transaction
from tests.certificates.conftest import Issue
from tests.conftest import Cast


def test_zip_holds_the_very_files_by_number(cast: Cast, transaction: Transaction, certify: Issue) -> None:
    issued = [certify(transaction, actor) for actor in (cast.sari, cast.bima, cast.ratna)]
    pieces = list(archive.stream(archive.certificates(transaction.db, scope=EVERYONE, now=transaction.now)))
    # One piece for each file and the directory: never all in memory.
    assert len(pieces) == 4
    with ZipFile(BytesIO(b"".join(pieces))) as zipped:
        assert zipped.testzip() is None
        assert zipped.namelist() == [files.file(certificate).name for certificate in issued]
        assert [zipped.read(name) for name in zipped.namelist()] == [files.file(one).content for one in issued]
        assert {member.compress_type for member in zipped.infolist()} == {ZIP_STORED}


def test_zip_holds_only_what_the_scope_and_the_filters_leave(
    cast: Cast, transaction: Transaction, certify: Issue
) -> None:
    mine, other = certify(transaction, cast.sari), certify(transaction, cast.bima)

    def numbers(**filters: Any) -> list[str]:
        scope: Scope = filters.pop("scope", EVERYONE)
        chosen = archive.certificates(transaction.db, scope=scope, now=transaction.now, **filters)
        return [certificate.record.number for certificate in chosen]

    both, today = [mine.record.number, other.record.number], local_day(transaction.now, "Asia/Jakarta")
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    assert numbers() == both
    # HR of Kominfo: Bima is in Pendidikan. The control is the line above.
    assert numbers(scope=see_completions(cast.hadi)) == both[:1]
    assert numbers(units=frozenset({cast.pendidikan})) == both[1:]
    assert numbers(program_id="netralitas") == both
    assert numbers(program_id="lain") == []
    assert numbers(day_from=today, day_to=today) == both
    assert numbers(day_to=yesterday) == numbers(day_from=tomorrow) == []


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
    assert len(taken) == len(hostile)

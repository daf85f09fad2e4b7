"""A programme with a real issuer, and people who have passed it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from certificates import issuing, pledge
from certificates.records import Certificate, Material, Record
from modules.catalog import Catalog, Program
from modules.loading import load_catalog
from people.roles import Actor
from storage.engine import Database, Transaction
from storage.tables import attempt
from tests.conftest import Cast

ROOT = Path(__file__).parent.parent.parent
URL = "https://netralitas.contoh.go.id"
AS_OF = date(2026, 11, 21)

Issue = Callable[[Transaction, Actor], Certificate]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The shipped programmes."""
    return load_catalog(ROOT)


@pytest.fixture(scope="session")
def shipped(catalog: Catalog) -> Program:
    """The programme as it is shipped: issuer and signatory are placeholders."""
    return catalog.program("netralitas")


def with_issuer(shipped: Program) -> Program:
    """Return the programme of an agency that has set its issuer and signatory."""
    issuer = shipped.head.issuer.model_copy(update={"placeholder": False})
    signatory = shipped.head.signatory.model_copy(update={"placeholder": False})
    head = shipped.head.model_copy(update={"issuer": issuer, "signatory": signatory})
    return shipped.model_copy(update={"head": head})


@pytest.fixture(scope="session")
def program(shipped: Program) -> Program:
    """The programme with a real issuer."""
    return with_issuer(shipped)


def take_quiz(db: Connection, actor: Actor, now: datetime, **changes: Any) -> int:
    """Store an attempt at the final quiz, passed unless told otherwise; return its id."""
    mine = attempt.c.person_id == actor.person_id
    number = db.execute(select(func.count()).where(mine)).scalar_one() + 1
    values = {
        "person_id": actor.person_id,
        "program_id": "netralitas",
        "quiz_id": "kuis-akhir",
        "kind": "quiz",
        "number": number,
        "state": "submitted",
        "started_at": now,
        "closed_at": now,
        "pass_mark": 70,
        "score": 85,
        "passed": True,
    }
    return int(db.execute(insert(attempt).values(values | changes).returning(attempt.c.id)).scalar_one())


@pytest.fixture
def transaction(database: Database, cast: Cast) -> Iterator[Transaction]:
    """An open write transaction, once the cast is there."""
    with database.write() as opened:
        yield opened


def issued(transaction: Transaction, actor: Actor, program: Program) -> Certificate:
    """Issue a certificate to somebody who has passed and pledged, or return the one issued before."""
    return issuing.issue(transaction.db, actor=actor, program=program, as_of=AS_OF, now=transaction.now, public_url=URL)


def certified(transaction: Transaction, actor: Actor, program: Program) -> Certificate:
    """Let somebody pass, pledge and be certified in one go."""
    take_quiz(transaction.db, actor, transaction.now)
    pledge.sign(transaction.db, actor=actor, program=program, now=transaction.now)
    return issued(transaction, actor, program)


@pytest.fixture
def issue(program: Program) -> Issue:
    """`issued` by the programme with a real issuer."""
    return lambda transaction, actor: issued(transaction, actor, program)


@pytest.fixture
def certify(program: Program) -> Issue:
    """`certified` by the programme with a real issuer."""
    return lambda transaction, actor: certified(transaction, actor, program)


@pytest.fixture(scope="session")
def sample() -> Callable[..., Record]:
    """Make a record without a database: `sample(name="…")`."""

    def record(**changes: Any) -> Record:
        moment = datetime(2026, 11, 21, 3, 32, tzinfo=UTC)
        values: dict[str, Any] = {
            "number": "800/0001/BKPSDM/2026",
            "code": "7K3MZ9QWERTYABCDFGHJKNPSTV",
            "link": f"{URL}/v/7K3MZ9QWERTYABCDFGHJKNPSTV",
            "name": "Sari Wulandari, S.Sos.",
            "nip": "199001012015032901",
            "employee_id": None,
            "position": "Analis Kebijakan Ahli Muda",
            "unit": "Dinas Komunikasi dan Informatika",
            "program_id": "netralitas",
            "program_title": "Sosialisasi Netralitas ASN dalam Pemilu dan Pemilihan",
            "started_at": moment,
            "completed_at": moment,
            "issued_at": moment,
            "valid_until": date(2028, 11, 21),
            "zone": "Asia/Jakarta",
            "jp": 4,
            "jp_words": "empat",
            "pass_mark": 70,
            "score_class": "Memuaskan",
            "materials": (Material(title="Nilai dasar", jp=1), Material(title="Boleh dan tidak boleh", jp=3)),
            "issuer_name": "Pemerintah Kabupaten Telaga Jernih",
            "issuer_unit": "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
            "issuer_code": "BKPSDM",
            "city": "Telaga Jernih",
            "signatory_name": "Dra. Sekar Maheswari, M.Si.",
            "signatory_office": "Kepala Badan Kepegawaian dan Pengembangan SDM",
            "signatory_nip": "197203101998032991",
            "regulations_as_of": AS_OF,
            "pledge_version": 1,
            "pledge_hash": "ab" * 32,
            "pledge_signed_at": moment,
            "assurance": "code",
            "is_example": False,
        }
        return Record(**values | changes)

    return record

"""Genuine or not: codes however typed, and files compared byte by byte."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from certificates import codes, files, revoking, verifying
from certificates.records import Certificate
from certificates.refusals import UnknownCertificate
from certificates.revoking import ReasonMissing
from people.roles import Refused
from storage.engine import Database, Transaction
from storage.tables import audit, certificate, certificate_event, person
from tests.certificates.conftest import Issue
from tests.conftest import Cast
from tests.figures import count, figure

EDITS = count(200, 2_000)
GENUINE = count(20, 200)
GUESSES = count(1_000, 100_000)


@pytest.fixture
def issued(cast: Cast, transaction: Transaction, certify: Issue) -> Certificate:
    return certify(transaction, cast.sari)


def test_new_codes_are_130_random_bits_in_crockfords_letters() -> None:
    made = {codes.new_code() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(code) == 26 and set(code) <= set(codes.ALPHABET) for code in made)


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "grouped", "look-alikes"])
def test_code_is_found_however_it_is_typed(transaction: Transaction, issued: Certificate, typed: str) -> None:
    code = issued.record.code
    forms = {
        "lower": code.lower(),
        "grouped": "-".join(code[at : at + 4] for at in range(0, 26, 4)),
        "look-alikes": code.replace("0", "o").replace("1", "l").replace("V", "u"),
    }
    checked = verifying.check_code(transaction.db, code=forms.get(typed, typed.format(code)), now=transaction.now)
    assert (checked.state, checked.certificate) == ("valid", issued)


def test_running_number_is_as_unknown_as_a_wrong_code(transaction: Transaction, issued: Certificate) -> None:
    tries = [issued.record.number, issued.id, "", codes.new_code(), issued.record.code[:-1], issued.record.code + "0"]
    answers = [verifying.check_code(transaction.db, code=code, now=transaction.now) for code in tries]
    assert answers == [verifying.Checked("unknown")] * len(tries)


@pytest.mark.figure
def test_guessing_finds_nothing(transaction: Transaction, issued: Certificate) -> None:
    real = issued.record.code
    near = {real[:at] + letter + real[at + 1 :] for at in range(26) for letter in codes.ALPHABET} - {real}
    guesses = [*near, *(codes.new_code() for _ in range(GUESSES - len(near)))]
    found = [verifying.check_code(transaction.db, code=code, now=transaction.now).state for code in guesses]
    figure("T32", len(found) - found.count("unknown"), len(found), "guessed codes found a certificate")
    assert set(found) == {"unknown"}


def test_revoked_and_expired_are_shown_and_nothing_is_deleted(
    cast: Cast, transaction: Transaction, issued: Certificate
) -> None:
    def state(days: int) -> str:
        now = transaction.now + timedelta(days=days)
        return verifying.check_code(transaction.db, code=issued.record.code, now=now).state

    assert [state(0), state(729), state(732)] == ["valid", "valid", "expired"]
    revoked = revoking.revoke(
        transaction.db,
        actor=cast.hadi,
        certificate_id=issued.id,
        reason="Terbit ganda karena pindah unit",
        now=transaction.now,
    )
    assert (revoked.standing.state, revoked.standing.reason) == ("revoked", "Terbit ganda karena pindah unit")
    assert [state(0), state(732)] == ["revoked", "revoked"]
    assert transaction.db.execute(select(certificate.c.id)).scalars().all() == [issued.id]


def test_revoking_twice_keeps_the_first_reason_and_one_audit_row(
    cast: Cast, transaction: Transaction, issued: Certificate
) -> None:
    for reason in ("Terbit ganda", "Alasan lain"):
        revoked = revoking.revoke(
            transaction.db, actor=cast.admin, certificate_id=issued.id, reason=reason, now=transaction.now
        )
    assert revoked.standing.reason == "Terbit ganda"
    rows = select(audit.c.actor).where(audit.c.action == "certificate.revoke")
    assert transaction.db.execute(rows).scalars().all() == [cast.admin.reference]


@pytest.mark.parametrize("reason", ["", "   a ", "x" * 301, "Terbit\u202eganda"])
def test_revoking_needs_a_printable_reason(
    cast: Cast, transaction: Transaction, issued: Certificate, reason: str
) -> None:
    with pytest.raises(ReasonMissing):
        revoking.revoke(transaction.db, actor=cast.hadi, certificate_id=issued.id, reason=reason, now=transaction.now)


@pytest.mark.parametrize("who", ["sari", "bima", "ratna"])
def test_only_hr_of_the_unit_and_administrators_revoke(
    cast: Cast, transaction: Transaction, issued: Certificate, who: str
) -> None:
    with pytest.raises(Refused):
        revoking.revoke(
            transaction.db,
            actor=getattr(cast, who),
            certificate_id=issued.id,
            reason="Terbit ganda",
            now=transaction.now,
        )


def test_hr_of_another_unit_does_not_revoke_and_control_of_own_unit_does(
    cast: Cast, transaction: Transaction, certify: Issue
) -> None:
    of_bima = certify(transaction, cast.bima)
    reason, now = "Terbit ganda", transaction.now
    with pytest.raises(Refused):
        revoking.revoke(transaction.db, actor=cast.hadi, certificate_id=of_bima.id, reason=reason, now=now)
    moved = update(person).where(person.c.id == cast.bima.person_id).values(unit_id=cast.kominfo)
    transaction.db.execute(moved)
    revoked = revoking.revoke(transaction.db, actor=cast.hadi, certificate_id=of_bima.id, reason=reason, now=now)
    assert revoked.standing.state == "revoked"


def test_revoking_an_unknown_certificate_is_refused(cast: Cast, transaction: Transaction) -> None:
    with pytest.raises(UnknownCertificate):
        revoking.revoke(
            transaction.db, actor=cast.admin, certificate_id="0" * 32, reason="Terbit ganda", now=transaction.now
        )


@pytest.mark.figure
def test_genuine_files_are_valid_and_no_altered_one_is(
    cast: Cast, transaction: Transaction, certify: Issue, database: Database
) -> None:
    genuine = files.file(certify(transaction, cast.sari)).content
    dice = random.Random(60)
    known = [verifying.check_file(transaction.db, data=genuine, now=transaction.now).state for _ in range(GENUINE)]
    passed = 0
    for _ in range(EDITS):
        data = bytearray(genuine)
        data[dice.randrange(len(data))] ^= dice.randrange(1, 256)
        passed += verifying.check_file(transaction.db, data=bytes(data), now=transaction.now).state == "valid"
    figure(f"T30 {database.engine.dialect.name}", known.count("valid"), GENUINE, "genuine files are valid")
    figure(f"T30 {database.engine.dialect.name}", passed, EDITS, "files with one changed byte are valid")
    assert (known.count("valid"), passed) == (GENUINE, 0)


def test_structured_edits_are_altered(cast: Cast, transaction: Transaction, certify: Issue) -> None:
    issued, other = certify(transaction, cast.sari), certify(transaction, cast.bima)
    genuine, foreign = files.file(issued).content, files.file(other).content
    mine, theirs = issued.record.code.encode(), other.record.code.encode()
    edits = {
        "appended": genuine + b"\n",
        "cut": genuine[:-1],
        "incremental update": genuine + b"\nxref\n0 0\ntrailer<</Size 1>>\nstartxref\n0\n%%EOF\n",
        "other person's code": genuine.replace(mine, theirs),
        "both codes": genuine + b"\n%SiNetral-sertifikat:" + theirs,
        "joined": genuine + foreign,
        "page of another": genuine[:20_000] + foreign[20_000:],
        "name": genuine.replace(b"Sari Wulandari", b"Susi Wulandari"),
    }
    states = {
        name: verifying.check_file(transaction.db, data=data, now=transaction.now).state for name, data in edits.items()
    }
    assert states == dict.fromkeys(edits, "altered")
    assert genuine != edits["name"]


def test_file_without_a_known_code_is_unknown(transaction: Transaction, issued: Certificate) -> None:
    genuine = files.file(issued).content
    others = [b"", b"%PDF-1.4", genuine.replace(issued.record.code.encode(), codes.new_code().encode())]
    assert [verifying.check_file(transaction.db, data=data, now=transaction.now).state for data in others] == [
        "unknown"
    ] * 3


def test_file_of_a_revoked_certificate_says_revoked(cast: Cast, transaction: Transaction, issued: Certificate) -> None:
    genuine = files.file(issued).content
    revoking.revoke(
        transaction.db, actor=cast.hadi, certificate_id=issued.id, reason="Terbit ganda", now=transaction.now
    )
    assert verifying.check_file(transaction.db, data=genuine, now=transaction.now).state == "revoked"


def test_too_large_a_file_is_not_read(transaction: Transaction) -> None:
    with pytest.raises(verifying.TooLarge):
        verifying.check_file(transaction.db, data=bytes(verifying.MOST_BYTES + 1), now=transaction.now)


def test_changed_record_gives_no_file_and_its_file_is_altered(transaction: Transaction, issued: Certificate) -> None:
    genuine = files.file(issued).content
    forged = issued.record.model_copy(update={"name": "Orang Lain"}).model_dump_json()
    transaction.db.execute(update(certificate).values(record=forged))
    checked = verifying.check_file(transaction.db, data=genuine, now=transaction.now)
    assert checked.state == "altered"
    assert checked.certificate is not None
    with pytest.raises(files.Changed):
        files.file(checked.certificate)


def test_answers_in_words_and_for_scripts(cast: Cast, transaction: Transaction, issued: Certificate) -> None:
    checked = verifying.check_code(transaction.db, code=issued.record.code, now=transaction.now)
    answer = verifying.as_json(checked)
    assert (answer["state"], answer["reason"], answer["number"]) == ("valid", "Sertifikat sah", issued.record.number)
    assert (answer["name"], answer["example"]) == ("Sari Wulandari, S.Sos.", False)
    assert str(cast.sari.nip) not in str(answer)
    transaction.db.execute(
        certificate_event.insert().values(
            certificate_id=issued.id, state="superseded", reason="800/0002/BKPSDM/2026", at=transaction.now
        )
    )
    replaced = verifying.check_code(transaction.db, code=issued.record.code, now=transaction.now)
    assert (replaced.state, verifying.reason(replaced)) == ("superseded", "Digantikan oleh 800/0002/BKPSDM/2026")
    unknown = verifying.as_json(verifying.Checked("unknown"))
    assert unknown == {"state": "unknown", "reason": "Tidak ditemukan. Periksa kembali kodenya.", "number": None}

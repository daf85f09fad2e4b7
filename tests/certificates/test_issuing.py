"""From the passed quiz to the certificate: order, refusals, numbers, and asking again."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from certificates import composing, issuing, pledge
from certificates.records import Certificate
from certificates.refusals import AssuranceTooLow, CannotIssue, IssuerNotSet, NotPassed, NotPledged, NotPrintable
from modules.catalog import Program
from people.roles import Actor
from storage import audit
from storage.engine import Transaction
from storage.tables import audit as audit_table
from storage.tables import certificate, certificate_counter, person
from storage.tables import pledge as pledge_table
from tests.certificates.conftest import AS_OF, URL, Issue, take_quiz
from tests.conftest import Cast


def test_issue_gives_number_code_link_and_every_printed_field(
    cast: Cast, transaction: Transaction, certify: Issue
) -> None:
    issued = certify(transaction, cast.sari)
    record, year = issued.record, transaction.now.astimezone(UTC).year
    assert record.number == f"800/0001/BKPSDM/{year}"
    assert record.link == f"{URL}/v/{record.code}"
    assert (record.name, record.nip, record.unit) == ("Sari Wulandari, S.Sos.", cast.sari.nip, "Dinas Kominfo")
    assert (record.score_class, record.pass_mark) == ("Memuaskan", 70)
    assert record.jp == sum(row.jp for row in record.materials)
    assert (record.assurance, record.pledge_version, record.is_example) == ("code", 1, False)
    assert issued.standing.state == "valid"


def test_issue_asked_again_returns_the_same_certificate(cast: Cast, transaction: Transaction, certify: Issue) -> None:
    first = certify(transaction, cast.sari)
    again = [certify(transaction, cast.sari) for _ in range(3)]
    assert again == [first] * 3
    assert transaction.db.execute(select(func.count()).select_from(certificate)).scalar_one() == 1


def test_certificate_does_not_change_with_the_profile(
    cast: Cast, transaction: Transaction, certify: Issue, issue: Issue
) -> None:
    before = certify(transaction, cast.sari)
    transaction.db.execute(update(person).where(person.c.id == cast.sari.person_id).values(name="Nama Baru"))
    assert issue(transaction, cast.sari) == before


def test_issue_before_passing_is_refused(cast: Cast, transaction: Transaction, program: Program, issue: Issue) -> None:
    for state, passed in (("open", None), ("submitted", False)):
        take_quiz(transaction.db, cast.sari, transaction.now, state=state, passed=passed)
        with pytest.raises(NotPassed):
            pledge.sign(transaction.db, actor=cast.sari, program=program, now=transaction.now)
        with pytest.raises(NotPassed):
            issue(transaction, cast.sari)


def test_passing_another_quiz_is_not_enough(cast: Cast, transaction: Transaction, issue: Issue) -> None:
    take_quiz(transaction.db, cast.sari, transaction.now, quiz_id="tes-awal")
    with pytest.raises(NotPassed):
        issue(transaction, cast.sari)


def test_issue_without_pledge_is_refused(cast: Cast, transaction: Transaction, issue: Issue) -> None:
    take_quiz(transaction.db, cast.sari, transaction.now, state="expired")
    with pytest.raises(NotPledged):
        issue(transaction, cast.sari)


@pytest.mark.parametrize("assurance", ["declared", "roster"])
def test_issue_to_somebody_known_too_little_is_refused_but_the_pledge_stands(
    cast: Cast, transaction: Transaction, program: Program, certify: Issue, issue: Issue, assurance: str
) -> None:
    with pytest.raises(AssuranceTooLow) as refused:
        certify(transaction, replace(cast.sari, assurance=assurance))
    assert (refused.value.have, refused.value.need) == (assurance, "code")
    # Signing in with a code alone does not heal the pledge; signing again does.
    with pytest.raises(AssuranceTooLow):
        issue(transaction, cast.sari)
    pledge.sign(transaction.db, actor=cast.sari, program=program, now=transaction.now)
    assert issue(transaction, cast.sari).record.assurance == "code"


def test_issue_to_somebody_known_better_is_allowed(cast: Cast, transaction: Transaction, certify: Issue) -> None:
    assert certify(transaction, replace(cast.sari, assurance="sso")).record.assurance == "sso"


@pytest.mark.parametrize("left", ["issuer", "signatory"])
def test_issue_with_shipped_placeholder_is_refused_for_real_people(
    cast: Cast, transaction: Transaction, program: Program, shipped: Program, left: str
) -> None:
    half = program.head.model_copy(update={left: getattr(shipped.head, left)})
    unfinished = program.model_copy(update={"head": half})
    take_quiz(transaction.db, cast.sari, transaction.now)
    pledge.sign(transaction.db, actor=cast.sari, program=unfinished, now=transaction.now)
    with pytest.raises(IssuerNotSet) as refused:
        _issue(transaction, cast.sari, unfinished)
    assert refused.value.missing == (left,)
    assert issuing.status(transaction.db, actor=cast.sari, program=unfinished, now=transaction.now).state == "waiting"
    assert transaction.db.execute(select(func.count()).select_from(certificate_counter)).scalar_one() == 0


def test_example_people_get_examples_from_a_series_of_their_own(
    cast: Cast, transaction: Transaction, shipped: Program, certify: Issue
) -> None:
    transaction.db.execute(update(person).where(person.c.id == cast.bima.person_id).values(is_example=True))
    take_quiz(transaction.db, cast.bima, transaction.now)
    pledge.sign(transaction.db, actor=cast.bima, program=shipped, now=transaction.now)
    example = _issue(transaction, cast.bima, shipped).record
    real = certify(transaction, cast.sari).record
    assert example.is_example
    assert not real.is_example
    assert example.number.startswith("800/0001/CONTOH-BKPSDM/")
    assert real.number.startswith("800/0001/BKPSDM/")


def _issue(transaction: Transaction, actor: Actor, program: Program) -> Certificate:
    return issuing.issue(transaction.db, actor=actor, program=program, as_of=AS_OF, now=transaction.now, public_url=URL)


@pytest.mark.parametrize("name", ["Sari\u202eidualuW", "Sari\u0007", "Sari 😀", "سري", "Sari\nWulandari", "Sa\u200bri"])
def test_issue_with_unprintable_name_is_refused_before_a_number_is_taken(
    cast: Cast, transaction: Transaction, certify: Issue, name: str
) -> None:
    transaction.db.execute(update(person).where(person.c.id == cast.sari.person_id).values(name=name))
    with pytest.raises(NotPrintable) as refused:
        certify(transaction, cast.sari)
    assert refused.value.field == "name"
    assert set(refused.value.letters) <= set(name)
    assert transaction.db.execute(select(func.count()).select_from(certificate_counter)).scalar_one() == 0


def test_name_is_composed_and_its_spaces_tidied(cast: Cast, transaction: Transaction, certify: Issue) -> None:
    typed = "  Zo\u0065\u0301 \u00a0 Wulandari "
    transaction.db.execute(update(person).where(person.c.id == cast.sari.person_id).values(name=typed))
    assert certify(transaction, cast.sari).record.name == "Zo\u00e9 Wulandari"


def test_numbers_run_on_and_start_anew_each_year_of_the_issuers_zone(
    cast: Cast, transaction: Transaction, program: Program
) -> None:
    new_year_in_jakarta = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    moments = (new_year_in_jakarta - timedelta(seconds=2), new_year_in_jakarta - timedelta(seconds=1))
    numbers = []
    for actor, now in zip((cast.sari, cast.bima, cast.ratna), (*moments, new_year_in_jakarta), strict=True):
        take_quiz(transaction.db, actor, now)
        pledge.sign(transaction.db, actor=actor, program=program, now=now)
        issued = issuing.issue(transaction.db, actor=actor, program=program, as_of=AS_OF, now=now, public_url=URL)
        numbers.append(issued.record.number)
    assert numbers == ["800/0001/BKPSDM/2026", "800/0002/BKPSDM/2026", "800/0001/BKPSDM/2027"]


def test_validity_ends_with_the_same_day_so_many_months_later() -> None:
    assert composing.valid_until(date(2026, 11, 21), 24) == date(2028, 11, 21)
    assert composing.valid_until(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert composing.valid_until(date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert composing.valid_until(date(2026, 11, 21), None) is None
    assert composing.expires_at(date(2028, 11, 21), "Asia/Jakarta") == datetime(2028, 11, 21, 17, tzinfo=UTC)


def test_status_follows_the_way_to_the_certificate(
    cast: Cast, transaction: Transaction, program: Program, issue: Issue
) -> None:
    def state() -> str:
        return issuing.status(transaction.db, actor=cast.sari, program=program, now=transaction.now).state

    states = [state()]
    take_quiz(transaction.db, cast.sari, transaction.now)
    states.append(state())
    pledge.sign(transaction.db, actor=cast.sari, program=program, now=transaction.now)
    states.append(state())
    issue(transaction, cast.sari)
    states.append(state())
    assert states == ["not_passed", "passed_without_pledge", "waiting", "certified"]


def test_pledge_keeps_the_text_that_was_signed_and_is_signed_once(
    cast: Cast, transaction: Transaction, program: Program
) -> None:
    take_quiz(transaction.db, cast.sari, transaction.now)
    first = pledge.sign(transaction.db, actor=cast.sari, program=program, now=transaction.now)
    later = transaction.now + timedelta(hours=1)
    assert pledge.sign(transaction.db, actor=cast.sari, program=program, now=later) == first
    weaker = replace(cast.sari, assurance="roster")
    assert pledge.sign(transaction.db, actor=weaker, program=program, now=later) == first
    assert (first.text_version, first.text_hash) == (1, pledge.text_hash(program.head.pledge))
    assert transaction.db.execute(select(func.count()).select_from(pledge_table)).scalar_one() == 1


def test_pledge_and_issue_leave_one_audit_row_each(cast: Cast, transaction: Transaction, certify: Issue) -> None:
    issued = certify(transaction, cast.sari)
    certify(transaction, cast.sari)
    rows = transaction.db.execute(select(audit_table).order_by(audit_table.c.id)).all()
    assert [(row.action, row.actor) for row in rows] == [
        ("pledge.sign", cast.sari.reference),
        ("certificate.issue", cast.sari.reference),
    ]
    assert rows[1].object == f"certificate:{issued.id}"
    assert json.loads(rows[1].detail)["program"] == "netralitas"
    assert audit.verify(transaction.db).intact


def test_every_refusal_is_one_kind_of_exception() -> None:
    assert all(
        issubclass(kind, CannotIssue) for kind in (NotPassed, NotPledged, AssuranceTooLow, IssuerNotSet, NotPrintable)
    )

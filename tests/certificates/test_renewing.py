"""Renewal: near the end of a certificate or after it, pass and sign once more; the old one is superseded."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from certificates import issuing, pledge, renewing, revoking, verifying
from certificates.records import Certificate
from certificates.refusals import Lapsed, NotPassed
from certificates.renewing import NothingToRenew
from modules import progress
from modules.catalog import Catalog, Program, Step
from people.roles import Actor, Refused
from quizzes import admission, journey
from quizzes.content import Library, load_library
from storage.engine import Transaction
from storage.tables import attempt, audit, certificate, quiz_round
from tests.certificates.conftest import AS_OF, ROOT, URL, Issue, take_quiz, with_issuer
from tests.conftest import Cast

At = Callable[[int], datetime]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT)


@pytest.fixture
def at(transaction: Transaction) -> At:
    """Return the moment so many days from now; the certificates of these tests last 24 months, 730 days."""
    return lambda days: transaction.now + timedelta(days=days)


def _issue(transaction: Transaction, actor: Actor, program: Program, now: datetime) -> Certificate:
    take_quiz(transaction.db, actor, now)
    pledge.sign(transaction.db, actor=actor, program=program, now=now)
    return issuing.issue(transaction.db, actor=actor, program=program, as_of=AS_OF, now=now, public_url=URL)


def _state(transaction: Transaction, found: Certificate, now: datetime) -> str:
    return verifying.reason(verifying.check_code(transaction.db, code=found.record.code, now=now))


def test_renewal_opens_sixty_days_before_the_end(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue
) -> None:
    assert renewing.renewal(transaction.db, actor=cast.sari, program=program, now=at(0)) is None
    certify(transaction, cast.sari)
    seen = [renewing.renewal(transaction.db, actor=cast.sari, program=program, now=at(day)) for day in (0, 668, 672)]
    assert [one and one.state for one in seen] == ["later", "later", "open"]
    with pytest.raises(NothingToRenew):
        renewing.begin(transaction.db, actor=cast.sari, program=program, now=at(668))
    assert transaction.db.execute(select(quiz_round)).all() == []


@pytest.mark.parametrize("day", [700, 800])
def test_passing_and_signing_anew_gives_a_new_certificate_and_supersedes_the_old_one(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue, day: int
) -> None:
    db, sari = transaction.db, cast.sari
    old = certify(transaction, sari)
    renewing.begin(db, actor=sari, program=program, now=at(day))
    assert issuing.status(db, actor=sari, program=program, now=at(day)).state == "not_passed"
    with pytest.raises(NotPassed):
        issuing.issue(db, actor=sari, program=program, as_of=AS_OF, now=at(day), public_url=URL)
    new = _issue(transaction, sari, program, at(day + 1))
    assert new.id != old.id
    assert _state(transaction, old, at(day + 1)) == f"Digantikan oleh {new.record.number}"
    assert _state(transaction, new, at(day + 1)) == "Sertifikat sah"
    assert new.record.started_at == at(day + 1)
    # Asked again: the same one, and still one for each completion.
    again = issuing.issue(db, actor=sari, program=program, as_of=AS_OF, now=at(day + 2), public_url=URL)
    assert again.id == new.id
    assert len(db.execute(select(certificate.c.id)).all()) == 2
    assert renewing.renewal(db, actor=sari, program=program, now=at(day + 2)).state == "later"  # type: ignore[union-attr]


def test_beginning_twice_opens_one_round_with_one_audit_row(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue
) -> None:
    certify(transaction, cast.sari)
    for _ in range(2):
        assert renewing.begin(transaction.db, actor=cast.sari, program=program, now=at(700)).state == "begun"
    take_quiz(transaction.db, cast.sari, at(701), passed=False, score=10)
    assert renewing.begin(transaction.db, actor=cast.sari, program=program, now=at(702)).state == "begun"
    assert [row.after_number for row in transaction.db.execute(select(quiz_round))] == [1]
    rows = select(audit.c.action).where(audit.c.action == "certificate.renew")
    assert len(transaction.db.execute(rows).all()) == 1


def test_the_quiz_opens_again_with_all_its_tries(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue, library: Library
) -> None:
    db, step = transaction.db, "kuis-akhir"
    head = program.head.model_copy(update={"steps": tuple(one for one in program.head.steps if one.id == step)})
    short = program.model_copy(update={"head": head})
    mine = {"actor": cast.sari, "library": library, "program": short, "step_id": step}

    def entry(day: int) -> admission.Admission:
        return admission.admission(db, **mine, now=at(day))  # type: ignore[arg-type]

    take_quiz(db, cast.sari, at(-3), passed=False, score=10)
    certify(transaction, cast.sari)
    with pytest.raises(admission.Done):
        entry(700).require()
    renewing.begin(db, actor=cast.sari, program=short, now=at(700))
    place = progress.place(db, person_id=cast.sari.person_id, program=short)
    assert place is not None
    assert (place.step_id, place.at) == (step, at(700))
    opened = entry(700)
    opened.require()
    assert (opened.used, opened.begun, opened.last) == (0, 2, None)
    states = journey.states(db, library=library, program=short, person_id=cast.sari.person_id)
    assert [state.state for state in states] == ["open"]
    take_quiz(db, cast.sari, at(701), passed=False, score=10)
    again = entry(701)
    assert (again.used, again.begun) == (1, 3)
    assert again.next_at is not None
    numbers = db.execute(select(attempt.c.number).order_by(attempt.c.number)).scalars().all()
    assert numbers == [1, 2, 3]


def test_revoked_is_renewed_only_when_hr_of_the_unit_allows_it(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue
) -> None:
    db, old = transaction.db, certify(transaction, cast.sari)

    def allow(actor: Actor) -> None:
        renewing.allow_again(db, actor=actor, program=program, certificate_id=old.id, now=at(1))

    with pytest.raises(NothingToRenew):
        allow(cast.hadi)  # it is good
    revoking.revoke(db, actor=cast.hadi, certificate_id=old.id, reason="Dikerjakan orang lain", now=at(0))
    with pytest.raises(NothingToRenew):
        renewing.begin(db, actor=cast.sari, program=program, now=at(800))
    for actor in (cast.sari, cast.bima, cast.ratna):
        with pytest.raises(Refused):
            allow(actor)
    allow(cast.hadi)
    allow(cast.hadi)
    new = _issue(transaction, cast.sari, program, at(2))
    assert _state(transaction, new, at(2)) == "Sertifikat sah"
    # Revoked outweighs superseded: whoever checks the old one reads why.
    assert _state(transaction, old, at(2)).startswith("Dicabut pada ")


def _revoke(transaction: Transaction, cast: Cast, found: Certificate, now: datetime) -> None:
    hadi = replace(cast.hadi, proved_at=now)
    revoking.revoke(transaction.db, actor=hadi, certificate_id=found.id, reason="Dikerjakan orang lain", now=now)


def test_a_renewal_begun_before_the_revocation_gives_no_certificate_until_hr_allows_it(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue
) -> None:
    db, sari, old = transaction.db, cast.sari, certify(transaction, cast.sari)
    renewing.begin(db, actor=sari, program=program, now=at(700))
    _revoke(transaction, cast, old, at(701))
    assert renewing.renewal(db, actor=sari, program=program, now=at(701)) is None
    with pytest.raises(NotPassed):
        _issue(transaction, sari, program, at(702))
    status = issuing.status(db, actor=sari, program=program, now=at(702))
    assert (status.state, status.certificate and status.certificate.standing.state) == ("certified", "revoked")
    for _ in range(2):
        renewing.allow_again(db, actor=cast.hadi, program=program, certificate_id=old.id, now=at(703))
    rows = select(audit.c.action).where(audit.c.action == "certificate.allow_again")
    assert len(db.execute(rows).all()) == 1
    # What was passed before HR allowed it lies behind.
    assert issuing.status(db, actor=sari, program=program, now=at(703)).state == "not_passed"
    assert _state(transaction, _issue(transaction, sari, program, at(704)), at(704)) == "Sertifikat sah"


def test_hr_allows_again_although_the_round_before_the_revocation_had_no_attempt(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue
) -> None:
    db, sari, old = transaction.db, cast.sari, certify(transaction, cast.sari)
    renewing.begin(db, actor=sari, program=program, now=at(700))
    _revoke(transaction, cast, old, at(701))
    renewing.allow_again(db, actor=cast.hadi, program=program, certificate_id=old.id, now=at(702))
    row = db.execute(select(quiz_round)).one()
    assert (row.after_number, row.opened_at, row.opened_by) == (1, at(702), cast.hadi.person_id)
    assert _state(transaction, _issue(transaction, sari, program, at(703)), at(703)) == "Sertifikat sah"


def test_allowing_again_a_certificate_that_was_revoked_and_replaced_is_refused(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue
) -> None:
    db, old = transaction.db, certify(transaction, cast.sari)
    _revoke(transaction, cast, old, at(0))
    renewing.allow_again(db, actor=cast.hadi, program=program, certificate_id=old.id, now=at(1))
    _issue(transaction, cast.sari, program, at(2))
    with pytest.raises(NothingToRenew):
        renewing.allow_again(db, actor=cast.hadi, program=program, certificate_id=old.id, now=at(3))
    assert len(db.execute(select(quiz_round)).all()) == 1


@pytest.mark.parametrize("passed", [True, False])
def test_attempts_closed_before_a_renewal_lie_behind_it(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue, *, passed: bool
) -> None:
    db, sari = transaction.db, cast.sari
    certify(transaction, sari)
    for day in range(100, 103):
        take_quiz(db, sari, at(day), passed=passed)
    renewing.begin(db, actor=sari, program=program, now=at(700))
    assert issuing.status(db, actor=sari, program=program, now=at(700)).state == "not_passed"
    assert db.execute(select(quiz_round.c.after_number)).scalar() == 4


def test_an_attempt_open_when_the_renewal_begins_belongs_to_it(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue
) -> None:
    certify(transaction, cast.sari)
    take_quiz(transaction.db, cast.sari, at(699), state="open", closed_at=None, passed=None, score=None)
    renewing.begin(transaction.db, actor=cast.sari, program=program, now=at(700))
    assert transaction.db.execute(select(quiz_round.c.after_number)).scalar() == 1


def test_a_renewal_begins_only_when_somebody_begins_it_where_the_final_quiz_was_changed(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue
) -> None:
    db, sari, old = transaction.db, cast.sari, certify(transaction, cast.sari)
    db.execute(update(attempt).values(quiz_id="kuis-lama", number=3))

    def state(day: int) -> str | None:
        found = renewing.renewal(db, actor=sari, program=program, now=at(day))
        return found.state if found else None

    assert [state(day) for day in (10, 700)] == ["later", "open"]
    renewing.begin(db, actor=sari, program=program, now=at(700))
    assert state(700) == "begun"
    new = _issue(transaction, sari, program, at(701))
    assert _state(transaction, old, at(701)) == f"Digantikan oleh {new.record.number}"


def test_a_pass_of_the_new_final_quiz_needs_no_renewal(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue
) -> None:
    db, sari = transaction.db, cast.sari
    certify(transaction, sari)
    db.execute(update(attempt).values(quiz_id="kuis-lama"))
    take_quiz(db, sari, at(699))
    assert renewing.renewal(db, actor=sari, program=program, now=at(700)) is None
    with pytest.raises(NothingToRenew):
        renewing.begin(db, actor=sari, program=program, now=at(700))
    assert issuing.status(db, actor=sari, program=program, now=at(700)).state == "passed_without_pledge"


def test_a_renewal_waits_until_every_stage_is_fresh(
    cast: Cast, transaction: Transaction, catalog: Catalog, at: At
) -> None:
    db, sari, program = transaction.db, cast.sari, with_issuer(catalog.program("penyegaran"))
    quizzes = [step for step in program.head.steps if step.kind == "quiz"]

    def take(day: int, *taken: Step) -> None:
        for step in taken:
            mine = {"program_id": program.id, "quiz_id": step.ref}
            number = db.execute(select(func.count()).select_from(attempt).filter_by(**mine)).scalar_one() + 1
            take_quiz(db, sari, at(day), number=number, **mine)

    def get(day: int) -> Certificate:
        pledge.sign(db, actor=sari, program=program, now=at(day))
        return issuing.issue(db, actor=sari, program=program, as_of=AS_OF, now=at(day), public_url=URL)

    # Of the first certificate the stages lie apart: an early one may have lapsed.
    take(0, *quizzes[:3])
    take(200, quizzes[3])
    old = get(200)
    assert issuing.status(db, actor=sari, program=program, now=at(500)).state == "certified"
    renewing.begin(db, actor=sari, program=program, now=at(520))
    take(520, quizzes[0], quizzes[3])
    with pytest.raises(Lapsed) as refused:
        get(521)
    assert refused.value.titles == tuple(step.title for step in quizzes[1:3])
    assert isinstance(issuing.status(db, actor=sari, program=program, now=at(521)).refusal, Lapsed)
    assert isinstance(
        issuing.held(db, person_ids=[sari.person_id], program=program, now=at(521))[sari.person_id], Lapsed
    )
    take(522, *quizzes[1:3])
    assert issuing.status(db, actor=sari, program=program, now=at(522)).refusal is None
    # The calm week counts for 30 days: it may lapse again while the certificate waits.
    assert isinstance(issuing.status(db, actor=sari, program=program, now=at(552)).refusal, Lapsed)
    assert _state(transaction, old, at(523)) == "Sertifikat sah"
    assert _state(transaction, get(523), at(523)) == "Sertifikat sah"
    assert issuing.status(db, actor=sari, program=program, now=at(700)).state == "certified"


def test_numbers_of_a_renewal_follow_without_a_gap(
    cast: Cast, transaction: Transaction, program: Program, at: At, certify: Issue
) -> None:
    certify(transaction, cast.sari)
    certify(transaction, cast.bima)
    lasting = program.head.model_copy(update={"renewal_days": 366, "validity_months": 1})
    short = program.model_copy(update={"head": lasting})
    for actor in (cast.sari, cast.bima):
        renewing.begin(transaction.db, actor=actor, program=program, now=at(800))
        _issue(transaction, actor, short, at(800))
    rows = transaction.db.execute(select(certificate.c.year, certificate.c.sequence)).all()
    assert sorted(row.sequence for row in rows) == [1, 1, 2, 2]
    assert len({row.year for row in rows}) == 2

"""Second factors: nothing privileged with one, a code works once, and nobody but an administrator takes one away."""

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from pyotp import TOTP
from sqlalchemy import delete, insert, select, update
from typer.testing import CliRunner

import cli
from people import activation, codes, roles, second, second_store, signin, throttle, totp
from people.roles import Actor, Factors, ProofNeeded, Refused, Role
from people.second import NotEnrolled, Opened
from people.throttle import Throttled
from storage.engine import Database
from storage.tables import audit, login_failure, person, recovery_code, role_grant
from storage.tables import totp as totp_table
from tests.conftest import Cast
from tests.figures import count, figure

KEY = b"x" * 40
STEP = timedelta(seconds=totp.SECONDS)


def opened(database: Database, person_id: int, factors: Factors = "password") -> tuple[Actor, str]:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        token = signin.open_session(db, person_id=person_id, assurance="code", now=now, factors=factors)
        found = signin.resolve(db, token=token, now=now)
    assert found is not None
    return found.actor, token


def complete(database: Database, actor: Actor, token: str, typed: str, *, now: datetime | None = None) -> Opened | None:
    with database.write() as transaction:
        at = now or transaction.now
        return second.complete(transaction.db, actor=actor, token=token, typed=typed, key=KEY, now=at)


def clock(database: Database) -> datetime:
    with database.read() as transaction:
        return transaction.now


def forget_failures(database: Database) -> None:
    with database.write() as transaction:
        transaction.db.execute(delete(login_failure))


@pytest.fixture
def ratna(database: Database, cast: Cast) -> tuple[Actor, str, Opened]:
    """Ratna, a trainer, who has just enrolled: her actor, her TOTP key, and what she was shown."""
    actor, token = opened(database, cast.ratna.person_id)
    assert (actor.roles, actor.owes_factor) == (frozenset(), True)
    secret = totp.secret_of(token, key=KEY)
    now = clock(database) - 10 * STEP  # so that codes of now are fresh ones
    shown = complete(database, actor, token, TOTP(secret).at(now), now=now)
    assert shown is not None
    return actor, secret, shown


def test_enrolment_opens_a_two_factor_session_under_a_new_token(
    database: Database, ratna: tuple[Actor, str, Opened]
) -> None:
    actor, _, shown = ratna
    with database.read() as transaction:
        found = signin.resolve(transaction.db, token=shown.token, now=transaction.now)
        actions = transaction.db.execute(select(audit.c.action)).scalars().all()
        kept = transaction.db.execute(select(totp_table.c.sealed)).scalar_one()
    assert found is not None
    assert found.actor.roles == {"trainer"}
    assert (found.actor.factors, found.actor.owes_factor) == ("totp", False)
    assert found.actor.assurance == actor.assurance
    assert actions == ["totp.enrol"]
    assert ratna[1] not in kept


def test_each_sign_in_asks_again(database: Database, ratna: tuple[Actor, str, Opened]) -> None:
    actor, token = opened(database, ratna[0].person_id)
    assert actor.owes_factor
    for wrong in ("", "000000", "abcdef", "9" * 500, ratna[1]):
        assert complete(database, actor, token, wrong) is None
    typed = TOTP(ratna[1]).at(clock(database))
    again = complete(database, actor, token, f" {typed[:3]} {typed[3:]} ")
    assert again is not None
    assert again.recovery_codes == ()
    with database.read() as transaction:
        assert signin.resolve(transaction.db, token=token, now=transaction.now) is None  # the half-open one has ended


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(
    database: Database, ratna: tuple[Actor, str, Opened], steps: int, works: bool
) -> None:
    actor, token = opened(database, ratna[0].person_id)
    now = clock(database)
    assert (complete(database, actor, token, TOTP(ratna[1]).at(now + steps * STEP), now=now) is not None) == works


def _replays(database: Database, ratna: tuple[Actor, str, Opened], many: int) -> int:
    """Use a code once, then many times more; return how often it worked again."""
    now = clock(database)
    typed = TOTP(ratna[1]).at(now)
    actor, token = opened(database, ratna[0].person_id)
    assert complete(database, actor, token, typed, now=now) is not None
    worked = 0
    for number in range(many):
        forget_failures(database)  # not the throttle shall refuse them
        actor, token = opened(database, ratna[0].person_id)
        worked += complete(database, actor, token, typed, now=now + timedelta(seconds=number % 20)) is not None
    return worked


@pytest.mark.figure
def test_a_code_works_once(
    database: Database, ratna: tuple[Actor, str, Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = count(40, 100)
    worked = _replays(database, ratna, many)
    figure("T05", many - worked, many, "replays of a used TOTP code refused")
    assert worked == 0
    # Control: without the note of the last step every one of them works.
    monkeypatch.setattr(second_store, "use_step", lambda *_: True)
    assert _replays(database, ratna, 20) > 10


def test_an_earlier_code_does_not_work_after_a_later_one(database: Database, ratna: tuple[Actor, str, Opened]) -> None:
    now = clock(database)
    for steps, works in ((1, True), (0, False), (-1, False), (1, False)):
        actor, token = opened(database, ratna[0].person_id)
        typed = TOTP(ratna[1]).at(now + steps * STEP)
        assert (complete(database, actor, token, typed, now=now) is not None) == works


def test_of_many_who_use_a_code_at_once_one_gets_in(database: Database, ratna: tuple[Actor, str, Opened]) -> None:
    now = clock(database)
    typed = TOTP(ratna[1]).at(now)
    sessions = [opened(database, ratna[0].person_id) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda each: complete(database, each[0], each[1], typed, now=now), sessions))
    assert sum(each is not None for each in got) == 1


def test_each_recovery_code_works_once_and_is_kept_as_a_hash(
    database: Database, ratna: tuple[Actor, str, Opened]
) -> None:
    shown = ratna[2].recovery_codes
    assert len(set(shown)) == 10
    with database.read() as transaction:
        kept = set(transaction.db.execute(select(recovery_code.c.code_hash)).scalars())
    assert kept == {signin.hashed(code.replace("-", "")) for code in shown}
    for code in shown:
        for spelled, works in ((code.lower().replace("-", " "), True), (code, False)):
            actor, token = opened(database, ratna[0].person_id)
            assert (complete(database, actor, token, spelled) is not None) == works
            forget_failures(database)
    with database.read() as transaction:
        assert second.codes_left(transaction.db, actor=ratna[0]) == 0
        actions = transaction.db.execute(select(audit.c.action)).scalars().all()
    assert actions.count("totp.recovery") == 10


def test_recovery_codes_of_somebody_else_are_worth_nothing(
    database: Database, cast: Cast, ratna: tuple[Actor, str, Opened]
) -> None:
    actor, token = opened(database, cast.hadi.person_id)
    secret = totp.secret_of(token, key=KEY)
    enrolled = complete(database, actor, token, TOTP(secret).at(clock(database)))
    assert enrolled is not None
    actor, token = opened(database, cast.hadi.person_id)
    assert complete(database, actor, token, ratna[2].recovery_codes[0]) is None


def test_tries_are_counted_whatever_the_session(database: Database, ratna: tuple[Actor, str, Opened]) -> None:
    now = clock(database)
    for _ in range(throttle.LIMIT):
        actor, token = opened(database, ratna[0].person_id)
        assert complete(database, actor, token, "000000", now=now) is None
    actor, token = opened(database, ratna[0].person_id)
    with pytest.raises(Throttled):
        complete(database, actor, token, TOTP(ratna[1]).at(now), now=now)
    later = now + throttle.WINDOW
    assert complete(database, actor, token, TOTP(ratna[1]).at(later), now=later) is not None


def test_a_kept_key_is_worth_nothing_elsewhere(database: Database, ratna: tuple[Actor, str, Opened]) -> None:
    with database.read() as transaction:
        kept = transaction.db.execute(select(totp_table.c.sealed)).scalar_one()
    person_id = ratna[0].person_id
    assert totp.unsealed(kept, person_id=person_id, key=KEY) == ratna[1]
    assert totp.unsealed(kept, person_id=person_id + 1, key=KEY) is None
    assert totp.unsealed(kept, person_id=person_id, key=b"y" * 40) is None


def test_a_new_password_by_the_code_of_hr_keeps_the_second_factor(
    database: Database, ratna: tuple[Actor, str, Opened]
) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        code = codes.issue(db, person_id=ratna[0].person_id, created_by=None, now=now)
        nip = "198503032009032903"
        assert activation.candidate(db, identifier=nip, code=code, now=now).shortest == 12
        token = activation.activate(db, person_id=ratna[0].person_id, code=code, password_hash="x", now=now)
        found = signin.resolve(db, token=token, now=now)
    assert found is not None
    assert (found.actor.roles, found.actor.owes_factor) == (frozenset(), True)
    assert complete(database, found.actor, token, TOTP(totp.secret_of(token, key=KEY)).at(clock(database))) is None
    assert complete(database, found.actor, token, TOTP(ratna[1]).at(clock(database))) is not None


def test_only_another_administrator_takes_a_second_factor_away(
    database: Database, cast: Cast, ratna: tuple[Actor, str, Opened]
) -> None:
    def reset(actor: Actor, person_id: int = ratna[0].person_id) -> None:
        with database.write() as transaction:
            second.reset(transaction.db, actor=actor, person_id=person_id, now=transaction.now)

    for actor in (cast.sari, cast.hadi, cast.ratna):
        with pytest.raises(Refused):
            reset(actor)
    with pytest.raises(Refused):
        reset(cast.admin, cast.admin.person_id)
    with pytest.raises(NotEnrolled):
        reset(cast.admin, cast.sari.person_id)
    with database.read() as transaction:
        assert signin.resolve(transaction.db, token=ratna[2].token, now=transaction.now) is not None
    reset(cast.admin)
    with database.read() as transaction:
        db = transaction.db
        assert signin.resolve(db, token=ratna[2].token, now=transaction.now) is None
        assert db.execute(select(recovery_code)).all() == []
        last = db.execute(select(audit).order_by(audit.c.id.desc())).first()
    assert last is not None
    assert (last.actor, last.action, last.object) == (cast.admin.reference, "totp.reset", cast.ratna.reference)


def test_the_terminal_helps_the_last_administrator(database: Database, ratna: tuple[Actor, str, Opened]) -> None:
    run = CliRunner().invoke
    assert run(cli.app, ["totp", "reset", "19850303 200903 2 903"]).exit_code == 0
    with database.read() as transaction:
        assert not second.is_enrolled(transaction.db, person_id=ratna[0].person_id)
    for unknown in ("19850303 200903 2 903", "tidak ada", ""):
        assert run(cli.app, ["totp", "reset", unknown]).exit_code == 1


def _permissions() -> list[Callable[..., Any]]:
    """Every permission of roles.py, however many there will be."""
    found = [each for _, each in inspect.getmembers(roles, inspect.isfunction) if each.__module__ == roles.__name__]
    named = [each for each in found if not each.__name__.startswith(("_", "require_"))]
    return [each for each in named if next(iter(inspect.signature(each).parameters)) == "actor"]


def _allowed(permission: Callable[..., Any], actor: Actor, cast: Cast) -> bool:
    """Ask for a permission over a person of the actor's unit; each argument by its kind."""
    given = {"int": cast.sari.person_id, "int | None": cast.kominfo, "str": ""}
    parameters = list(inspect.signature(permission, eval_str=False).parameters.values())[1:]
    arguments = {each.name: given.get(_kind(each), frozenset()) for each in parameters}
    try:
        permission(actor, **arguments)
    except Refused:
        return False
    return True


def _kind(parameter: inspect.Parameter) -> str:
    return getattr(parameter.annotation, "__name__", None) or str(parameter.annotation)


def _pairs(database: Database, cast: Cast, factors: Factors) -> dict[tuple[Role, str], bool]:
    """Which role may do what in a session that these factors opened."""
    found: dict[tuple[Role, str], bool] = {}
    for role in get_args(Role):
        with database.write() as transaction:
            db, now, person_id = transaction.db, transaction.now, cast.bima.person_id
            db.execute(delete(role_grant).where(role_grant.c.person_id == person_id))
            place = cast.kominfo if role == "hr" else None
            db.execute(insert(role_grant).values(person_id=person_id, role=role, unit_id=place, granted_at=now))
        actor, _ = opened(database, cast.bima.person_id, factors)
        found |= {(role, each.__name__): _allowed(each, actor, cast) for each in _permissions()}
    return found


@pytest.mark.figure
def test_one_factor_opens_nothing_privileged(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = _pairs(database, cast, "password"), _pairs(database, cast, "totp")
    figure("T05", list(one.values()).count(False), len(one), "role × action pairs refused with one factor")
    assert len(_permissions()) >= 11
    assert not any(one.values())
    assert {action for (_, action), allowed in two.items() if allowed} == {each.__name__ for each in _permissions()}
    assert two == _pairs(database, cast, "sso")
    # Control: with the guard off one factor opens as much as two.
    monkeypatch.setattr(signin, "granted", lambda held, **_: frozenset(held))
    assert _pairs(database, cast, "password") == two


def test_example_staff_need_no_second_factor_and_real_ones_do(database: Database, cast: Cast) -> None:
    for example in (True, False):
        with database.write() as transaction:
            mine = person.c.id == cast.ratna.person_id
            transaction.db.execute(update(person).where(mine).values(is_example=example))
        actor, _ = opened(database, cast.ratna.person_id)
        assert (actor.roles == {"trainer"}, actor.owes_factor) == (example, not example)


@pytest.mark.parametrize("minutes", [0, 9, 10, 600])
def test_a_proof_of_identity_holds_ten_minutes(database: Database, cast: Cast, minutes: int) -> None:
    assert cast.admin.proved_at is not None
    at = cast.admin.proved_at + timedelta(minutes=minutes)
    if minutes < 10:
        roles.require_proof(cast.admin, now=at)
    else:
        with pytest.raises(ProofNeeded):
            roles.require_proof(cast.admin, now=at)


def test_new_recovery_codes_replace_the_old_ones(database: Database, ratna: tuple[Actor, str, Opened]) -> None:
    old = ratna[2].recovery_codes
    actor, _ = opened(database, ratna[0].person_id, "totp")
    with database.write() as transaction:
        new = second.renew_codes(transaction.db, actor=actor, now=transaction.now)
        left = second.codes_left(transaction.db, actor=actor)
    assert (len(set(new)), left, set(new) & set(old)) == (10, 10, set())
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        worked = [second.proves(db, actor=actor, typed=typed, key=KEY, now=now) for typed in (*old[:3], *new[:2])]
        actions = db.execute(select(audit.c.action).order_by(audit.c.id)).scalars().all()
    assert worked == [False, False, False, True, True]
    assert actions[:2] == ["totp.enrol", "totp.codes"]


def test_new_recovery_codes_need_the_factor_a_fresh_proof_and_an_enrolment(
    database: Database, cast: Cast, ratna: tuple[Actor, str, Opened]
) -> None:
    half, _ = opened(database, ratna[0].person_id)
    whole, _ = opened(database, ratna[0].person_id, "totp")
    sari, _ = opened(database, cast.sari.person_id)
    late = timedelta(minutes=11)
    for actor, after, refusal in (
        (half, timedelta(0), Refused),
        (whole, late, ProofNeeded),
        (sari, timedelta(0), NotEnrolled),
    ):
        with pytest.raises(refusal), database.write() as transaction:
            second.renew_codes(transaction.db, actor=actor, now=transaction.now + after)
    with database.read() as transaction:
        assert second.codes_left(transaction.db, actor=whole) == 10


def test_of_two_renewals_at_once_one_set_of_codes_is_left(database: Database, ratna: tuple[Actor, str, Opened]) -> None:
    actor, _ = opened(database, ratna[0].person_id, "totp")

    def renew(_: int) -> None:
        with database.write() as transaction:
            second.renew_codes(transaction.db, actor=actor, now=transaction.now)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(renew, range(4)))
    with database.read() as transaction:
        assert second.codes_left(transaction.db, actor=actor) == 10


@pytest.mark.parametrize("enrolled_first", [True, False])
def test_a_password_set_beside_the_factor_ends_with_it(
    database: Database, cast: Cast, ratna: tuple[Actor, str, Opened], enrolled_first: bool
) -> None:
    person_id = ratna[0].person_id
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        if not enrolled_first:
            second_store.remove(db, person_id)
        code = codes.issue(db, person_id=person_id, created_by=None, now=now)
        activation.activate(db, person_id=person_id, code=code, password_hash="kept", now=now)
        second_store.add_key(db, person_id, "x", 0, now)
        second.reset(db, actor=cast.admin, person_id=person_id, now=now)
        left = db.execute(select(person.c.password_hash).where(person.c.id == person_id)).scalar()
    assert left == (None if enrolled_first else "kept")


def test_who_lost_the_role_and_keeps_the_factor_still_owes_it(
    database: Database, ratna: tuple[Actor, str, Opened]
) -> None:
    with database.write() as transaction:
        transaction.db.execute(delete(role_grant))
    assert opened(database, ratna[0].person_id)[0].owes_factor
    with database.write() as transaction:  # control: with the factor gone nothing is owed
        second_store.remove(transaction.db, ratna[0].person_id)
    assert not opened(database, ratna[0].person_id)[0].owes_factor

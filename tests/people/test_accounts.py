"""Roles, codes, finding people: who may, who may not, and what the audit log says of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, update

from people import (
    account_store,
    activation,
    administrators,
    codes,
    directory,
    roles,
    second,
    signin,
    staff,
    store,
    throttle,
    units,
)
from people.activation import CodeRefused
from people.roles import Actor, Refused, Role
from people.staff import LastAdministrator, UnitMissing, UnknownPerson
from storage.engine import Database, Transaction
from storage.tables import activation_code, audit, login_failure, person, role_grant, unit
from tests.conftest import Cast

Action = Callable[[Transaction], Any]


def do(database: Database, action: Action) -> Any:
    with database.write() as transaction:
        return action(transaction)


def grant(database: Database, actor: Actor, person_id: int, role: Role, unit_id: int | None = None) -> None:
    with database.write() as transaction:
        staff.grant_role(
            transaction.db, actor=actor, person_id=person_id, role=role, unit_id=unit_id, now=transaction.now
        )


def fresh(database: Database, cast: Cast, key: str) -> Actor | None:
    with database.read() as transaction:
        found = signin.resolve(transaction.db, token=cast.tokens[key], now=transaction.now)
    return found.actor if found else None


def sign_in_again(database: Database, person_id: int) -> Actor:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        token = signin.open_session(db, person_id=person_id, assurance="code", now=now, factors="totp")
        found = signin.resolve(db, token=token, now=now)
    assert found is not None
    return found.actor


def set_password(database: Database, *person_ids: int) -> None:
    with database.write() as transaction:
        transaction.db.execute(update(person).where(person.c.id.in_(person_ids)).values(password_hash="x"))


def audited(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as transaction:
        rows = transaction.db.execute(select(audit).order_by(audit.c.id))
        return [(row.actor, row.action, row.object) for row in rows]


def test_only_administrators_manage_roles(database: Database, cast: Cast) -> None:
    for actor in (cast.sari, cast.bima, cast.ratna, cast.hadi):
        with pytest.raises(Refused):
            grant(database, actor, actor.person_id, "admin")
        with database.write() as transaction:
            db, now = transaction.db, transaction.now
            with pytest.raises(Refused):
                staff.revoke_role(db, actor=actor, grant_id=1, now=now)
            with pytest.raises(Refused):
                staff.staff(db, actor=actor)
            with pytest.raises(Refused):
                staff.end_sessions(db, actor=actor, person_id=cast.admin.person_id, now=now)
    assert audited(database) == []
    grant(database, cast.admin, cast.bima.person_id, "author")  # control
    assert len(audited(database)) == 1


def test_a_role_change_ends_the_sessions_and_is_audited(database: Database, cast: Cast) -> None:
    grant(database, cast.admin, cast.bima.person_id, "hr", cast.pendidikan)
    assert fresh(database, cast, "bima") is None
    actor = sign_in_again(database, cast.bima.person_id)
    assert (actor.roles, actor.hr_units) == (frozenset({"hr"}), frozenset({cast.pendidikan}))
    grant(database, cast.admin, cast.bima.person_id, "hr", cast.pendidikan)  # again: nothing
    here = (cast.admin.reference, "role.grant", f"person:{cast.bima.person_id}")
    assert audited(database) == [here]
    with database.write() as transaction:
        held = staff.staff(transaction.db, actor=cast.admin)
        mine = next(each for each in held if each.person_id == cast.bima.person_id)
        assert (mine.role, mine.unit, mine.identifier) == ("hr", "Dinas Pendidikan", cast.bima.nip)
        for _ in range(2):
            staff.revoke_role(transaction.db, actor=cast.admin, grant_id=mine.grant_id, now=transaction.now)
    assert [action for _, action, _ in audited(database)] == ["role.grant", "role.revoke"]
    assert sign_in_again(database, cast.bima.person_id).roles == frozenset()


@pytest.mark.parametrize(("role", "has_unit"), [("hr", False), ("admin", True), ("trainer", True), ("author", True)])
def test_hr_has_a_unit_and_no_other_role_has(database: Database, cast: Cast, role: Role, has_unit: bool) -> None:
    with pytest.raises(UnitMissing):
        grant(database, cast.admin, cast.bima.person_id, role, cast.kominfo if has_unit else None)
    with pytest.raises(UnitMissing):
        grant(database, cast.admin, cast.bima.person_id, "hr", 999)
    with pytest.raises(UnknownPerson):
        grant(database, cast.admin, 999, "author")


def test_the_last_administrator_keeps_the_role(database: Database, cast: Cast) -> None:
    set_password(database, cast.admin.person_id)
    grant(database, cast.admin, cast.bima.person_id, "admin")
    with database.read() as transaction:
        grants = {
            each.person_id: each.grant_id
            for each in staff.staff(transaction.db, actor=cast.admin)
            if each.role == "admin"
        }

    def take(person_id: int) -> None:
        with database.write() as transaction:
            staff.revoke_role(transaction.db, actor=cast.admin, grant_id=grants[person_id], now=transaction.now)

    with pytest.raises(LastAdministrator):  # Bima has never signed in
        take(cast.admin.person_id)
    set_password(database, cast.bima.person_id)
    take(cast.admin.person_id)
    with pytest.raises(LastAdministrator):
        take(cast.bima.person_id)


def test_two_administrators_cannot_take_each_others_role_at_once(database: Database, cast: Cast) -> None:
    grant(database, cast.admin, cast.bima.person_id, "admin")
    set_password(database, cast.admin.person_id, cast.bima.person_id)
    with database.read() as transaction:
        held = [each.grant_id for each in staff.staff(transaction.db, actor=cast.admin) if each.role == "admin"]

    def take(grant_id: int) -> str:
        try:
            do(database, lambda t: staff.revoke_role(t.db, actor=cast.admin, grant_id=grant_id, now=t.now))
        except LastAdministrator:
            return "last"
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, held)) == ["last", "taken"]


def test_the_first_administrator_comes_back_when_nobody_is_left(database: Database) -> None:
    first = do(database, lambda t: administrators.first_code(t.db, now=t.now))
    assert first is not None
    do(database, lambda t: t.db.execute(role_grant.delete()))
    code = do(database, lambda t: administrators.first_code(t.db, now=t.now))
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        with pytest.raises(CodeRefused):
            activation.candidate(db, identifier="admin", code=first, now=now)
        found = activation.candidate(db, identifier="Admin", code=code, now=now)
        token = activation.activate(db, person_id=found.person_id, code=code, password_hash="x", now=now)
        who = signin.resolve(db, token=token, now=now)
        assert who is not None
        assert who.actor.owes_factor  # the role counts once the second factor stands
        assert administrators.first_code(db, now=now) is None
    assert sign_in_again(database, who.actor.person_id).roles == {"admin"}


def test_the_first_administrator_is_listed_once_there_is_a_password(database: Database, cast: Cast) -> None:
    def listed() -> list[str]:
        with database.read() as transaction:
            return [each.identifier for each in staff.staff(transaction.db, actor=cast.admin) if each.role == "admin"]

    with database.write() as transaction:
        prepared = store.add_first_admin(transaction.db, "admin", transaction.now)
        account_store.add_grant(transaction.db, prepared, "admin", None, None, transaction.now)
    assert listed() == ["ADM-1"]
    chosen = update(person).where(person.c.id == prepared).values(password_hash="x")
    do(database, lambda t: t.db.execute(chosen))
    assert sorted(listed()) == ["ADM-1", "admin"]


def test_all_sessions_of_a_person_end(database: Database, cast: Cast) -> None:
    others = [sign_in_again(database, cast.sari.person_id) for _ in range(3)]
    assert len(others) == 3
    ended = do(database, lambda t: staff.end_sessions(t.db, actor=cast.admin, person_id=cast.sari.person_id, now=t.now))
    assert (ended, fresh(database, cast, "sari")) == (4, None)
    assert fresh(database, cast, "bima") is not None
    own = do(database, lambda t: staff.end_sessions(t.db, actor=cast.bima, person_id=cast.bima.person_id, now=t.now))
    assert (own, fresh(database, cast, "bima")) == (1, None)


def test_codes_for_a_unit_go_to_those_who_wait(database: Database, cast: Cast) -> None:
    set_password(database, cast.bima.person_id)
    below = do(
        database,
        lambda t: t.db.execute(
            insert(unit).values(name="Bidang", parent_id=cast.kominfo).returning(unit.c.id)
        ).scalar(),
    )
    with database.write() as transaction:
        times = {"created_at": transaction.now, "updated_at": transaction.now}
        rows = [
            {"employee_id": f"E{n}", "name": f"P{n}", "kind": "non_asn", "unit_id": below, "state": state, **times}
            for n, state in enumerate(("active", "active", "gone"))
        ]
        transaction.db.execute(insert(person), rows)
    slips = do(database, lambda t: codes.issue_for_unit(t.db, actor=cast.hadi, unit_id=cast.kominfo, now=t.now))
    # Not Hadi, Ratna and the administrator, who hold roles, and nobody who is gone.
    assert [(slip.name, slip.unit) for slip in slips] == [
        ("P0", "Dinas Kominfo › Bidang"),
        ("P1", "Dinas Kominfo › Bidang"),
        ("Sari Wulandari, S.Sos.", "Dinas Kominfo"),
    ]
    assert len({slip.code for slip in slips}) == 3
    with database.read() as transaction:
        db, now = transaction.db, transaction.now
        for slip in slips:
            typed = slip.nip or slip.employee_id or ""
            assert activation.candidate(db, identifier=typed, code=slip.code, now=now).name == slip.name
            assert slip.expires_at - now <= timedelta(hours=72)
        kept = db.execute(select(activation_code)).all()
    assert not any(slip.code.replace("-", "") in str(row) for slip in slips for row in kept)
    assert audited(database) == [(cast.hadi.reference, "code.issue", f"unit:{cast.kominfo}")]


def test_new_codes_end_the_earlier_ones(database: Database, cast: Cast) -> None:
    first, second = (
        do(database, lambda t: codes.issue_for_unit(t.db, actor=cast.hadi, unit_id=cast.kominfo, now=t.now))
        for _ in range(2)
    )
    with database.read() as transaction:
        db, now = transaction.db, transaction.now
        with pytest.raises(CodeRefused):
            activation.candidate(db, identifier=first[0].nip, code=first[0].code, now=now)
        activation.candidate(db, identifier=second[0].nip, code=second[0].code, now=now)


@pytest.mark.parametrize("example", [True, False])
def test_example_staff_open_nobody_reals_account(database: Database, cast: Cast, example: bool) -> None:
    hadi, admin = (replace(actor, is_example=example) for actor in (cast.hadi, cast.admin))

    def tries() -> Iterator[Action]:
        yield lambda t: codes.issue_for_person(t.db, actor=hadi, person_id=cast.sari.person_id, now=t.now)
        yield lambda t: staff.grant_role(t.db, actor=admin, person_id=cast.sari.person_id, role="trainer", now=t.now)
        yield lambda t: second.reset(t.db, actor=admin, person_id=cast.ratna.person_id, now=t.now)

    waiting = do(database, lambda t: codes.waiting(t.db, actor=hadi, unit_id=cast.kominfo).people)
    assert waiting == (0 if example else 1)
    done = 0
    for action in tries():
        try:
            do(database, action)
        except second.NotEnrolled:  # control: the right to it was there
            done += 1
        except Refused:
            continue
        else:
            done += 1
    assert done == (0 if example else 3)


def test_codes_only_for_units_in_scope(database: Database, cast: Cast) -> None:
    for actor, unit_id in ((cast.hadi, cast.pendidikan), (cast.ratna, cast.kominfo), (cast.sari, cast.kominfo)):
        with database.write() as transaction, pytest.raises(Refused):
            codes.issue_for_unit(transaction.db, actor=actor, unit_id=unit_id, now=transaction.now)
        with database.read() as transaction, pytest.raises(Refused):
            codes.waiting(transaction.db, actor=actor, unit_id=unit_id)
    with database.read() as transaction:  # control
        assert codes.waiting(transaction.db, actor=cast.admin, unit_id=cast.pendidikan).people == 1


@pytest.mark.parametrize("role", ["trainer", "author", "admin"])
def test_hr_takes_over_nobody_with_more_rights(database: Database, cast: Cast, role: Role) -> None:
    grant(database, cast.admin, cast.sari.person_id, role)

    def one(actor: Actor, person_id: int) -> codes.Slip:
        slip: codes.Slip = do(
            database, lambda t: codes.issue_for_person(t.db, actor=actor, person_id=person_id, now=t.now)
        )
        return slip

    for target in (cast.sari, cast.ratna, cast.admin, cast.bima):
        with pytest.raises(Refused):
            one(cast.hadi, target.person_id)
    for actor in (cast.sari, cast.ratna, cast.bima):
        with pytest.raises(Refused):
            one(actor, cast.bima.person_id)
    assert one(cast.hadi, cast.hadi.person_id).nip == cast.hadi.nip
    assert one(cast.admin, cast.sari.person_id).nip == cast.sari.nip
    with pytest.raises(codes.UnknownPerson):
        one(cast.admin, 999)


def test_hr_of_a_part_takes_over_no_hr_of_the_whole(database: Database, cast: Cast) -> None:
    part = do(
        database,
        lambda t: t.db.execute(
            insert(unit).values(name="Bidang", parent_id=cast.kominfo).returning(unit.c.id)
        ).scalar(),
    )
    grant(database, cast.admin, cast.sari.person_id, "hr", part)
    do(database, lambda t: t.db.execute(update(person).where(person.c.id == cast.hadi.person_id).values(unit_id=part)))
    sari, hadi = (sign_in_again(database, each.person_id) for each in (cast.sari, cast.hadi))
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        with pytest.raises(Refused):
            codes.issue_for_person(db, actor=sari, person_id=hadi.person_id, now=now)
        codes.issue_for_person(db, actor=hadi, person_id=sari.person_id, now=now)


def test_people_are_found_in_scope_only(database: Database, cast: Cast) -> None:
    def found(actor: Actor, text: str) -> list[str]:
        with database.read() as transaction:
            return [each.name for each in directory.find(transaction.db, scope=roles.find_people(actor), text=text)]

    assert found(cast.hadi, "pratama") == []
    assert found(cast.admin, "pratama") == ["Bima Pratama"]
    assert found(cast.hadi, "WULANDARI sari") == ["Sari Wulandari, S.Sos."]
    assert found(cast.hadi, "19900101 201503") == ["Sari Wulandari, S.Sos."]
    assert found(cast.admin, "adm-") == ["Administrator"]
    assert found(cast.admin, "sa") == []
    assert found(cast.admin, "%%%") == found(cast.admin, "___") == found(cast.admin, "'; --") == []
    with pytest.raises(Refused):
        found(cast.sari, "bima")
    with database.read() as transaction:
        scope = roles.find_people(cast.hadi)
        assert directory.person(transaction.db, scope=scope, person_id=cast.bima.person_id) is None
        sari = directory.person(transaction.db, scope=scope, person_id=cast.sari.person_id)
        assert sari is not None
        assert (sari.identifier, sari.unit, sari.active) == (cast.sari.nip, "Dinas Kominfo", False)
        assert [each.label for each in units.choices(transaction.db, scope=scope)] == ["Dinas Kominfo"]


def test_finding_one_or_three_people_takes_the_same_queries(database: Database, cast: Cast) -> None:
    counted: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: counted.append(arguments[2]))
    counts = []
    for text in ("Bima", "199001012015032901", "ari "):
        counted.clear()
        with database.read() as transaction:
            directory.find(transaction.db, scope=roles.EVERYONE, text=text)
        counts.append(len(counted))
    assert len(set(counts)) == 1


def test_throttle_tightens_for_unknown_devices_under_attack(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "ATTACK", 50)

    def tries(bucket: str, known_device: bool) -> int:
        for number in range(20):
            try:
                do(database, lambda t: throttle.reserve(t.db, bucket=bucket, known_device=known_device, now=t.now))
            except throttle.Throttled:
                return number
        return 20

    assert tries("calm", known_device=False) == 10
    for number in range(5):
        tries(f"other {number}", known_device=True)
    assert tries("attacked", known_device=False) == 3
    assert tries("own device", known_device=True) == 10


def test_old_failures_leave(database: Database) -> None:
    with database.write() as transaction:
        old = transaction.now - timedelta(hours=1)
        transaction.db.execute(insert(login_failure), [{"bucket": "x", "at": old} for _ in range(45)])
    for _ in range(3):
        do(database, lambda t: throttle.reserve(t.db, bucket="y", known_device=False, now=t.now))
    with database.read() as transaction:
        assert transaction.db.execute(select(func.count()).select_from(login_failure)).scalar() == 3


def test_an_employee_id_like_a_nip_stands_for_nobody(database: Database, cast: Cast) -> None:
    with database.write() as transaction:
        values = {"employee_id": cast.sari.nip, "name": "Palsu", "kind": "non_asn"}
        times = {"created_at": transaction.now, "updated_at": transaction.now}
        transaction.db.execute(insert(person).values(**values, **times))
        slip = codes.issue_for_person(
            transaction.db, actor=cast.admin, person_id=cast.sari.person_id, now=transaction.now
        )
        found = activation.candidate(
            transaction.db, identifier=cast.sari.nip or "", code=slip.code, now=transaction.now
        )
    assert found.person_id == cast.sari.person_id

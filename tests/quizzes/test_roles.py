"""Scenarios told by role: chosen once, changeable until the first decision, and one measure for all roles."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection

from modules.catalog import Program
from people.roles import Actor
from quizzes import casting, journey, runs
from quizzes.checking.reporting import report
from quizzes.content import Library, load_library
from quizzes.sheets import InvalidChoice
from storage.engine import Database
from tests import tiny
from tests.figures import count
from tests.quizzes.exam import new_person

STEP = "skenario-peran-jabatan"
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def stage() -> tuple[Library, Program]:
    """The shipped content, with a programme of nothing but the two scenarios by role."""
    shipped = load_library(ROOT)
    program = shipped.catalog.program("netralitas")
    steps = tuple(step for step in program.head.steps if step.by_role)
    short = program.model_copy(update={"head": program.head.model_copy(update={"steps": steps})})
    return replace(shipped, catalog=shipped.catalog.model_copy(update={"programs": (short,)})), short


def begin(db: Connection, stage: tuple[Library, Program], actor: Actor, now: Any, step: str = STEP) -> runs.View:
    library, program = stage
    return runs.start_or_resume(db, actor=actor, library=library, program=program, step_id=step, now=now)


def decide(db: Connection, actor: Actor, view: runs.View, now: Any) -> runs.View:
    assert view.junction is not None
    names: dict[str, Any] = {
        "attempt_id": view.attempt_id,
        "choice": view.junction.options[0][0],
        "seen_sequence": view.sequence,
    }
    return runs.decide(db, actor=actor, now=now, **names)


def test_the_story_follows_the_role(database: Database, cast: Any, stage: tuple[Library, Program]) -> None:
    with database.write() as t:
        stories = set()
        for role in stage[1].head.roles:
            casting.choose(t.db, actor=cast.sari, program=stage[1], role_id=role.id, now=t.now)
            stories.add(begin(t.db, stage, cast.sari, t.now).story)
    assert len(stories) == len(stage[1].head.roles) == 5


def test_without_a_role_there_is_no_story(database: Database, cast: Any, stage: tuple[Library, Program]) -> None:
    with database.write() as t, pytest.raises(casting.NoRole):
        begin(t.db, stage, cast.sari, t.now)


def test_the_first_decision_fixes_the_role(database: Database, cast: Any, stage: tuple[Library, Program]) -> None:
    program = stage[1]
    with database.write() as t:
        db, now, names = t.db, t.now, {"actor": cast.sari, "program": program}
        casting.choose(db, **names, role_id="guru", now=now)
        casting.choose(db, **names, role_id="camat", now=now)
        view = begin(db, stage, cast.sari, now)
        assert not casting.is_fixed(db, person_id=cast.sari.person_id, program=program)
        decide(db, cast.sari, view, now)
        with pytest.raises(casting.RoleFixed):
            casting.choose(db, **names, role_id="guru", now=now)
        casting.choose(db, **names, role_id="camat", now=now)
        casting.choose(db, actor=cast.bima, program=program, role_id="guru", now=now)
        role = casting.role_of(db, person_id=cast.sari.person_id, program=program)
        assert role is not None
        assert role.id == "camat"


def test_a_tab_that_still_shows_the_old_role_decides_nothing(
    database: Database, cast: Any, stage: tuple[Library, Program]
) -> None:
    with database.write() as t:
        db, now = t.db, t.now
        casting.choose(db, actor=cast.sari, program=stage[1], role_id="guru", now=now)
        old = begin(db, stage, cast.sari, now)
        casting.choose(db, actor=cast.sari, program=stage[1], role_id="camat", now=now)
        with pytest.raises(InvalidChoice):
            decide(db, cast.sari, old, now)
        assert decide(db, cast.sari, begin(db, stage, cast.sari, now), now).sequence == 1


def test_an_unknown_role_is_refused(database: Database, cast: Any, stage: tuple[Library, Program]) -> None:
    with database.write() as t, pytest.raises(KeyError):
        casting.choose(t.db, actor=cast.sari, program=stage[1], role_id="bupati", now=t.now)


def test_the_step_is_done_in_whichever_role(database: Database, cast: Any, stage: tuple[Library, Program]) -> None:
    library, program = stage
    with database.write() as t:
        db, now = t.db, t.now
        casting.choose(db, actor=cast.sari, program=program, role_id="honorer", now=now)
        view = begin(db, stage, cast.sari, now)
        while view.junction is not None:
            view = decide(db, cast.sari, view, now)
        found = journey.states(db, library=library, program=program, person_id=cast.sari.person_id)
        assert [state.state for state in found] == ["done", "open"]
        second = begin(db, stage, cast.sari, now, "skenario-peran-digital")
        assert second.story == library.scenarios["peran-b-honorer"].story


def test_every_role_measures_the_same(stage: tuple[Library, Program]) -> None:
    library, program = stage
    for step in program.head.steps:
        told = [library.scenarios[name] for name in program.scenarios(step)]
        assert [scenario.role for scenario in told] == [role.id for role in program.head.roles]
        assert len({(one.objective, one.maximum, one.phase) for one in told}) == 1
        assert all(one.objective for one in told)


ROLES = """\
roles:
  - {id: guru, title: Guru, summary: Guru di sebuah sekolah.}
  - {id: camat, title: Camat, summary: Camat di sebuah kabupaten.}
"""


def told(**changed: str) -> str:
    """Return the tiny scenario as a variant, some lines changed."""
    text = tiny.FILES["quizzes/content/scenarios/cerita.yaml"]
    lines = {"role": "guru", "objective": "Menolak dengan sopan", "maximum": "3", **changed}
    text = text.replace("maximum: 3\n", f"maximum: {lines['maximum']}\n")
    return text.replace("phase: C\n", f"phase: C\nrole: {lines['role']}\nobjective: {lines['objective']}\n")


def checked(root: Path, guru: str, camat: str | None) -> list[str]:
    program = tiny.FILES["modules/content/uji/program.yaml"]
    step = "{id: cerita, kind: scenario, ref: cerita, by_role: true, title: Cerita, minutes: 5}"
    program = program.replace("{id: cerita, kind: scenario, ref: cerita, title: Cerita, minutes: 5}", step)
    files = {"modules/content/uji/program.yaml": program.replace("materials:", ROLES + "materials:")}
    files["quizzes/content/scenarios/cerita-guru.yaml"] = guru
    if camat is not None:
        files["quizzes/content/scenarios/cerita-camat.yaml"] = camat
    return [finding.rule for finding in report(tiny.build(root, files), today=tiny.TODAY).findings]


def test_check_finds_variants_that_measure_something_else(tmp_path: Path) -> None:
    assert checked(tmp_path / "alike", told(), told(role="camat")) == []
    for name, value in (("maximum", "4"), ("objective", "Menolak dengan tegas"), ("role", "guru")):
        wrong = told(**{"role": "camat", name: value})
        assert checked(tmp_path / name, told(), wrong) == ["role-variant"], name
    assert checked(tmp_path / "absent", told(), None) == ["step-ref"]


def race(database: Database, stage: tuple[Library, Program], actor: Actor, old: runs.View) -> tuple[bool, bool]:
    """Decide in the old role and choose another at the same moment; return which of the two went through."""
    meet = Barrier(2)

    def deciding() -> bool:
        meet.wait()
        with database.write() as t:
            try:
                decide(t.db, actor, old, t.now)
            except InvalidChoice:
                return False
        return True

    def choosing() -> bool:
        meet.wait()
        with database.write() as t:
            try:
                casting.choose(t.db, actor=actor, program=stage[1], role_id="camat", now=t.now)
            except casting.RoleFixed:
                return False
        return True

    with ThreadPoolExecutor(2) as pool:
        decided, chosen = pool.submit(deciding), pool.submit(choosing)
        return decided.result(), chosen.result()


def test_a_decision_and_another_role_never_both_go_through(database: Database, stage: tuple[Library, Program]) -> None:
    for number in range(count(8, 100)):
        actor = new_person(database, number)
        with database.write() as t:
            casting.choose(t.db, actor=actor, program=stage[1], role_id="guru", now=t.now)
            old = begin(t.db, stage, actor, t.now)
        assert sum(race(database, stage, actor, old)) == 1


def test_control_without_the_second_look_both_go_through(
    database: Database, cast: Any, stage: tuple[Library, Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casting, "still_plays", lambda *_, **__: True)
    with database.write() as t:
        casting.choose(t.db, actor=cast.sari, program=stage[1], role_id="guru", now=t.now)
        old = begin(t.db, stage, cast.sari, t.now)
        casting.choose(t.db, actor=cast.sari, program=stage[1], role_id="camat", now=t.now)
        assert decide(t.db, cast.sari, old, t.now).sequence == 1

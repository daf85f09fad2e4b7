"""Scenario runs: every decision stored and replayable, a fixed maximum, double clicks counted once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from modules.catalog import Program
from people.roles import Actor
from quizzes import journey, runs
from quizzes.attempts import NotYours
from quizzes.content import Library
from quizzes.runs import Stale, View
from quizzes.scenarios import Decision, Scenario, replay
from quizzes.sheets import InvalidChoice
from storage.engine import Database, Transaction
from storage.tables import attempt, decision
from tests.quizzes.exam import Exam, new_person

STEP = "skenario-reuni"


@pytest.fixture
def sari(database: Database) -> Actor:
    return new_person(database, 1)


@pytest.fixture
def story(library: Library, program: Program) -> Exam:
    """The scenario as the first step of the programme."""
    steps = tuple(step for step in program.head.steps if step.id in (STEP, "pakta"))
    short = program.model_copy(update={"head": program.head.model_copy(update={"steps": steps})})
    return Exam(replace(library, catalog=library.catalog.model_copy(update={"programs": (short,)})), short)


@pytest.fixture
def scenario(library: Library) -> Scenario:
    return library.scenarios["undangan-reuni"]


def begin(t: Transaction, story: Exam, actor: Actor) -> View:
    return runs.start_or_resume(
        t.db, actor=actor, library=story.library, program=story.program, step_id=STEP, now=t.now
    )


def opaque(view: View, scenario: Scenario, node_id: str, choice_id: str) -> str:
    """Return the id under which a choice is shown."""
    assert view.junction is not None
    text = scenario.choice(node_id, choice_id).text
    return next(one for one, shown in view.junction.options if shown == text)


def walk(t: Transaction, actor: Actor, view: View, scenario: Scenario, *path: tuple[str, str]) -> View:
    """Decide along a path of (node, choice)."""
    for node_id, choice_id in path:
        choice = opaque(view, scenario, node_id, choice_id)
        view = runs.decide(
            t.db, actor=actor, attempt_id=view.attempt_id, choice=choice, seen_sequence=view.sequence, now=t.now
        )
    return view


def back(t: Transaction, actor: Actor, view: View, crossing: int) -> View:
    return runs.rewind(
        t.db, actor=actor, attempt_id=view.attempt_id, crossing=crossing, seen_sequence=view.sequence, now=t.now
    )


def test_a_run_ends_with_its_score_and_completes_the_step(
    database: Database, sari: Actor, story: Exam, scenario: Scenario
) -> None:
    mine: dict[str, Any] = {"library": story.library, "program": story.program, "person_id": sari.person_id}
    with database.write() as t:
        view = begin(t, story, sari)
        assert (view.sequence, view.path, view.ending, view.finished) == (0, (), None, False)
        assert journey.states(t.db, **mine)[0].state == "started"
        view = walk(t, sari, view, scenario, ("tiba", "kaus"), ("foto", "menolak"))
        row = t.db.execute(select(attempt)).one()
        assert journey.states(t.db, **mine)[0].state == "done"
    lost = scenario.choice("tiba", "kaus").lost + scenario.choice("foto", "menolak").lost
    assert view.ending == scenario.endings["nyaris"]
    assert view.finished
    assert view.score == 100 * (scenario.maximum - lost) // scenario.maximum
    assert (row.kind, row.state, row.score, row.passed) == ("scenario", "submitted", view.score, None)
    assert [(one.title, one.gravity) for one in view.path] == [
        ("Tiba di tempat", runs.gravity(scenario.choice("tiba", "kaus"))),
        ("Panggilan ke panggung", runs.gravity(scenario.choice("foto", "menolak"))),
    ]
    assert len(view.path[0].untaken) == 2


def test_a_run_goes_on_where_it_stood(database: Database, sari: Actor, story: Exam, scenario: Scenario) -> None:
    with database.write() as t:
        view = walk(t, sari, begin(t, story, sari), scenario, ("tiba", "duduk"))
        assert begin(t, story, sari) == view
        shown = runs.view(t.db, actor=sari, program_id="netralitas", scenario_id="undangan-reuni")
    assert shown == view


def test_repeating_a_decision_teaches_but_does_not_mend_the_score(
    database: Database, sari: Actor, story: Exam, scenario: Scenario
) -> None:
    with database.write() as t:
        view = walk(t, sari, begin(t, story, sari), scenario, ("tiba", "kaus"))
        view = back(t, sari, view, 0)
        assert view.junction is not None
        assert (view.junction.title, view.path, view.sequence) == ("Tiba di tempat", (), 2)
        view = walk(t, sari, view, scenario, ("tiba", "pamit"))
    lost = scenario.choice("tiba", "kaus").lost
    assert view.ending == scenario.endings["pulang"]
    assert view.score == 100 * (scenario.maximum - lost) // scenario.maximum


def test_exploring_after_the_end_changes_nothing_that_counts(
    database: Database, sari: Actor, story: Exam, scenario: Scenario
) -> None:
    with database.write() as t:
        view = walk(t, sari, begin(t, story, sari), scenario, ("tiba", "pamit"))
        view = walk(t, sari, back(t, sari, view, 0), scenario, ("tiba", "kaus"), ("foto", "unggah"))
        row = t.db.execute(select(attempt)).one()
        again = runs.regrade(t.db, attempt_id=row.id, person_id=sari.person_id)
    assert view.junction is not None
    assert view.finished
    assert (row.state, row.score, again) == ("submitted", 100, 100)


def test_marking_again_gives_the_stored_score_for_any_walk(database: Database, story: Exam, scenario: Scenario) -> None:
    scores = {}
    for number in range(40):
        random, actor = Random(number), new_person(database, 100 + number)
        with database.write() as t:
            view = begin(t, story, actor)
            while not view.finished:
                if view.path and random.random() < 0.3:
                    view = back(t, actor, view, random.randrange(len(view.path)))
                    continue
                assert view.junction is not None
                choice = random.choice(view.junction.options)[0]
                known = {"attempt_id": view.attempt_id, "seen_sequence": view.sequence}
                view = runs.decide(t.db, actor=actor, choice=choice, now=t.now, **known)
            stored = t.db.execute(select(attempt.c.score).where(attempt.c.id == view.attempt_id)).scalar()
            again = runs.regrade(t.db, attempt_id=view.attempt_id, person_id=actor.person_id)
            assert stored == again == view.score
            scores[number] = stored
    assert len(set(scores.values())) > 2


def test_the_same_decision_twice_counts_once_and_another_is_stale(
    database: Database, sari: Actor, story: Exam, scenario: Scenario
) -> None:
    with database.write() as t:
        start = begin(t, story, sari)
        one = walk(t, sari, start, scenario, ("tiba", "duduk"))
        assert walk(t, sari, start, scenario, ("tiba", "duduk")) == one
        with pytest.raises(Stale) as stale:
            walk(t, sari, start, scenario, ("tiba", "pamit"))
        assert stale.value.newest == one
        rewound = back(t, sari, one, 0)
        assert back(t, sari, one, 0) == rewound
        assert t.db.execute(select(func.count()).select_from(decision)).scalar() == 2


def test_parallel_clicks_store_one_decision(database: Database, sari: Actor, story: Exam, scenario: Scenario) -> None:
    with database.write() as t:
        view = begin(t, story, sari)
    choice = opaque(view, scenario, "tiba", "kaus")

    def click(_number: int) -> View:
        with database.write() as t:
            return runs.decide(t.db, actor=sari, attempt_id=view.attempt_id, choice=choice, seen_sequence=0, now=t.now)

    with ThreadPoolExecutor(10) as pool:
        views = set(pool.map(click, range(10)))
    with database.read() as t:
        assert t.db.execute(select(decision.c.sequence)).scalars().all() == [1]
    assert len(views) == 1


@pytest.mark.parametrize(
    "forged",
    [{"choice": "kaus"}, {"choice": ""}, {"seen_sequence": -1}, {"seen_sequence": 9}, {"seen_sequence": 10**30}],
)
def test_a_forged_decision_is_refused(
    database: Database, sari: Actor, story: Exam, scenario: Scenario, forged: dict[str, Any]
) -> None:
    with database.write() as t:
        view = begin(t, story, sari)
        values = {"choice": opaque(view, scenario, "tiba", "kaus"), "seen_sequence": 0, **forged}
        with pytest.raises(InvalidChoice):
            runs.decide(t.db, actor=sari, attempt_id=view.attempt_id, now=t.now, **values)
        with pytest.raises(InvalidChoice):
            back(t, sari, view, 0)


def test_a_foreign_run_is_refused(database: Database, sari: Actor, story: Exam) -> None:
    with database.write() as t:
        view = begin(t, story, sari)
    known: dict[str, Any] = {"actor": new_person(database, 2), "attempt_id": view.attempt_id, "seen_sequence": 0}
    with pytest.raises(NotYours), database.write() as t:
        runs.decide(t.db, choice="x", now=t.now, **known)
    with pytest.raises(NotYours), database.write() as t:
        runs.rewind(t.db, crossing=0, now=t.now, **known)


def test_option_ids_say_nothing_and_differ_between_people(
    database: Database, sari: Actor, story: Exam, scenario: Scenario
) -> None:
    known = {choice.id for node in scenario.nodes.values() for choice in node.choices}
    ids = []
    for actor in (sari, new_person(database, 2)):
        with database.write() as t:
            view = begin(t, story, actor)
        assert view.junction is not None
        ids.append({one for one, _ in view.junction.options})
    assert ids[0].isdisjoint(ids[1])
    assert known.isdisjoint(ids[0] | ids[1])


def test_replay_refuses_a_decision_that_does_not_follow(scenario: Scenario) -> None:
    made = [Decision("tiba", "kaus"), Decision("foto", "menolak")]
    assert replay(scenario, made).at == "nyaris"
    for one, two in pairwise([*reversed(made), Decision("tanda", "suka")]):
        with pytest.raises(ValueError, match=r"foto|tanda"):
            replay(scenario, [one, two])

"""Skenario: a story, one decision after another, each with its consequence, and the way back to any of them."""

import streamlit as st

from quizzes import journey, runs
from quizzes.runs import View
from quizzes.sheets import InvalidChoice
from web import current
from web.widgets import programme, role_choice, scenario_run
from web.widgets.question import STALE
from web.widgets.role_choice import Part
from web.widgets.step_named import step_named

actor, program, library = current.person(), programme.chosen(), current.library()
step = step_named(program, "scenario")


def look(scenario_id: str) -> View | None:
    """Return the run where it stands; None before it is begun. Raises Locked."""
    with current.read() as t:
        found = runs.view(t.db, actor=actor, program_id=program.id, scenario_id=scenario_id)
        if found is None:
            who = actor.person_id
            journey.require_open(t.db, library=library, program=program, person_id=who, step_id=step.id)
    return found


def act(scenario_id: str) -> View | None:
    """Do what was pressed on the run as it was last shown; return the run as it stands."""
    what, target, known = scenario_run.wish(f"{program.id}/{scenario_id}")
    if what == "look":
        return look(scenario_id)
    with current.write() as t:
        db, now = t.db, t.now
        if what == "start":
            return runs.start_or_resume(db, actor=actor, library=library, program=program, step_id=step.id, now=now)
        if what == "decide":
            return runs.decide(db, actor=actor, choice=target, now=now, **known)
        return runs.rewind(db, actor=actor, crossing=int(target), now=now, **known)


def draw(run: View) -> None:
    """Draw the consequence of the last choice, else the decision or the ending and below them the path."""
    if run.path and not scenario_run.acknowledged(run.sequence):
        scenario_run.consequence(run.path[-1], library.catalog.registry, len(run.path))
        return
    if run.junction is not None:
        scenario_run.junction(run.junction, len(run.path) + 1, run.story)
    elif run.ending is not None:
        scenario_run.ending(run.ending, run.lesson, run.score)
        if st.button("Lanjutkan program", key="selesai", type="primary", width="stretch"):
            st.switch_page(programme.HOME, query_params=programme.kept())
    if run.path:
        scenario_run.path(run.path)


def play(part: Part) -> None:
    """Draw the scenario as it stands after what was pressed. Raises Locked."""
    scenario = library.scenarios[part.scenario_id]
    st.title(scenario.title, anchor=False)
    try:
        run = act(scenario.id)
    except runs.Stale as stale:
        st.warning(STALE, icon=":material/sync:")
        run = stale.newest
    except InvalidChoice:
        # A second click on a button of the screen before, or another role since then.
        run = look(scenario.id)
    role_choice.played(program, part, decided=run is not None and run.sequence > 0)
    if run is None:
        scenario_run.start(scenario)
    else:
        scenario_run.show(f"{program.id}/{scenario.id}", run)
        draw(run)


part: Part | None = None
try:
    if part := role_choice.settle(actor, program, step):
        play(part)
except journey.Locked as locked:
    if part is None:  # else its title stands already
        st.title(step.title, anchor=False)
    st.info(f"Terbuka setelah “{locked.title}” selesai.", icon=":material/lock:")
    programme.home_link()

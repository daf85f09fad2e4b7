"""Which step of the programme an address names."""

import streamlit as st

from modules.catalog import Program, Step, StepKind
from quizzes import journey
from web import current


def step_named(program: Program, kind: StepKind) -> Step:
    """Return the step that `langkah` names, else the first one of this kind that is not done."""
    steps = [step for step in program.head.steps if step.kind == kind]
    if not steps:
        st.info("Program ini tidak memuat langkah semacam ini.", icon=":material/info:")
        st.stop()
    named = [step for step in steps if step.id == st.query_params.get("langkah")]
    found = named[0] if named else _first_open(program, steps)
    if not named:
        st.query_params["langkah"] = found.id
    return found


def _first_open(program: Program, steps: list[Step]) -> Step:
    who = current.person().person_id
    with current.read() as transaction:
        states = journey.states(transaction.db, library=current.library(), program=program, person_id=who)
    waiting = [state.step for state in states if state.step in steps and state.state in ("started", "open")]
    return next(iter(waiting or steps[-1:]))

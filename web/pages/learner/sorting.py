"""Boleh atau tidak boleh?: one card at a time, answered at once, the missed ones again at the end."""

import streamlit as st

from modules import progress
from modules.catalog import PHASE_NAMES, Card, Module, Ruling, Step
from quizzes import journey, lessons
from web import current
from web.widgets import law, programme

WORDS: dict[Ruling, tuple[str, str, str]] = {
    "boleh": ("Boleh", "check", "green"),
    "hindari": ("Hindari", "warning", "orange"),
    "dilarang": ("Dilarang", "block", "red"),
}


def named_step(step_id: str) -> tuple[Step, Module]:
    """Return the step that the address names, else the first module with cards; home where there is none."""
    steps = [step for step in program.head.steps if step.kind == "module" and program.module(step.ref).sorting]
    if not steps:
        st.switch_page(programme.HOME, query_params=programme.kept())
    step = next((step for step in steps if step.id == step_id), steps[0])
    return step, program.module(step.ref)


def next_card(module: Module, answers: dict[str, list[bool]]) -> Card | None:
    """Return the next card: unanswered ones in order, then those whose last answer was wrong."""
    cards = module.sorting.cards if module.sorting else ()
    fresh = (card for card in cards if card.id not in answers)
    missed = (card for card in cards if card.id in answers and not answers[card.id][-1])
    return next(fresh, None) or next(missed, None)


def ask(card: Card) -> None:
    """Draw a card and its three large buttons; a press is kept at once."""
    for key, ruling in enumerate(WORDS, start=1):
        word, icon, _ = WORDS[ruling]
        if st.button(word, icon=f":material/{icon}:", key=f"ruling-{ruling}", width="stretch", shortcut=str(key)):
            with current.write() as transaction:
                lessons.sort_card(
                    transaction.db,
                    library=current.library(),
                    program=program,
                    person_id=actor.person_id,
                    step_id=step.id,
                    card_id=card.id,
                    ruling=ruling,
                    now=transaction.now,
                )
            st.session_state["sorted"] = f"{program.id}/{module.id}/{card.id}", ruling
            st.rerun()


def explain(card: Card, ruling: str) -> None:
    """Draw the reason and basis of the card just sorted."""
    word = WORDS[card.ruling][0]
    right = card.ruling == ruling
    opening = f"Tepat: {word}." if right else f"Belum tepat. Yang tepat: {word}."
    show = st.success if right else st.error
    show(f"**{opening}** {card.why}", icon=":material/check_circle:" if right else ":material/close:")
    registry = current.library().catalog.registry
    st.markdown(law.footing(registry, card.basis))
    if st.button("Kartu berikutnya", type="primary", width="stretch", shortcut="Enter"):
        del st.session_state["sorted"]
        st.rerun()


actor, program = current.person(), programme.chosen()
step, module = named_step(st.query_params.get("langkah", ""))
with current.read() as transaction:
    db, who = transaction.db, actor.person_id
    try:
        journey.require_open(db, library=current.library(), program=program, person_id=who, step_id=step.id)
    except journey.Locked as locked:
        st.info(f"Terbuka setelah “{locked.title}” selesai.", icon=":material/lock:")
        st.stop()
    answers = progress.card_answers(db, person_id=who, program=program, module_id=module.id)

sorting = module.sorting
assert sorting is not None  # noqa: S101 (named_step returns modules with cards)
st.markdown(f":gray[{module.title}]")
st.title(sorting.title)
shown, ruling = st.session_state.get("sorted", ("", ""))
here = f"{program.id}/{module.id}/"
card = next((card for card in sorting.cards if here + card.id == shown), None) or next_card(module, answers)
right = sum(results[-1] for results in answers.values())
st.progress(len(answers) / len(sorting.cards), text=f"{len(answers)} dari {len(sorting.cards)} kartu · {right} tepat")
if card is None:
    st.success("Semua kartu sudah Anda pilah dengan tepat.", icon=":material/check_circle:")
    programme.home_link("Ke langkah berikutnya", "arrow_forward")
    st.stop()
if not answers:
    st.markdown(sorting.intro)
with st.container(border=True):
    st.markdown(f":violet-badge[{PHASE_NAMES[card.phase]}]")
    st.markdown(f"### {card.text}")
if shown == here + card.id:
    explain(card, ruling)
else:
    ask(card)

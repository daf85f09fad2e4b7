"""What a person fills in, for each type of question, and what lies in the form unsent.

`shown` is what the screen remembers of the question: attempt, position, sequence, type, options and lefts, all ids.
Keys hold nothing but numbers and opaque ids: Streamlit sends them in clear (threats T20).
"""

from typing import Any

import streamlit as st

from quizzes.bank import FEW_TARGETS
from quizzes.sheets import Choice, Confidence, Question
from web import phrases

SURENESS: dict[Confidence, str] = {"unsure": "Ragu", "fairly": "Cukup yakin", "sure": "Yakin"}


def choice(shown: dict[str, Any]) -> Choice:
    """Return what is chosen in the form now, perhaps not all of it."""
    key = _key(shown)
    if shown["type"] == "multiple":
        return tuple(opaque for opaque in shown["options"] if st.session_state.get(f"{key}-{opaque}"))
    if shown["type"] == "matching":
        return tuple(f"{opaque}:{target}" for opaque, target in _given(shown, "lefts").items())
    if shown["type"] == "ordering":
        places = _given(shown, "options")
        return tuple(sorted(places, key=places.__getitem__))
    value = st.session_state.get(key)
    return (*shown["path"], str(value)) if value else ()


def fault(shown: dict[str, Any]) -> str:
    """Return why the form cannot be stored yet: empty, incomplete or repeated; else nothing."""
    given = choice(shown)
    if not given:
        return "empty"
    if shown["type"] == "ordering" and len(set(_given(shown, "options").values())) < len(given):
        return "repeated"
    # One option is one; a scenario is stored decision by decision.
    whole = {"matching": len(shown["lefts"]), "ordering": len(shown["options"])}
    return "incomplete" if len(given) < whole.get(shown["type"], 1) else ""


def options(question: Question, shown: dict[str, Any]) -> None:
    """Draw what there is to fill in, as it is stored now."""
    texts, key = {opaque: phrases.plain(text) for opaque, text in question.options}, _key(shown)
    if question.type == "multiple":
        with st.container(gap=None):
            st.markdown("Pilih semua jawaban yang tepat")
            for opaque, text in texts.items():
                st.checkbox(text, opaque in question.chosen, key=f"{key}-{opaque}")
    elif question.type == "matching":
        _pairs(question, shown)
    elif question.type == "ordering":
        _order(question, shown)
    elif question.options:
        at = next((number for number, opaque in enumerate(texts) if opaque in question.chosen), None)
        label = "Pilih satu tindakan" if question.story else "Pilih satu jawaban"
        st.radio(label, list(texts), at, format_func=texts.__getitem__, key=key)


def sureness(question: Question, shown: dict[str, Any]) -> None:
    """Draw the question how sure the person is; it may stay open."""
    st.segmented_control(
        "Seberapa yakin?",
        list(SURENESS),
        default=question.confidence,
        format_func=SURENESS.__getitem__,
        key=f"yakin-{_key(shown)}",
        width="stretch",
    )


def how_sure(shown: dict[str, Any]) -> Confidence | None:
    """Return how sure the person is, as it lies in the form."""
    given: Confidence | None = st.session_state.get(f"yakin-{_key(shown)}")
    return given


def _pairs(question: Question, shown: dict[str, Any]) -> None:
    # Few targets stand open below each left side. A list shows its entries as they are, radio buttons Markdown.
    texts, given = dict(question.options), dict(pair.split(":") for pair in question.chosen)
    for opaque, left in question.lefts:
        key, at = _part_key(shown, opaque), list(texts).index(given[opaque]) if given else None
        if len(texts) > FEW_TARGETS:
            listed = texts.__getitem__
            st.selectbox(left, list(texts), at, listed, key, placeholder="Pilih pasangan", filter_mode=None)
        else:
            plain = {target: phrases.plain(text) for target, text in texts.items()}
            st.radio(left, list(plain), at, format_func=plain.__getitem__, key=key)


def _order(question: Question, shown: dict[str, Any]) -> None:
    st.markdown("Beri setiap langkah nomor urutnya; nomor 1 yang pertama")
    places = list(range(1, len(question.options) + 1))
    for opaque, text in question.options:
        at = question.chosen.index(opaque) if question.chosen else None
        st.radio(text, places, at, key=_part_key(shown, opaque), horizontal=True)


def _given(shown: dict[str, Any], asked: str) -> dict[str, Any]:
    """Return what was given for each left side or step so far."""
    given = {opaque: st.session_state.get(_part_key(shown, opaque)) for opaque in shown[asked]}
    return {opaque: value for opaque, value in given.items() if value}


def _part_key(shown: dict[str, Any], opaque: str) -> str:
    # The labels are the content's own words, which `check` keeps free of Markdown: they are read aloud as they are.
    return f"isian-{opaque}-{shown['sequence']}"


def _key(shown: dict[str, Any]) -> str:
    # The sequence in the key makes a fresh widget, which starts from what is stored now.
    return f"pilihan-{shown['attempt']}-{shown['position']}-{shown['sequence']}"

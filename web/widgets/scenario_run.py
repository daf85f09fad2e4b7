"""Pieces of the scenario page: the decision, its consequence, and the path behind with what was left."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from modules.laws import Registry
from quizzes.runs import Crossing, Gravity, Junction, View
from quizzes.scenarios import Ending, Scenario
from web import phrases
from web.widgets import law, pressing

SEEN, PRESS = "skenario", "skenario-tombol"
REWIND = ":material/history: Ulang dari keputusan"
BOXES: dict[Gravity, tuple[Callable[..., object], str, str]] = {
    "safe": (st.success, "check_circle", "Langkah aman"),
    "contested": (st.warning, "warning", "Penafsiran resmi berbeda"),
    "careful": (st.warning, "warning", "Perlu hati-hati"),
    "grave": (st.error, "block", "Melanggar"),
}
MARKS: dict[Gravity, str] = {
    "safe": ":green-badge[:material/check: Aman]",
    "contested": ":orange-badge[:material/warning: Penafsiran berbeda]",
    "careful": ":orange-badge[:material/warning: Perlu hati-hati]",
    "grave": ":red-badge[:material/block: Melanggar]",
}
TONES: dict[str, tuple[Callable[..., object], str]] = {
    "aman": (st.success, "check_circle"),
    "waspada": (st.warning, "warning"),
    "melanggar": (st.error, "block"),
}


def wish(step_id: str) -> tuple[str, str, dict[str, Any]]:
    """Return what the last press wants (start, decide, rewind or look), its target, and the run it was pressed on."""
    what, to = pressing.take(PRESS)
    target = str(to)
    seen = st.session_state.get(SEEN, {})
    if what == "start":
        return "start", "", {}
    if seen.get("step") != step_id or what == "look":
        return "look", "", {}
    if what == "on":
        st.session_state[SEEN] = {**seen, "read": seen["sequence"]}
        return "look", "", {}
    if what == "rewind":
        # What is shown next is the decision itself, not the consequence before it.
        st.session_state[SEEN] = {**seen, "read": seen["sequence"] + 1}
    return what, target, {"attempt_id": seen["attempt"], "seen_sequence": seen["sequence"]}


def show(step_id: str, run: View) -> None:
    """Remember which state of the run is on the screen."""
    seen = st.session_state.get(SEEN, {})
    read = seen.get("read", 0) if seen.get("step") == step_id else 0
    st.session_state[SEEN] = {"step": step_id, "attempt": run.attempt_id, "sequence": run.sequence, "read": read}


def acknowledged(sequence: int) -> bool:
    """Tell whether the consequence of this decision was read: "Lanjut" was pressed."""
    return bool(st.session_state[SEEN]["read"] >= sequence)


def start(scenario: Scenario) -> None:
    """Draw the story and the button that begins."""
    st.markdown(phrases.plain(scenario.story))
    st.markdown(
        "- Setiap keputusan tersimpan dan langsung menunjukkan akibatnya.\n"
        "- Nilai dihitung dari pilihan pertama Anda pada setiap keputusan.\n"
        "- Anda boleh mengulang dari keputusan mana pun untuk melihat jalan lain."
    )
    _button("Mulai skenario", "mulai", "start", "", primary=True)


def junction(at: Junction, number: int, story: str) -> None:
    """Draw a decision with its choices as full-width buttons; the story stands above the first one."""
    if number == 1:
        st.markdown(phrases.plain(story))
    st.markdown(f"## Keputusan {number}: {phrases.plain(at.title)}\n\n{phrases.plain(at.text)}")
    for opaque, text in at.options:
        _button(phrases.plain(text), f"pilih-{opaque}", "decide", opaque)


def consequence(crossing: Crossing, registry: Registry, number: int) -> None:
    """Draw what followed from a choice, how grave it was in a word, and on which basis; then the way on."""
    box, icon, word = BOXES[crossing.gravity]
    st.markdown(f"## Akibat keputusan {number}\n\n**Pilihan Anda**: {phrases.plain(crossing.chosen)}")
    box(f"**{word}.** {phrases.plain(crossing.consequence)}", icon=f":material/{icon}:")
    st.markdown(law.footing(registry, crossing.basis))
    _button("Lanjut", "lanjut", "on", "", primary=True)
    _button(f"{REWIND} ini", "ulang", "rewind", str(number - 1))


def ending(end: Ending, lesson: str, score: int) -> None:
    """Draw how the path ended and what to take along."""
    box, icon = TONES[end.tone]
    st.markdown(f"## Akhir cerita: {phrases.plain(end.title)}")
    box(phrases.plain(end.text), icon=f":material/{icon}:")
    st.markdown(f"**Pelajaran**: {phrases.plain(lesson)}")
    st.markdown(f":gray[Nilai skenario {score}, dihitung dari pilihan pertama pada setiap keputusan.]")


def path(crossings: tuple[Crossing, ...]) -> None:
    """Draw the path as a list from top to bottom: the way taken in full, what was left muted."""
    st.header("Jalan Anda", anchor=False)
    for number, crossing in enumerate(crossings):
        left = "".join(f"\n- :gray[{phrases.plain(text)}]" for text in crossing.untaken)
        taken = f"\n- **{phrases.plain(crossing.chosen)}** {MARKS[crossing.gravity]}"
        st.markdown(f"**{number + 1}. {phrases.plain(crossing.title)}**\n{taken}{left}")
        _button(f"{REWIND} {number + 1}", f"ulang-{number}", "rewind", str(number))


def _button(label: str, key: str, what: str, target: str, *, primary: bool = False) -> None:
    kind: Any = "primary" if primary else "secondary"
    wished = (PRESS, what, target)
    clicked = st.button(label, key=key, on_click=pressing.note, args=wished, type=kind, width="stretch")
    pressing.mend(*wished, clicked=clicked)

"""One question as a form: what it shows, what its buttons ask for, and the choice that lies in it unsent.

Element ids reach the browser in clear, so keys hold nothing but numbers and opaque option ids (threats T20).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from secrets import token_hex
from time import monotonic
from typing import Any

import streamlit as st

from quizzes.sheets import Question, Sheet, Story
from web import phrases
from web.widgets import answering, pressing

SEEN = "kuis"
"""Session state: the question last shown, as ids: quiz, attempt, position, sequence, chosen, options, token."""
PRESS = "kuis-tombol"
STALE = "Jawaban ini baru saja diubah dari perangkat lain. Yang terbaru ditampilkan."
FAULTS = {
    "empty": "Pilih jawaban dahulu, atau lewati soal ini.",
    "incomplete": "Lengkapi semua isian dahulu, atau lewati soal ini.",
    "repeated": "Setiap nomor hanya dipakai sekali. Perbaiki urutannya, atau lewati soal ini.",
}
LONG_STEM = 40
TOO_SOON = 1.0
"""Seconds in which a second click on the same place can only belong to the screen before."""


@dataclass(frozen=True)
class Wish:
    """What the person wants now: start, look, save or submit.

    `position` is where to look (None: where to go on), `listed` whether the question list is open. `ask`
    "unsent" holds the way to `target` up because the choice is not stored; the others say why it cannot be.
    `answer` holds the arguments of `attempts.answer`; `saved` is the position whose answer was stored on the way, or 0.
    """

    kind: str
    position: int | None = None
    target: int = 0
    ask: str = ""
    saved: int = 0
    attempt_id: int = 0
    listed: bool = False
    answer: dict[str, Any] = field(default_factory=dict)


def wish(quiz_id: str) -> Wish:
    """Return what the last press wants, from the button and what lies in the form."""
    what, to = pressing.take(PRESS)
    target = int(to or 0)
    shown = st.session_state.get(SEEN, {})
    if what == "start" or shown.get("quiz") != quiz_id:
        return Wish("start" if what == "start" else "look")
    if what == "submit":
        return Wish("submit", attempt_id=shown["attempt"])
    here, choice, fault = shown["position"], answering.choice(shown), answering.fault(shown)
    if what == "save" and not fault:
        known = {"attempt_id": shown["attempt"], "position": here, "seen_sequence": shown["sequence"]}
        given = {"choice": choice, "confidence": answering.how_sure(shown), "token": shown["token"], "then": target}
        return Wish("save", saved=here, answer={**known, **given})
    if what == "save" and not (fault == "empty" and _is_echo(shown)):
        return Wish("look", here, ask=fault)
    # Of the kinds only boxes can be emptied by hand.
    touched = choice or (shown["type"] == "multiple" and shown["chosen"])
    if what == "go" and touched and (choice, answering.how_sure(shown)) != (shown["chosen"], shown["confidence"]):
        return Wish("look", here, target, ask="unsent")
    position = target if what in ("go", "leave") else here
    listed = bool(st.session_state.get(map_key(position)))
    return Wish("look", position, saved=shown["stored"] if position == here else 0, listed=listed)


def show(sheet: Sheet, *, saved: int) -> None:
    """Remember what is on the screen from now on; `saved` is the position stored on the way here, or 0."""
    question = sheet.question
    st.session_state[SEEN] = {
        "quiz": sheet.quiz_id,
        "attempt": sheet.attempt_id,
        "position": question.position if question else sheet.size + 1,
        "sequence": question.sequence if question else 0,
        "chosen": question.chosen if question else (),
        "path": question.story.path if question and question.story else (),
        "confidence": question.confidence if question else None,
        "type": question.type if question else "",
        "options": tuple(opaque for opaque, _ in question.options) if question else (),
        "lefts": tuple(opaque for opaque, _ in question.lefts) if question else (),
        "token": token_hex(8),
        "stored": saved,
        "saved": monotonic() if saved else 0.0,
    }


def _is_echo(shown: dict[str, Any]) -> bool:
    """Tell whether an empty press follows a save so closely that it is the second half of a double click."""
    return bool(shown["saved"]) and monotonic() - shown["saved"] < TOO_SOON


def heading(sheet: Sheet, question: Question, topics: dict[str, str], zone: str, now: datetime) -> None:
    """Draw the thin bar, place, topic, state of saving and the stem: two elements, since each costs its share."""
    badges = " ".join(_badges(sheet, question, zone, now))
    stem, topic = phrases.plain(question.stem), phrases.plain(topics.get(question.topic, ""))
    shown = f"**{stem}**" if len(question.stem.split()) > LONG_STEM else f"## {stem}"
    if question.story is not None:
        topic, shown = f"Skenario: {phrases.plain(question.story.title)}", "\n\n".join(_told(question.story, stem))
    st.progress(sheet.answered / sheet.size)
    st.markdown(f"# Soal {question.position} dari {sheet.size}\n\n:gray[{topic}] {badges}\n\n{shown}")


def _told(story: Story, text: str) -> Iterator[str]:
    """Tell the story up to the decision: what was chosen, and not a word of what followed from it."""
    number = len(story.behind) + 1
    if number == 1:
        yield phrases.plain(story.story)
        yield ":gray[Keputusan yang disimpan tidak dapat diubah. Akibatnya dibahas sesudah kuis dikumpulkan.]"
    for at, (title, chosen) in enumerate(story.behind, 1):
        yield f":gray[{at}. {phrases.plain(title)}: {phrases.plain(chosen)}]"
    if story.ended:
        yield "Cerita ini selesai. Semua keputusan sudah disimpan."
    else:
        yield f"## Keputusan {number}: {phrases.plain(story.node)}"
        yield text


def _badges(sheet: Sheet, question: Question, zone: str, now: datetime) -> Iterator[str]:
    stored, story = st.session_state[SEEN]["stored"], question.story
    # What is stored is named where another question or decision stands on the screen already.
    what, saved_at = "Tersimpan", question.saved_at
    if story is not None and story.behind and not story.ended:
        what = f"Keputusan {len(story.behind)} tersimpan"
    elif saved_at is None and stored:
        what, saved_at = f"Soal {stored} tersimpan", sheet.saved_at
    if saved_at is not None:
        yield f":green-badge[:material/cloud_done: {what} {phrases.clock(saved_at, zone)}]"
    if what != "Tersimpan":
        yield f":orange-badge[{'Keputusan' if question.saved_at else 'Soal'} ini belum disimpan]"
    elif question.saved_at is None:
        yield ":orange-badge[Belum disimpan]"
    if sheet.deadline_at is not None:
        minutes = max(0, ceil((sheet.deadline_at - now).total_seconds() / 60))
        yield f":orange-badge[:material/schedule: Sisa waktu {minutes} menit]"


def form(sheet: Sheet, question: Question, wished: Wish, *, sureness: bool) -> None:
    """Draw options and buttons, and where the quiz asks for it how sure the person is.

    The wish's `ask` "unsent": the way to its target waits because the choice is not stored; any other: it cannot be
    stored yet.
    """
    with st.form("soal", border=False, enter_to_submit=False):
        answering.options(question, st.session_state[SEEN])
        if sureness and question.story is None:
            answering.sureness(question, st.session_state[SEEN])
        if wished.ask == "unsent":
            st.warning("Pilihan Anda belum disimpan. Simpan dahulu?", icon=":material/warning:")
            _button("Simpan", "simpan", "save", wished.target, primary=True)
            _button("Tinggalkan", "tinggalkan", "leave", wished.target)
            return
        if wished.ask:
            st.warning(FAULTS[wished.ask], icon=":material/warning:")
        _buttons(sheet, question, wished.ask)


def _buttons(sheet: Sheet, question: Question, ask: str) -> None:
    position = question.position
    if question.story is not None and question.story.ended:
        _button("Lanjut", "lanjut", "go", position + 1, primary=True)
    else:
        clicked = _button("Simpan dan lanjut", "simpan", "save", position + 1, primary=True)
        pressing.mend(PRESS, "save", position + 1, clicked=clicked and not answering.fault(st.session_state[SEEN]))
        if ask or question.saved_at is None:
            # A choice that cannot be stored is left as it is; any other is asked about first.
            _button("Lewati soal ini", "lewati", "leave" if ask else "go", position + 1)
    if position > 1:
        _button(f"Kembali ke soal {position - 1}", "kembali", "go", position - 1)
    # The list costs a button for each question: it is drawn only while it is open.
    with st.expander("Daftar soal", key=map_key(position), on_change="rerun") as opened:
        if opened.open and sheet.unanswered is not None:
            _map(sheet, position, sheet.unanswered)


def map_key(position: int) -> str:
    """Return the key of the question list, which is closed again on every question."""
    return f"daftar-{position}"


def _map(sheet: Sheet, position: int, unanswered: tuple[int, ...]) -> None:
    for target in range(1, sheet.size + 1):
        state = "belum dijawab" if target in unanswered else "terjawab"
        here = " · sedang dibuka" if target == position else ""
        _button(f"Soal {target} · {state}{here}", f"ke-{target}", "go", target)
    _button("Kumpulkan kuis", "ke-akhir", "go", sheet.size + 1)


def _button(label: str, key: str, what: str, target: int, *, primary: bool = False) -> bool:
    kind: Any = "primary" if primary else "secondary"
    wished = (PRESS, what, target)
    return st.form_submit_button(label, key=key, on_click=pressing.note, args=wished, type=kind, width="stretch")


def collect(sheet: Sheet, zone: str) -> None:
    """Draw the screen after the last question: what is unanswered, and the button that hands in."""
    st.markdown("# Kumpulkan kuis")
    if sheet.saved_at is not None:
        st.markdown(f":green-badge[:material/cloud_done: Tersimpan {phrases.clock(sheet.saved_at, zone)}]")
    st.progress(sheet.answered / sheet.size)
    empty = sheet.unanswered or ()
    if empty:
        st.warning(f"Kumpulkan sekarang? {len(empty)} soal belum dijawab.", icon=":material/warning:")
    else:
        st.info("Semua soal sudah dijawab. Sesudah dikumpulkan, jawaban tidak dapat diubah.", icon=":material/info:")
    for target in empty:
        _leave(f"Jawab soal {target}", f"ke-{target}", target)
    ask("Kumpulkan kuis", "kumpulkan", "submit")
    _leave(f"Kembali ke soal {sheet.size}", "kembali", sheet.size)


def _leave(label: str, key: str, target: int) -> None:
    st.button(label, key=key, on_click=pressing.note, args=(PRESS, "leave", target), width="stretch")


def ask(label: str, key: str, what: str) -> None:
    """Draw the one primary button of a screen without a question."""
    wished = (PRESS, what, 0)
    clicked = st.button(label, key=key, on_click=pressing.note, args=wished, type="primary", width="stretch")
    pressing.mend(*wished, clicked=clicked)

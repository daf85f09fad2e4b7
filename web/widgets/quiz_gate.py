"""Before and after a quiz: its rules on the start screen, and why it cannot be taken now."""

from typing import NoReturn

import streamlit as st

from modules.catalog import Step
from quizzes.admission import Admission, Done, NoTriesLeft
from quizzes.attempts import Closed
from quizzes.journey import Locked
from web import current, phrases
from web.widgets import law, programme
from web.widgets.question import ask

REVIEW = "pages/learner/review.py"


def start(entry: Admission) -> None:
    """Draw the rules in words and the button that begins. Raises Done or NoTriesLeft."""
    entry.require()
    quiz = entry.quiz
    st.title(quiz.title, anchor=False)
    st.markdown(quiz.intro)
    more = f" dan {quiz.scenarios.count} skenario" if quiz.scenarios else ""
    rules = [f"{quiz.items} soal{more}, satu soal setiap layar."]
    if quiz.scenarios:
        rules.append(f"Skenario setara {quiz.scenarios.weight} soal. Nilainya dihitung bila ceritanya selesai.")
    if quiz.stage is not None:
        rules.append("Soal yang dahulu belum Anda jawab dengan tepat didahulukan.")
    if quiz.pass_mark is not None:
        rules.append(f"Ambang lulus {quiz.pass_mark}.")
    rules.append(f"Waktu {entry.minutes} menit sejak Anda mulai." if entry.minutes else "Tanpa batas waktu.")
    if entry.tries > 1:
        rules.append(f"Ini percobaan {entry.used + 1} dari {entry.tries}.")
    if entry.valid_days:
        rules.append(f"Hasil lulus berlaku {entry.valid_days} hari, lalu perlu disegarkan lagi.")
    if quiz.cooldown_hours and entry.tries > 1:
        rules.append(f"Bila belum lulus, percobaan berikutnya terbuka {quiz.cooldown_hours} jam kemudian.")
    rules.append(f"{law.status_line(current.library().catalog.registry.as_of)}.")
    rules.append("Setiap jawaban tersimpan saat Anda menekan Simpan dan lanjut. Anda boleh berhenti dan melanjutkan.")
    if quiz.confidence:
        rules.append("Di setiap soal Anda dapat menandai seberapa yakin Anda. Tanda itu tidak mengubah nilai.")
    st.markdown("\n".join(f"- {rule}" for rule in rules))
    ask("Mulai kuis", "mulai", "start")


def to_review(attempt_id: int) -> NoReturn:
    """Leave for the result of an attempt."""
    st.switch_page(REVIEW, query_params=programme.kept(percobaan=str(attempt_id)))


def refused(refusal: Exception, step: Step) -> None:
    """Say why the quiz cannot be taken now, and where to go on."""
    if isinstance(refusal, Done):
        to_review(refusal.attempt_id)
    st.title(step.title, anchor=False)
    if isinstance(refusal, Locked):
        st.info(f"Terbuka setelah “{refusal.title}” selesai.", icon=":material/lock:")
    elif isinstance(refusal, Closed):
        _closed(refusal)
    elif isinstance(refusal, NoTriesLeft):
        _no_tries(refusal)
    programme.home_link()


def _closed(refusal: Closed) -> None:
    words = "Kuis ini sudah dikumpulkan."
    if refusal.expired:
        words = "Waktu habis. Jawaban yang tersimpan sudah dikumpulkan."
    st.info(words, icon=":material/schedule:")
    query = programme.kept(percobaan=str(refusal.attempt_id))
    st.page_link(REVIEW, label="Lihat hasil", query_params=query)


def _no_tries(refusal: NoTriesLeft) -> None:
    if refusal.next_at is None:
        st.info("Percobaan Anda sudah habis. Hubungi pelatih atau SDM unit Anda.", icon=":material/info:")
    else:
        moment = phrases.date_and_clock(refusal.next_at, current.person().zone)
        st.info(f"Percobaan berikutnya terbuka {moment}.", icon=":material/schedule:")
    st.page_link(REVIEW, label="Lihat hasil terakhir", icon=":material/fact_check:", query_params=programme.kept())

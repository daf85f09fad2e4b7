"""Pieces of the result page: the sentence, three figures, weak topics, and each question afterwards."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import streamlit as st

from quizzes.admission import Admission
from quizzes.grading import Verdict
from quizzes.reviewing import Citation, Explained, Part, Reading, Result, Reviewed, Told, WeakTopic
from web import phrases
from web.widgets.answering import SURENESS
from web.widgets.law import status_line
from web.widgets.programme import within
from web.widgets.reading import SECTION
from web.widgets.scenario_run import MARKS

VERDICTS: dict[Verdict, str] = {
    "right": ":green-badge[:material/check: Tepat]",
    "partly": ":orange-badge[:material/warning: Tepat sebagian]",
    "wrong": ":red-badge[:material/close: Belum tepat]",
    "unanswered": ":orange-badge[:material/circle: Belum dijawab]",
}

FIRST = ":orange-badge[:material/priority_high: Baca lebih dahulu]"


def sentence(result: Result, entry: Admission, zone: str) -> None:
    """Say how it ended, in one sentence, and when it can be tried again."""
    if result.state == "expired":
        st.info("Waktu habis. Jawaban yang tersimpan sudah dikumpulkan.", icon=":material/schedule:")
    if result.passed is None:
        st.success(f"Kuis selesai dengan nilai {result.score}.", icon=":material/check_circle:")
    elif result.passed:
        words = f"**Anda lulus dengan nilai {result.score}.** Ambang lulus {result.pass_mark}."
        st.success(words, icon=":material/verified:")
    else:
        words = f"**Nilai Anda {result.score}, ambang lulus {result.pass_mark}.** {_again(entry, zone)}"
        st.error(words, icon=":material/close:")


def _again(entry: Admission, zone: str) -> str:
    if entry.used >= entry.tries:
        return "Percobaan Anda sudah habis. Hubungi pelatih atau SDM unit Anda."
    when = f" mulai {phrases.date_and_clock(entry.next_at, zone)}" if entry.next_at else ""
    return f"Pelajari kembali bagian berikut, lalu coba lagi{when}."


def figures(result: Result, entry: Admission) -> None:
    """Draw the three figures in one row, which stays one row on a phone."""
    with st.container(horizontal=True, key="hasil-angka"):
        st.metric("Benar", f"{result.right}/{len(result.questions)}", width="content")
        st.metric("Waktu", _duration(result.started_at, result.closed_at), width="content")
        st.metric("Percobaan", tries(result.number, entry), width="content")


def tries(number: int, entry: Admission) -> str:
    """Count the attempt within its round; one of an earlier round has its number alone."""
    here = number - entry.behind
    return f"{here} dari {max(entry.tries, here)}" if here > 0 else f"ke-{number}"


def _duration(start: datetime, end: datetime) -> str:
    minutes = max(1, round((end - start) / timedelta(minutes=1)))
    if minutes < 120:
        return f"{minutes} menit"
    return f"{round(minutes / 60)} jam" if minutes < 48 * 60 else f"{round(minutes / 1440)} hari"


def weak_topics(topics: tuple[WeakTopic, ...]) -> None:
    """Draw the topics in which marks were lost, each with the sections to reread."""
    if not topics:
        return
    st.header("Pelajari kembali", anchor=False)
    for topic in topics:
        first = f" {FIRST}" if topic.sure else ""
        st.markdown(f"**{phrases.plain(topic.name)}** · :gray[{topic.right} dari {topic.total} tepat]{first}")
        for reading in topic.readings:
            reread(reading)


def reread(reading: Reading) -> None:
    """Draw the way to a section; nothing when the section is gone."""
    if reading.title:
        query = within(reading.program_id, bagian=f"{reading.module_id}/{reading.section_id}")
        st.page_link(SECTION, label=f"Baca lagi: {reading.title}", icon=":material/menu_book:", query_params=query)


Notes = dict[str, int]
"""The caveats of a page, each with the number that marks it beside its citations."""


def notes(result: Result) -> Notes:
    """Number the caveats of all that is cited on the page, in the order in which they are met."""
    cited = [one.caveat for reviewed in result.questions for one in _all_cited(reviewed) if one.caveat]
    return {caveat: number for number, caveat in enumerate(dict.fromkeys(cited), 1)}


def _all_cited(reviewed: Reviewed) -> Iterator[Citation]:
    yield from _bases(reviewed)
    for cited in reviewed.told.citations if reviewed.told else ():
        yield from cited


def _bases(reviewed: Reviewed) -> Iterator[Citation]:
    for option in reviewed.explained:
        yield from option.basis
    for part in reviewed.parts:
        yield from part.basis


def question(reviewed: Reviewed, noted: Notes) -> None:
    """Draw one question: own answer, and whatever may be shown of the key."""
    badge = f" · {VERDICTS[reviewed.verdict]}" if reviewed.verdict else ""
    with st.container(border=True):
        lines = [f"### Soal {reviewed.position}{badge}", phrases.plain(reviewed.stem), *_sureness(reviewed)]
        if reviewed.told is not None:
            lines += _story(reviewed.told, noted)
        elif reviewed.explained or reviewed.parts:
            lines += [*map(_explained, reviewed.explained), *map(_part, reviewed.parts)]
            lines += _cited(_bases(reviewed), noted)
        else:
            lines.append(f"**Jawaban Anda**: {'; '.join(map(phrases.plain, reviewed.chosen)) or 'belum dijawab'}")
        st.markdown("\n\n".join(lines))
        if reviewed.verdict != "right":
            reread(reviewed.reading)


def _sureness(reviewed: Reviewed) -> Iterator[str]:
    """Set beside each other how sure the person was and how it turned out: sure and wrong is read again first."""
    if reviewed.confidence is None:
        return
    was = SURENESS[reviewed.confidence].lower()
    if reviewed.verdict in (None, "unanswered"):
        yield f":gray[Anda {was}.]"
    elif reviewed.verdict == "right":
        yield f":gray[Anda {was}, {'padahal' if reviewed.confidence == 'unsure' else 'dan'} jawaban Anda tepat.]"
    elif reviewed.confidence == "sure":
        yield f"{FIRST} Anda yakin, tetapi jawaban Anda belum tepat."
    else:
        yield f":gray[Anda {was}, {'dan' if reviewed.confidence == 'unsure' else 'tetapi'} jawaban Anda belum tepat.]"


def _explained(option: Explained) -> str:
    icon = ":green[:material/check:]" if option.right else ":red[:material/close:]"
    whose = "Jawaban Anda" if option.chosen else "Jawaban tepat"
    return f"{icon} **{whose}**: {phrases.plain(option.text)}\n\n{phrases.plain(option.why)}"


def _part(part: Part) -> str:
    """Say of a pair or a step what fits, and what was given where that is something else."""
    asked, answer = phrases.plain(part.asked), phrases.plain(part.answer)
    told = f":green[:material/check:] **{asked}**: {answer}"
    if part.given != part.answer:
        given = phrases.plain(part.given) or "belum dijawab"
        told = f":red[:material/close:] **{asked}**. Jawaban Anda: {given}. **Jawaban tepat**: {answer}"
    return f"{told}\n\n{phrases.plain(part.why)}"


def _story(told: Told, noted: Notes) -> Iterator[str]:
    """Tell a scenario's path: each decision, how grave it was in a word, what followed and on which basis."""
    for number, (crossing, cited) in enumerate(zip(told.crossings, told.citations, strict=True), 1):
        chosen = f"{phrases.plain(crossing.chosen)} {MARKS[crossing.gravity]}"
        yield f"**{number}. {phrases.plain(crossing.title)}**: {chosen}"
        yield phrases.plain(crossing.consequence)
        yield from _cited(cited, noted)
    if told.ending is not None:
        yield f"**Akhir cerita: {phrases.plain(told.ending.title)}.** {phrases.plain(told.ending.text)}"
    yield f"**Pelajaran**: {phrases.plain(told.lesson)}"


def _cited(bases: Iterable[Citation], noted: Notes) -> Iterator[str]:
    bases = tuple(dict.fromkeys(bases))
    words = f":gray[:material/gavel: Dasar: {'; '.join(phrases.plain(one.words) for one in bases)}]"
    marks = ", ".join(dict.fromkeys(f"catatan {noted[one.caveat]}" for one in bases if one.caveat))
    yield f"{words} :orange[:material/warning: {marks}]" if marks else words


def status(result: Result, noted: Notes) -> None:
    """Write out each caveat once, and say up to which date the law was checked."""
    if noted:
        st.header("Catatan dasar hukum", anchor=False)
        lines = (f":orange[:material/warning: Catatan {number}: {phrases.plain(one)}]" for one, number in noted.items())
        st.markdown("\n\n".join(lines))
    st.markdown(f":gray[{status_line(result.as_of)}.]")

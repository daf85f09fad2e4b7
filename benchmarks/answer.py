"""CPU per scored, stored answer on the real quiz page, as a ratio to a bare Streamlit form page in the same run.

    python benchmarks/answer.py [--users N] [--window S] [--json]

Both servers run as their own processes, with the same options, and are driven by the same protocol client in
alternating rounds. CPU is user + system of the server process. Users answer at random moments of the window.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles

import psutil

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import update  # noqa: E402

from demo import filling  # noqa: E402
from demo import store as demo_store  # noqa: E402
from people import signin  # noqa: E402
from storage import migrating  # noqa: E402
from storage.engine import Database, open_database  # noqa: E402
from storage.tables import person  # noqa: E402
from tests.server import Server  # noqa: E402
from tests.wire import Tab, answered, pressed  # noqa: E402

BARE_PAGE = """
import streamlit as st


def advance():
    st.session_state["number"] += 1


number = st.session_state.setdefault("number", 1)
st.title("Soal")
st.progress(number % 20 / 20)
st.markdown(f"Soal {number}: teks soal yang cukup panjang untuk satu layar ponsel.")
with st.form(f"soal-{number}"):
    st.radio("Pilih satu jawaban", ["Satu", "Dua", "Tiga", "Empat"], index=None)
    st.form_submit_button("Simpan dan lanjut", on_click=advance)
"""
# The floor: what Streamlit itself costs for one form, without navigation, sign-in or database.
BARE_APP = """
import os
import streamlit as st

app = st.App("page.py")
app.run(config={"server.port": int(os.environ["SINETRAL_PORT"]), "server.address": "127.0.0.1"})
"""
ANSWERS = 10


@dataclass
class Round:
    """What one round of answers measured."""

    answers: int = 0
    errors: int = 0
    waits_ms: list[float] = field(default_factory=list)
    cpu_s: float = 0.0
    seconds: float = 0.0


def prepare(database: Database, users: int) -> list[str]:
    """Fill the database with people who have done nothing yet; return their session tokens."""
    migrating.upgrade(database)
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        unit_id = demo_store.add_unit(db, filling.UNITS[0], None)
        tokens = []
        for number in range(users):
            values = {"name": f"Peserta {number}", "kind": "non_asn", "employee_id": f"P-{number}", "unit_id": unit_id}
            person_id = demo_store.add_person(db, values, now)
            tokens.append(signin.open_session(db, person_id=person_id, assurance="code", now=now))
        db.execute(update(person).values(assurance="code"))
    return tokens


def bare_server(folder: Path) -> Server:
    """Return a server of the bare page with the options that the product itself uses."""
    (folder / ".streamlit").mkdir(parents=True)
    (folder / ".streamlit" / "config.toml").write_text((ROOT / ".streamlit" / "config.toml").read_text())
    (folder / "page.py").write_text(BARE_PAGE)
    (folder / "app.py").write_text(BARE_APP)
    return Server(folder / "data", script=folder / "app.py", health="/_stcore/health")


async def open_bare(url: str) -> Tab:
    """Open the bare page."""
    tab = Tab(url)
    await tab.open()
    return tab


async def connect(url: str, token: str) -> Tab:
    """Open the page of the pre-test."""
    tab = Tab(url, path="kuis", query="langkah=tes-awal", cookie=f"sinetral={token}")
    await tab.open()
    return tab


async def answer(tab: Tab, random: Random, done: Round) -> None:
    """Answer the question on the screen; one run of the page stores it and shows the next."""
    begun = time.perf_counter()
    try:
        await tab.run([pressed(tab.button("Simpan dan lanjut")), *answered(tab, random.randrange(4))])
    except (LookupError, OSError) as error:
        print(error, tab.texts, file=sys.stderr)
        done.errors += 1
        return
    done.answers += 1
    done.waits_ms.append((time.perf_counter() - begun) * 1000)


async def play(tabs: list[Tab], process: psutil.Process, rounds: int, window: float, random: Random) -> Round:
    """Let every tab answer `rounds` times, each time at a random moment of the window."""
    done = Round()

    async def one(tab: Tab) -> None:
        await asyncio.sleep(random.uniform(0, window))
        await answer(tab, random, done)

    before, begun = process.cpu_times(), time.perf_counter()
    for _ in range(rounds):
        await asyncio.gather(*(one(tab) for tab in tabs))
    after = process.cpu_times()
    done.cpu_s = after.user + after.system - before.user - before.system
    done.seconds = time.perf_counter() - begun
    return done


@dataclass
class Joined:
    """What the tabs of all learners cost the server before they answer anything."""

    cpu_ms: float
    rss_kb: float
    descriptors: float


async def join(url: str, tokens: list[str], process: psutil.Process) -> tuple[list[Tab], Joined]:
    """Open a tab for each learner: connect, first run of the page, and the start of the quiz as a second one."""
    await (await connect(url, tokens[0])).close()  # what is loaded once
    rss, descriptors, before = process.memory_info().rss, process.num_fds(), process.cpu_times()
    tabs = [await connect(url, token) for token in tokens]
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    grown, opened = process.memory_info().rss - rss, process.num_fds() - descriptors
    for tab in tabs:
        await tab.run([pressed(tab.button("Mulai kuis"))])
    size = len(tokens)
    return tabs, Joined(spent / size * 1000, grown / size / 1024, opened / size)


async def measure(ours: Server, bare: Server, tokens: list[str], window: float) -> tuple[Round, Round, Joined]:
    """Measure both servers in alternating rounds."""
    random = Random(1)
    processes = [psutil.Process(server.process.pid) for server in (ours, bare) if server.process]
    real, joined = await join(ours.url, tokens, processes[0])
    floor = [await open_bare(bare.url) for _ in tokens]
    totals = Round(), Round()
    for _ in range(ANSWERS):
        for total, tabs, process in zip(totals, (real, floor), processes, strict=True):
            part = await play(tabs, process, 1, window, random)
            total.answers += part.answers
            total.errors += part.errors
            total.waits_ms += part.waits_ms
            total.cpu_s += part.cpu_s
            total.seconds += part.seconds
    for tab in (*real, *floor):
        await tab.close()
    return *totals, joined


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(values, n=20)[-1] if len(values) > 1 else sum(values)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--window", type=float, default=0.5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "ours" / "data"
        tokens = prepare(open_database(f"sqlite:///{data / 'sinetral.db'}"), asked.users)
        ours, bare = Server(data), bare_server(Path(folder) / "bare")
        try:
            real, floor, joined = asyncio.run(measure(ours.start(), bare.start(), tokens, asked.window))
        finally:
            ours.stop()
            bare.stop()
    per_answer, per_bare = (one.cpu_s / max(1, one.answers) * 1000 for one in (real, floor))
    result = {
        "cpu_ms_per_answer": round(per_answer, 2),
        "cpu_ms_bare": round(per_bare, 2),
        "ratio": round(per_answer / per_bare, 2),
        "sessions": asked.users,
        "answers": real.answers,
        "p95_ms": round(p95(real.waits_ms), 1),
        "p95_ms_bare": round(p95(floor.waits_ms), 1),
        "errors": real.errors + floor.errors,
        "core": round(real.cpu_s / max(real.seconds, 0.001), 2),
        "load": round(os.getloadavg()[0], 1),
        "connect_cpu_ms": round(joined.cpu_ms, 1),
        "rss_kb_per_learner": round(joined.rss_kb),
        "descriptors_per_learner": round(joined.descriptors, 1),
    }
    print(json.dumps(result) if asked.json else "\n".join(f"{name}: {value}" for name, value in result.items()))


if __name__ == "__main__":
    main()

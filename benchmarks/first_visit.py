"""Bytes on the wire and requests of a first and a second visit, for each kind of page, in a real Chromium.

    python benchmarks/first_visit.py [--json]

The app runs as its own process on example data. Each kind of page gets an empty browser profile: the first visit has
nothing in its cache, the second what the first left there. Counted are response heads and bodies as they were sent
(compressed) and what the WebSocket brought; 1 kB is 1,000 bytes.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import select, update  # noqa: E402

from demo import filling  # noqa: E402
from demo import store as demo_store  # noqa: E402
from people import signin  # noqa: E402
from quizzes.content import load_library  # noqa: E402
from storage import migrating  # noqa: E402
from storage.engine import open_database  # noqa: E402
from storage.tables import certificate, person  # noqa: E402
from tests.server import Server  # noqa: E402

PHONE = {"width": 360, "height": 740}
DRAWN = '[data-testid="stApp"][data-test-script-state="notRunning"] main :is(h1, h2, [data-testid="stMarkdown"])'
IDLE_MS = 1500


@dataclass(frozen=True)
class Kind:
    """One kind of page: its address, who opens it, and what is pressed there at once."""

    path: str
    token: str = ""
    press: str = ""


@dataclass
class Visit:
    """What one visit moved."""

    by_address: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    socket: int = 0

    @property
    def kb(self) -> float:
        """Everything received, in kB."""
        return round((sum(self.by_address.values()) + self.socket) / 1000, 1)


def prepare(server: Server) -> dict[str, Kind]:
    """Fill the database and return the kinds of pages, each with a login session of its own."""
    database = open_database(f"sqlite:///{server.data_dir / 'sinetral.db'}")
    migrating.upgrade(database)
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        filling.fill(db, library=load_library(ROOT), now=now, public_url=server.url, people=24)
        values = {"name": "Peserta Baru", "kind": "non_asn", "employee_id": "P-1"}
        fresh = demo_store.add_person(db, values, now)
        db.execute(update(person).where(person.c.id == fresh).values(assurance="code", is_example=True))
        ids = {"fresh": fresh, "sari": filling.person_id(db, "sari"), "hadi": filling.person_id(db, "hadi")}
        tokens = {
            key: signin.open_session(db, person_id=person_id, assurance="code", now=now)
            for key, person_id in ids.items()
            if person_id is not None
        }
        code = db.execute(select(certificate.c.code)).scalars().first()
    database.engine.dispose()
    return {
        "sign_in": Kind("/masuk"),
        "verify": Kind(f"/v/{code}"),
        "learner_home": Kind("/", tokens["sari"]),
        "learner_section": Kind("/bagian", tokens["sari"]),
        "learner_quiz": Kind("/kuis?langkah=tes-awal", tokens["fresh"], press="Mulai kuis"),
        "hr_completions": Kind("/penyelesaian", tokens["hadi"]),
    }


def counting(page: Page) -> Visit:
    """Count what this page receives from now on."""
    visit, addresses = Visit(), dict[str, str]()
    session = page.context.new_cdp_session(page)

    def sent(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]
        visit.requests += not event["request"]["url"].startswith(("data:", "blob:"))

    def cached(_event: dict[str, Any]) -> None:
        visit.requests -= 1

    def answered(event: dict[str, Any]) -> None:
        # Chromium tells of files from its disk cache in the answer, of those from memory by an event of their own.
        visit.requests -= bool(event["response"].get("fromDiskCache"))

    def finished(event: dict[str, Any]) -> None:
        visit.by_address[addresses.get(event["requestId"], "")] += int(event["encodedDataLength"])

    def framed(event: dict[str, Any]) -> None:
        visit.socket += len(event["response"]["payloadData"]) * 3 // 4

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.requestServedFromCache", cached)
    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    session.on("Network.webSocketFrameReceived", framed)
    session.send("Network.enable")
    return visit


def visit(context: BrowserContext, url: str, kind: Kind) -> Visit:
    """Open the page in a new tab and wait until it is drawn and quiet."""
    page = context.new_page()
    counted = counting(page)
    page.goto(url + kind.path)
    page.wait_for_selector(DRAWN if kind.token else "main h1", state="attached")
    if kind.press and (button := page.get_by_role("button", name=kind.press)).count():
        button.click()
        page.wait_for_selector('[data-testid="stRadio"], [data-testid="stCheckbox"]')
    page.wait_for_timeout(IDLE_MS)
    page.close()
    return counted


def measure(browser: Browser, url: str, kind: Kind) -> tuple[Visit, Visit]:
    """Return the first and the second visit of a browser profile."""
    context = browser.new_context(viewport=PHONE, locale="id-ID")  # type: ignore[arg-type]
    if kind.token:
        context.add_cookies([{"name": "sinetral", "value": kind.token, "url": url}])
    visits = visit(context, url, kind), visit(context, url, kind)
    context.close()
    return visits


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--largest", type=int, default=0, help="also print the largest files of each first visit")
    asked = parser.parse_args()
    result: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "data")
        kinds = prepare(server)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            server.start()
            for name, kind in kinds.items():
                first, second = measure(browser, server.url, kind)
                result[name] = {"first_kb": first.kb, "requests": first.requests, "second_kb": second.kb}
                result[name]["second_requests"] = second.requests
                for address, size in first.by_address.most_common(asked.largest):
                    print(f"  {name} {size:>8} {address.removeprefix(server.url)}", file=sys.stderr)
        finally:
            server.stop()
            browser.close()
    if asked.json:
        print(json.dumps(result))
    for name, figures in ({} if asked.json else result).items():
        print(f"{name:16}", "  ".join(f"{key} {value}" for key, value in figures.items()))


if __name__ == "__main__":
    main()

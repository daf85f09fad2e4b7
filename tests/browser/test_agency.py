"""The way over the agency's sign-in in a real browser: there, back, in, and asked again before a revocation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert, update

from storage.engine import open_database
from storage.tables import login_session, person, role_grant, unit
from tests.browser import steps
from tests.server import Server
from tests.web.provider import CLIENT_ID, SECRET, Provider

NIP = "198304042008011904"


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    made.user = {"sub": "hadi-di-sana", "preferred_username": NIP}
    yield made
    made.close()


@pytest.fixture
def server(tmp_path: Path, provider: Provider) -> Iterator[Server]:
    """An installation that knows the provider, and Hadi, who is HR."""
    (tmp_path / "home").mkdir()
    running = Server(
        tmp_path / "home" / "data",
        SINETRAL_OIDC_METADATA_URL=provider.metadata_url,
        SINETRAL_OIDC_CLIENT_ID=CLIENT_ID,
        SINETRAL_OIDC_CLIENT_SECRET=SECRET,
        SINETRAL_OIDC_NAME="SSO Telaga Jernih",
    ).start()
    database = open_database(f"sqlite:///{running.data_dir / 'sinetral.db'}")
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        place = db.execute(insert(unit).values(name="Dinas Kominfo").returning(unit.c.id)).scalar_one()
        values = {"nip": NIP, "name": "Hadi Susilo", "kind": "pns", "unit_id": place}
        added = insert(person).values(**values, created_at=now, updated_at=now).returning(person.c.id)
        hadi = db.execute(added).scalar_one()
        db.execute(insert(role_grant).values(person_id=hadi, role="hr", unit_id=place, granted_at=now))
    database.engine.dispose()
    yield running
    running.stop()


def test_there_and_back_in_a_browser(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/penyelesaian")
    page.get_by_role("link", name="Masuk dengan SSO Telaga Jernih").click()
    steps.heading(page, "Daftar penyelesaian")
    database = open_database(f"sqlite:///{server.data_dir / 'sinetral.db'}")
    with database.write() as transaction:
        transaction.db.execute(update(login_session).values(proved_at=None))
    database.engine.dispose()
    page.goto(f"{server.url}/cabut")
    page.get_by_role("link", name="Pastikan identitas").click()
    page.get_by_role("link", name="Masuk lagi dengan SSO Telaga Jernih").click()
    expect(page.get_by_role("textbox", name="Nomor atau kode sertifikat")).to_be_visible()

"""Journeys walk through the real house: its own database, web, live and worker processes.

The tests themselves never touch Django's models: they look through a browser, and with plain SQL.
"""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg.conninfo import conninfo_to_dict

from servoloop.storage.folder import VarFolder, make
from servoloop.storage.server.process import Server
from servoloop.workers import supervisor
from tests.journeys.seed import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "artefacts" / "screens"
PATIENCE = 45_000  # ms that a journey waits for what must come


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    url: str
    database: str  # libpq URL
    var: Path


def _browser_path() -> str:
    for path in (os.environ.get("SERVOLOOP_BROWSER", ""), "/usr/bin/chromium"):
        if path and Path(path).exists():
            return path
    if os.environ.get("SERVOLOOP_REQUIRE_BROWSER") == "1":
        pytest.fail("No Chromium found; SERVOLOOP_REQUIRE_BROWSER=1 demands the journeys.")
    pytest.skip("No Chromium found: set SERVOLOOP_BROWSER to its path to walk the journeys.")


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _new_database(server: Server) -> str:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE journeys")
    base, _, query = server.url.partition("?")
    url = f"{base.rpartition('/')[0]}/journeys" + (f"?{query}" if query else "")
    assert conninfo_to_dict(url)["dbname"] == "journeys"
    return url


@pytest.fixture(scope="session")
def house(database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Web, live and worker on free ports, furnished by `seed`; ended after the last journey."""
    _browser_path()
    folder = make(VarFolder(root=tmp_path_factory.mktemp("house")))
    port, live_port = _free_ports()
    at = supervisor.Addresses(
        host="127.0.0.1",
        port=port,
        live_port=live_port,
        url=f"http://127.0.0.1:{port}",
        live_url=f"http://127.0.0.1:{live_port}",
    )
    database = _new_database(database_server)
    environ = supervisor.child_environ(folder, database_url=database, at=at)
    for module in ("servoloop.workers.prepare", "tests.journeys.seed"):
        subprocess.run(
            [sys.executable, "-m", module], env=environ, cwd=ROOT, check=True, capture_output=True
        )
    wanted = supervisor.programs(folder, environ=environ, at=at, web_workers=2)
    with supervisor.running(wanted, say=print) as children:
        supervisor.wait_until_ready(at, children)
        yield House(url=at.url, database=database, var=folder.root)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each module: while it lives its event loop would bother other tests' databases."""
    path = _browser_path()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


class Visits:
    """Opens the house for people: each has a browser context of their own."""

    def __init__(self, browser: Browser, house: House) -> None:
        self.browser = browser
        self.house = house
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []  # errors in the browser's console

    def page(
        self,
        who: str = "",
        *,
        language: str = "en-US",
        dark: bool = False,
        phone: bool = False,
        script: bool = True,
    ) -> Page:
        size = {"width": 375, "height": 780} if phone else {"width": 1280, "height": 800}
        context = self.browser.new_context(
            base_url=self.house.url,
            locale=language,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=script,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._heard(said.type, said.text))
        if who:
            page.goto("/accounts/login/")
            page.fill("#id_login", who)
            page.fill("#id_password", PASSWORD)
            page.click("main form button")
            page.wait_for_url(re.compile(r"/(run/work|portal)/"))
        return page

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)


@pytest.fixture
def visits(browser: Browser, house: House) -> Iterator[Visits]:
    """At the end no page may have complained in the console: no script error, no CSP report."""
    visits = Visits(browser, house)
    yield visits
    for context in visits.contexts:
        context.close()
    assert visits.complaints == []

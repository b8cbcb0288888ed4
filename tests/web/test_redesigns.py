"""Findings with a redesign: listed above the report, and opened as drafts by those who may draw."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from servoloop.accounts.models import User
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.process.check import check
from servoloop.kernel.process.document import read_document
from servoloop.storage.drafts import load_draft
from servoloop.web.diagnose import job, runs
from servoloop.web.diagnose.choices import Choices, write_choices
from servoloop.web.diagnose.redesign_file import read_redesigns
from tests.desk import furnish
from tests.kernel.mining.planted import moment
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db

REPAIR = Path(__file__).parents[2] / "src/servoloop/loop/demo/processes/repair.bpmn"


@pytest.fixture(autouse=True)
def _no_runs_left() -> Iterator[None]:
    yield
    shutil.rmtree(runs.folder_of("x").parent, ignore_errors=True)


def visits() -> bytes:
    """Repairs, every third visited again for a part and much slower."""
    random, lines = Random(1), ["case,activity,timestamp"]
    for case in range(200):
        again = case % 3 == 0
        steps = ["Diagnose by phone", "Repair on site"]
        steps += ["Pick the part", "Repair on site"] if again else []
        begin, gap = random.random() * 1500, random.lognormvariate(2, 0.3) * (3 if again else 1)
        lines += [f"{case},{s},{moment(begin + n * gap)}" for n, s in enumerate(steps)]
    return "\n".join(lines).encode()


@pytest.fixture
def run() -> runs.Run:
    furnish()
    begun = runs.begin(
        "visits.csv", [visits()], stage="diagnosis", person="ada", language="en", zone="UTC",
        at=timezone.now(),
    )  # fmt: skip
    folder = runs.folder_of(begun.id)
    runs.definition_file(folder).write_bytes(REPAIR.read_bytes())
    write_choices(Choices(options=ReadOptions(), definition="repair.bpmn"), folder)
    job.main(folder)
    found = runs.find(begun.id)
    assert found is not None
    assert (found.state, found.words) == ("done", "")
    return found


def may_draw(username: str) -> Client:
    may = Permission.objects.get(codename="add_definition", content_type__app_label="storage")
    User.objects.get(username=username).user_permissions.add(may)
    return browser(username)


def test_the_page_lists_the_redesigns_and_opens_one_as_a_draft(run: runs.Run) -> None:
    (revisit, *_) = [
        each for each in read_redesigns(runs.folder_of(run.id)) if "for a part" in each.says["en"]
    ]
    ada = may_draw("ada")
    page = ada.get(f"/diagnose/reports/{run.id}/").content.decode()
    assert "ready to be opened as" in page
    assert revisit.says["en"] in page

    answer = ada.post(f"/diagnose/reports/{run.id}/redesigns/{revisit.key}/")

    assert answer.status_code == 302
    draft = load_draft(int(answer["Location"].split("/")[3]))
    assert check(read_document(draft.xml.encode())).is_executable
    assert "随车" in draft.xml


def test_who_may_not_draw_sees_the_findings_without_the_button(run: runs.Run) -> None:
    (first, *_) = read_redesigns(runs.folder_of(run.id))
    ada = browser("ada")
    page = ada.get(f"/diagnose/reports/{run.id}/").content.decode()
    assert "ready to be opened as" in page
    assert f"/redesigns/{first.key}/" not in page
    assert ada.post(f"/diagnose/reports/{run.id}/redesigns/{first.key}/").status_code == 403


def test_a_finding_that_the_run_does_not_have_is_not_found(run: runs.Run) -> None:
    ada = may_draw("ada")
    assert ada.post(f"/diagnose/reports/{run.id}/redesigns/nothing/").status_code == 404

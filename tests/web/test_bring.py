"""Bringing a log: looked at, chosen, diagnosed, kept for a while, deleted.

Longer than others: the steps of one way, each with what can go wrong there.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from servoloop.accounts.models import User
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.loop.discover import discover_log
from servoloop.loop.log_file import read_kept_log_file
from servoloop.storage.folder import VarFolder
from servoloop.web.diagnose import job, runs
from servoloop.web.diagnose.choice_form import choices_of
from servoloop.web.diagnose.choices import Choices, read_choices, write_choices
from servoloop.web.diagnose.look_file import read_look, read_names
from servoloop.web.diagnose.telling import Cancelled, Telling
from tests.desk import furnish, play_tiny
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "logs"
ODD = """\
Vorgang;Schritt;Wann;Wer;Kanal;Kunde
1;Open;05.01.2026 09:00;Ada;mail;Mo
1;Open;05.01.2026 09:00;Ada;mail;Mo
1;close;05.01.2026 10:00;Bo;mail;Mo
2;Open;06.01.2026 09:00;Ada;phone;Lu
2;Close;06.01.2026 09:30;Bo;phone;Lu
3;Open;soon;Ada;mail;Mo
3;Open;07.01.2026 09:00;Ada;mail;Mo
3;Close;07.01.2026 12:00;Ada;mail;Mo
"""


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    """Runs of other tests are none of ours."""
    settings.VAR = VarFolder(root=tmp_path)


def brought(
    text: str | bytes = ODD,
    name: str = "odd.csv",
    *,
    stage: str = "look",
    choices: Choices | None = None,
    zone: str = "UTC",
) -> runs.Run:
    """A run of Ada's whose first stage is done, in this process."""
    data = text.encode() if isinstance(text, str) else text
    run = runs.begin(
        name, [data], stage=stage, person="ada", language="en", zone=zone, at=timezone.now()
    )
    if choices is not None:
        write_choices(choices, runs.folder_of(run.id))
    return done(run)


def done(run: runs.Run) -> runs.Run:
    job.main(runs.folder_of(run.id))
    found = runs.find(run.id)
    assert found is not None
    return found


def went_on(run: runs.Run, client: Client, *, to: str = "diagnose", **form: object) -> runs.Run:
    """Ada sends the form of choices; the stage that it begins is done by its own process."""
    answer = client.post(f"/diagnose/reports/{run.id}/{to}/", form)
    assert answer.status_code == 302
    runs._children[-1].wait(timeout=60)
    found = runs.find(run.id)
    assert found is not None
    return found


@pytest.fixture
def ada() -> Client:
    furnish()
    return browser("ada")


def page(client: Client, run: runs.Run, part: str = "choices/") -> str:
    answer = client.get(f"/diagnose/reports/{run.id}/{part}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_look_shows_the_guesses_and_waits(ada: Client) -> None:
    run = brought()
    assert run.state == "looked"
    html = page(ada, run)
    for words in ("Vorgang", "guessed by its content", "05.01.2026 09:00", "7 events of 3 cases"):
        assert words in html, words
    assert "1 of 8 rows cannot be read and is left out" in html
    assert "touches 1 event of 1 case" in html
    assert '<option value="timestamp" selected>' in html


def test_the_choices_speak_chinese(ada: Client) -> None:
    html = browser("ada", "zh-hans").get(f"/diagnose/reports/{brought().id}/choices/")
    said = html.content.decode()
    for words in (
        "各列的含义",
        "按内容推断",
        "删除各列完全相同的重复事件",
        "3 个案例，共 7 个事件",
    ):
        assert words in said, words


def test_chosen_roles_and_cleaning_go_into_the_report_and_the_kept_log(ada: Client) -> None:
    run = brought()
    form = {
        "role-0": "case",
        "role-1": "activity",
        "role-2": "timestamp",
        "role-3": "resource",
        "role-4": "attribute",
        "role-5": "left_out",
        "clean": ["drop-duplicates", "merge-names"],
        "zone": "Europe/Berlin",
    }
    found = went_on(run, ada, **form)
    assert (found.state, found.words) == ("done", "")
    folder = runs.folder_of(run.id)
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "Drop events equal to another in every column" in report
    assert "7 → 6" in report
    log = read_kept_log_file(folder / "log.parquet")
    assert (log.events, log.cases, log.activity.names) == (6, 3, ("Open", "Close"))
    assert log.resource is not None
    assert log.resource.names == ("Ada", "Bo")
    assert log.attributes.columns == ["Kanal"]
    assert log.ts[0] == 1_767_600_000_000_000  # 09:00 in Berlin is 08:00 UTC
    assert not (folder / "upload").exists()
    assert not (folder / "look.json").exists()
    assert "Mo" not in log.attributes["Kanal"].to_list()


def test_what_equals_the_guess_stays_a_guess(ada: Client) -> None:
    run = brought()
    look = read_look(runs.folder_of(run.id))
    assert look is not None
    guessed = {column: choice.role for choice in look.roles for column in choice.columns}
    roles = {
        f"role-{n}": guessed.get(column.name, "attribute") for n, column in enumerate(look.columns)
    }
    went_on(run, ada, to="look", **roles)
    kept = json.loads((runs.folder_of(run.id) / "choices.json").read_text())
    assert {kept["options"][role] for role in ("case", "activity", "timestamp", "team")} == {None}


def test_a_log_whose_columns_tell_nothing_is_diagnosed_once_they_are_named(ada: Client) -> None:
    text = "k,was,wann,x\n1,10,5/1/2026 9:00,a\n1,20,5/1/2026 10:00,b\n2,10,6/1/2026 9:00,a\n"
    run = brought(text)
    assert run.words.startswith("Cannot tell which column of odd.csv is the activity")
    assert "Something is still missing." in page(ada, run)
    named = {"role-0": "case", "role-1": "activity", "role-2": "timestamp", "role-3": "attribute"}
    again = went_on(run, ada, to="look", **named)
    assert (again.state, again.words) == ("looked", "")
    assert "3 events of 2 cases" in page(ada, again)


def test_a_file_without_columns_shows_its_lines_until_the_delimiter_is_said(ada: Client) -> None:
    run = brought("case^activity^timestamp\n1^Open^2026-01-05 09:00\n")
    assert "case^activity^timestamp" in page(ada, run)
    again = went_on(run, ada, to="look", delimiter="other", delimiter_other="^")
    assert again.words == ""
    assert "1 event of 1 case" in page(ada, again)


def test_a_diagnosis_that_fails_comes_back_to_the_choices_with_its_reason(ada: Client) -> None:
    run = brought(stage="diagnosis", choices=Choices(options=ReadOptions(case="nothing")))
    assert (run.state, run.stage) == ("looked", "diagnosis")
    html = page(ada, run)
    assert "This log could not be diagnosed." in html
    assert "has no column &#x27;nothing&#x27;" in html
    assert runs.uploaded_log(runs.folder_of(run.id)) is not None


def test_what_is_no_log_at_all_fails_and_is_deleted() -> None:
    run = brought(b"%PDF-1.7 nothing", "letter.pdf")
    assert run.state == "failed"
    assert "PDF" in run.words
    assert not (runs.folder_of(run.id) / "upload").exists()


def test_a_definition_with_other_names_offers_aliases_and_then_compares(ada: Client) -> None:
    bpmn = discover_log(EXAMPLES / "complaints.csv").bpmn
    run = brought((EXAMPLES / "complaints.csv").read_bytes().replace(b",Answered,", b",Replied,"))
    named = {"zone": "UTC", "definition": "brought"}
    file = SimpleUploadedFile("model.bpmn", bpmn)
    looked = went_on(run, ada, to="look", **named, definition_file=file)
    names = read_names(runs.folder_of(run.id))
    assert looked.state == "looked"
    assert names is not None
    assert "Replied" in names.strangers
    assert "Answered" in names.steps
    assert "Activities that are no step of the definition" in page(ada, looked)
    found = went_on(run, ada, **named, **{f"alias-{names.strangers.index('Replied')}": "Answered"})
    assert (found.state, found.words) == ("done", "")
    report = (runs.folder_of(run.id) / "report.html").read_text(encoding="utf-8")
    assert "of the cases keep to" in report


def test_a_published_process_can_be_compared_with(ada: Client) -> None:
    run = brought()
    html = page(ada, run)
    value = html.split('<option value="tiny@')[1].split('"')[0]
    choices = Choices(options=ReadOptions(activity="Schritt"), process="tiny", version=value)
    write_choices(choices, runs.folder_of(run.id))
    again = done(run)
    names = read_names(runs.folder_of(run.id))
    assert names is not None
    assert set(names.strangers) == {"Open", "close", "Close"}
    assert again.state == "looked"


def test_a_model_is_discovered_on_demand_and_kept_as_bpmn(ada: Client) -> None:
    choices = Choices(options=ReadOptions(), with_model=True)
    run = brought((EXAMPLES / "complaints.csv").read_bytes(), stage="diagnosis", choices=choices)
    assert run.state == "done"
    answer = ada.get(f"/diagnose/reports/{run.id}/model.bpmn")
    assert answer.content.startswith(b"<?xml")
    assert "Model as BPMN" in page(ada, run, "")


def test_our_own_cases_become_a_report_with_their_log_kept(ada: Client) -> None:
    play_tiny(at=timezone.now() - timedelta(days=2))
    run = runs.begin(
        "Our own cases", None, stage="diagnosis", person="ada", language="zh", zone="Asia/Shanghai",
        at=timezone.now(),
    )  # fmt: skip
    found = done(run)
    assert (found.state, found.words) == ("done", "")
    folder = runs.folder_of(run.id)
    assert "Our own cases 的实际运行情况" in (folder / "report.html").read_text(encoding="utf-8")
    log = read_kept_log_file(folder / "log.parquet")
    assert log.cases == 1
    assert log.start is not None


def test_of_our_own_cases_those_of_one_process_can_be_chosen(ada: Client) -> None:
    play_tiny(at=timezone.now() - timedelta(days=2))
    run = runs.begin(
        "Our own cases", None, stage="diagnosis", person="ada", language="en", zone="UTC",
        at=timezone.now(),
    )  # fmt: skip
    choices = Choices(options=ReadOptions(), process="other")
    write_choices(choices, runs.folder_of(run.id))
    found = done(run)
    assert (found.state, found.words) == (
        "failed",
        "No case of process 'other' has completed a step yet; there is nothing to diagnose.",
    )


def test_a_person_deletes_their_own_runs_and_nobody_elses(ada: Client) -> None:
    run = brought()
    bo = browser("bo")
    assert bo.post(f"/diagnose/reports/{run.id}/delete/").status_code == 404
    assert bo.get(f"/diagnose/reports/{run.id}/choices/").status_code == 404
    answer = ada.post(f"/diagnose/reports/{run.id}/delete/", follow=True)
    assert "“odd.csv” is deleted." in answer.content.decode()
    assert not runs.folder_of(run.id).exists()


def test_runs_are_deleted_when_they_are_old_enough(ada: Client) -> None:
    finished = brought(stage="diagnosis")
    waiting = brought()
    begun = finished.began_at
    runs.remove_old(at=begun + timedelta(hours=23))
    assert runs.find(waiting.id) is not None
    runs.remove_old(at=begun + timedelta(days=2))
    assert runs.find(waiting.id) is None
    assert runs.find(finished.id) is not None
    runs.remove_old(at=begun + timedelta(days=30, minutes=1))
    assert runs.find(finished.id) is None


def test_the_page_says_how_long_a_report_is_kept(ada: Client, settings) -> None:
    brought(stage="diagnosis")
    settings.SERVOLOOP_DIAGNOSES_DAYS = 7
    assert "are kept for 7 days, then deleted." in ada.get("/diagnose/").content.decode()


def test_what_was_brought_for_a_run_that_died_is_deleted() -> None:
    run = brought()
    dead = {**json.loads((runs.folder_of(run.id) / "state.json").read_text()), "state": "failed"}
    (runs.folder_of(run.id) / "state.json").write_text(json.dumps(dead))
    runs.remove_old(at=timezone.now())
    assert runs.find(run.id) is not None
    assert runs.uploaded_log(runs.folder_of(run.id)) is None


def test_a_run_that_is_stopped_ends_cancelled_and_keeps_nothing() -> None:
    run = runs.begin(
        "odd.csv", [ODD.encode()], stage="look", person="ada", language="en", zone="UTC",
        at=timezone.now(),
    )  # fmt: skip
    runs.ask_to_stop(run.id)
    found = done(run)
    assert found.state == "cancelled"
    assert not (runs.folder_of(run.id) / "upload").exists()


STUCK = """
import sys, time
from pathlib import Path
from servoloop.web.diagnose.runs import read
from servoloop.web.diagnose.telling import Telling
folder = Path(sys.argv[1])
Telling(read(folder), folder)
time.sleep(60)
"""


def test_a_run_that_mines_and_hears_nothing_is_stopped_within_seconds() -> None:
    run = runs.begin(
        "odd.csv", [ODD.encode()], stage="diagnosis", person="ada", language="en", zone="UTC",
        at=timezone.now(),
    )  # fmt: skip
    folder = runs.folder_of(run.id)
    runs.ask_to_stop(run.id)
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "servoloop.config.settings"}
    ended = subprocess.run(
        [sys.executable, "-c", STUCK, str(folder)], env=environ, timeout=50, check=False
    )
    assert ended.returncode == 0
    found = runs.find(run.id)
    assert found is not None
    assert found.state == "cancelled"
    assert not (folder / "upload").exists()


def test_progress_tells_rows_a_second_and_the_time_left() -> None:
    from servoloop.kernel.interchange.read_report import ReadProgress

    run = runs.begin(
        "odd.csv", [b"x"], stage="look", person="ada", language="en", zone="UTC", at=timezone.now()
    )
    telling = Telling(run, runs.folder_of(run.id))
    telling.began -= 10  # seconds ago
    telling(ReadProgress(bytes_read=25, bytes_total=100, rows=5000))
    told = runs.find(run.id)
    assert told is not None
    assert told.percent == 25
    assert 490 < told.rows_per_second <= 500
    assert told.time_left is not None
    assert 29 <= told.time_left.total_seconds() <= 31
    runs.remove(run.id)
    with pytest.raises(Cancelled):
        telling(ReadProgress(bytes_read=26, bytes_total=100, rows=5000))
    telling.end(run)
    assert not runs.folder_of(run.id).exists()


def test_an_upload_keeps_a_short_name_that_messages_may_show() -> None:
    long = brought("a,b\n1,2\n", name="工" * 200 + ".csv.gz")
    log = runs.uploaded_log(runs.folder_of(long.id))
    assert log is not None
    assert log.name == "工" * 60 + ".csv.gz"


def test_the_choices_take_a_fixed_number_of_queries(ada: Client, django_assert_max_num_queries):
    run = brought()
    page(ada, run)  # compiles the published programs
    with django_assert_max_num_queries(8):
        page(ada, run)


def test_a_look_survives_the_disk() -> None:
    run = brought((EXAMPLES / "service-orders.ocel.json").read_bytes(), "orders.json")
    look = read_look(runs.folder_of(run.id))
    assert look is not None
    assert [each.name for each in look.object_types if each.is_chosen] == ["Service order"]
    assert look.columns[0].cells[0] is not None


def test_a_discovered_model_opens_as_a_draft_for_those_who_may_draw(ada: Client) -> None:
    choices = Choices(options=ReadOptions(), with_model=True)
    run = brought((EXAMPLES / "complaints.csv").read_bytes(), stage="diagnosis", choices=choices)
    place = f"/diagnose/reports/{run.id}/draft/"
    assert ada.post(place).status_code == 403
    assert "Open as draft" not in page(ada, run, "")
    owner = User.objects.get(username="bo")
    owner.user_permissions.add(Permission.objects.get(codename="add_definition"))
    bo = browser("bo")
    assert "Open as draft in the designer" in page(bo, run, "")
    answer = bo.post(place)
    assert answer.status_code == 302
    assert "/design/drafts/" in answer.headers["location"]
    editor = bo.get(answer.headers["location"])
    assert editor.status_code == 200
    assert "The discovered model is open as a draft." in editor.content.decode()


def test_the_type_of_object_that_makes_the_cases_can_be_changed(ada: Client) -> None:
    run = brought((EXAMPLES / "service-orders.ocel.json").read_bytes(), "orders.json")
    html = page(ada, run)
    assert "Service order (3 objects, 20 events)" in html
    form = QueryDict(mutable=True)
    form.update({"object_type": "Technician", "zone": "UTC"})
    folder = runs.folder_of(run.id)
    look = read_look(folder)
    assert look is not None
    before = read_choices(folder, zone="UTC")
    choices = choices_of(form, look=look, names=None, before=before, definition="")
    assert choices.options.object_type == "Technician"
    write_choices(choices, folder)
    assert '<option value="Technician" selected>' in page(ada, done(run))


def test_a_changed_delimiter_forgets_the_roles_of_the_old_columns() -> None:
    run = brought()
    folder = runs.folder_of(run.id)
    look = read_look(folder)
    assert look is not None
    before = Choices(options=ReadOptions(case="Vorgang", left_out=("Kunde",)))
    form = QueryDict(mutable=True)
    form.update({"delimiter": "tab", "role-0": "case", "zone": "UTC"})
    choices = choices_of(form, look=look, names=None, before=before, definition="")
    assert choices.options == ReadOptions(delimiter="\t")


def test_several_columns_of_one_role_are_joined_and_a_role_can_be_taken_away() -> None:
    look = read_look(runs.folder_of(brought().id))
    assert look is not None
    form = QueryDict(mutable=True)
    roles = ("case", "activity", "timestamp", "attribute", "activity", "left_out")
    form.update({f"role-{n}": role for n, role in enumerate(roles)} | {"zone": "UTC"})
    before = Choices(options=ReadOptions())
    options = choices_of(form, look=look, names=None, before=before, definition="").options
    assert options.activity == "Schritt+Kanal"
    assert options.left_out == ("Kunde",)
    guessed = {choice.role for choice in look.roles}
    assert (options.resource == "") == ("resource" in guessed)

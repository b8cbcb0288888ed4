"""The live pages about a kept log: figures, filters, files, people, and who may look.

Longer than others: they share one log that is read and diagnosed once.
"""

import csv
import json
import re
import sys
from datetime import UTC, datetime
from html import unescape as html_unescaped
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from django.test import Client

from servoloop.accounts.models import User
from servoloop.kernel.mining.features import case_features
from servoloop.kernel.mining.filters import (
    Contains,
    Filter,
    Follows,
    HasValue,
    InFinding,
    OfVariant,
    Period,
    read_filter,
    text_of,
)
from servoloop.kernel.mining.findings.catalogue import RULES
from servoloop.kernel.mining.findings.finding import Effect, Finding
from servoloop.kernel.mining.root_causes import Condition
from servoloop.loop.diagnose import diagnose
from servoloop.loop.explore import busy_of, explore, kpis_of, subject_of
from servoloop.loop.explore_cases import case_table
from servoloop.loop.log_file import keep_log_file, read_log_file
from servoloop.loop.report import behind
from servoloop.loop.report.render import render
from servoloop.web.diagnose import kept, runs
from servoloop.web.diagnose.finding_cases import write_finding_cases
from servoloop.web.diagnose.kpi_rows import kpi_rows
from servoloop.web.diagnose.selection import Selection
from tests.desk import furnish
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db

LOG = Path(__file__).resolve().parents[2] / "examples" / "logs" / "complaints.csv"


@pytest.fixture
def run(settings: Any, tmp_path: Path) -> str:
    """A finished run of Ada's whose log is complaints.csv."""
    mo = furnish()
    User.objects.create(username="mo", customer_id=mo.id)
    settings.VAR = settings.VAR.__class__(root=tmp_path)
    return finished_run("ada")


def finished_run(person: str, *, is_live: bool = False) -> str:
    run = runs.Run(
        id=f"{len(person):032x}",
        name="complaints.csv",
        person=person,
        language="en",
        began_at=datetime(2026, 1, 5, tzinfo=UTC),
        zone="UTC",
        is_live=is_live,
        state="done",
    )
    folder = runs.folder_of(run.id)
    folder.mkdir(parents=True)
    runs.write(run)
    keep_log_file(read_log_file(LOG).log, folder / "log.parquet")
    return run.id


def subject() -> Any:
    return subject_of(read_log_file(LOG).log)


def get(path: str, *filters: Filter, who: str = "ada", language: str = "en", **more: str) -> str:
    answer = browser(who, language).get(path + query(*filters, now="1", **more))
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def query(*filters: Filter, **more: str) -> str:
    return "?" + urlencode([*(("f", text_of(each)) for each in filters), *more.items()])


def kept_cases_said(html: str) -> int:
    found = re.search(r"<strong>([\d,]+)</strong>", html)
    assert found is not None
    return int(found[1].replace(",", ""))


def rows_of(path: str, *filters: Filter, who: str = "ada", **more: str) -> list[dict[str, str]]:
    answer = browser(who).get(path + query(*filters, **more))
    assert answer.status_code == 200
    assert answer["content-type"].startswith("text/csv")
    text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_answers_in_both_languages(run, language):
    found = explore(subject(), ())
    variant = found.variants[0].example_case
    base = f"/diagnose/reports/{run}"
    sides = {"a": text_of(Contains(activity="Answered")), "b": "no-contains~Answered"}
    for path in (
        f"{base}/explore/?now=1",
        f"{base}/explore/?now=1&variants=all",
        f"{base}/explore/kpis/",
        f"{base}/explore/waiting/",
        f"{base}/explore/values/?column=@weekday",
        f"{base}/compare/?now=1",
        f"{base}/compare/?now=1&{urlencode(sides)}",
        f"{base}/compare/values/?column=@weekday",
        f"{base}/cases/?now=1",
        f"{base}/cases/one/?{urlencode({'name': variant, 'now': 1})}",
    ):
        answer = browser("ada", language).get(path, follow=True)
        html = answer.content.decode()
        assert answer.status_code == 200, path
        assert f'lang="{language}"' in html or 'hx-trigger="load"' in html, path
        assert " style=" not in html, path
        assert " onclick=" not in html, path


def test_the_page_shows_the_figures_of_the_log(run):
    html = get(f"/diagnose/reports/{run}/explore/")
    found = explore(subject(), ())
    assert kept_cases_said(html) == found.counts.cases
    drawn = json.loads(re.search(r'id="map-data"[^>]*>(.*?)</script>', html)[1])
    assert len(drawn["nodes"]) == found.counts.activities
    assert len(drawn["edges"]) == len(found.process_map.edges)


def test_filters_compose_and_each_has_a_chip_that_takes_it_away(run):
    one, other = Contains(activity="Answered"), Follows(source=None, target="Received")
    html = get(f"/diagnose/reports/{run}/explore/", one, other)
    assert kept_cases_said(html) == explore(subject(), (one, other)).counts.cases
    assert "with Answered" in html
    assert "start → Received" in html
    removals = re.findall(r'<a href="(\?[^"]*)" aria-label="Remove: ', html)
    assert [parse_qs(each[1:])["f"] for each in removals] == [[text_of(other)], [text_of(one)]]


def test_a_form_leads_to_an_address_that_can_be_shared(run):
    path = f"/diagnose/reports/{run}/explore/"
    old = Contains(activity="Answered")
    asked = {
        "add": "period",
        "by": "ended",
        "first": "2025-02-01",
        "last": "2025-01-01",
        "now": "1",
    }
    answer = browser("ada").get(path + query(old, **asked))
    assert answer.status_code == 302
    place = urlsplit(answer["location"])
    assert parse_qs(place.query)["f"] == [text_of(old), "ended~2025-01-01~2025-02-01"]
    days = Period(by="ended", first=datetime(2025, 1, 1).date(), last=datetime(2025, 2, 1).date())
    html = get(path, old, days)
    assert "ended 2025-01-01 to 2025-02-01" in html


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({"add": "contains", "activity": "Answered", "excluded": "1"}, "no-contains~Answered"),
        ({"add": "follows", "source": "", "target": "Answered"}, "follows~!0~Answered"),
        ({"add": "follows", "source": "A", "target": "B", "later": "1"}, "later~A~B"),
        ({"add": "cycle", "low": "1.5", "high": "", "unit": "h"}, "cycle~5400~!0"),
        ({"add": "value", "column": "@weekday", "value": "Monday"}, "value~@weekday~Monday"),
        ({"add": "number", "column": "amount", "low": "3", "high": ""}, "number~amount~3~!0"),
        ({"add": "repeats", "activity": "Answered"}, "repeats~Answered"),
    ],
)
def test_every_form_makes_its_filter(run, asked, text):
    path = f"/diagnose/reports/{run}/cases/?"
    answer = browser("ada").get(path + urlencode({**asked, "now": "1"}))
    assert parse_qs(urlsplit(answer["location"]).query)["f"] == [text]


def test_an_empty_form_says_what_it_needs(run):
    client = browser("ada")
    answer = client.get(f"/diagnose/reports/{run}/explore/?add=period&now=1", follow=True)
    assert "Say from which day" in answer.content.decode()


def test_nonsense_in_the_address_is_left_out_and_told(run):
    html = get(f"/diagnose/reports/{run}/explore/", f="follows~only-one", x="y")
    assert "was left out: follows~only-one" in html
    assert kept_cases_said(html) == subject().log.cases


def test_a_selection_without_cases_says_so(run):
    html = get(f"/diagnose/reports/{run}/explore/", Contains(activity="never"))
    assert "No case is left" in html
    assert kept_cases_said(html) == 0


def test_a_part_is_asked_for_by_htmx_and_going_back_asks_for_the_whole(run):
    client, path = browser("ada"), f"/diagnose/reports/{run}/explore/"
    part = client.get(path, headers={"hx-request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="explore"')
    assert "HX-Request" in part["vary"]
    whole = client.get(path, headers={"hx-request": "true", "hx-history-restore-request": "true"})
    assert "<html" in whole.content.decode()


def test_the_first_look_shows_a_skeleton_until_the_log_is_read(run):
    client, path = browser("ada"), f"/diagnose/reports/{run}/explore/"
    first = client.get(path).content.decode()
    assert 'hx-trigger="load"' in first
    assert "The log is being read" in first
    assert "map-data" not in first
    client.get(path, headers={"hx-request": "true"})
    assert "map-data" in client.get(path).content.decode()


def test_every_table_is_saved_as_csv_with_plain_numbers(run):
    base, found = f"/diagnose/reports/{run}/explore", explore(subject(), ())
    nodes = rows_of(f"{base}/activities.csv")
    assert {row["activity"]: int(row["events"]) for row in nodes} == {
        node.activity: node.events for node in found.process_map.nodes
    }
    variants = rows_of(f"{base}/variants.csv")
    assert len(variants) == found.counts.variants
    edges = rows_of(f"{base}/transitions.csv", Contains(activity="Answered"))
    selected = explore(subject(), (Contains(activity="Answered"),))
    assert sum(int(row["transitions"]) for row in edges) == sum(
        edge.transitions for edge in selected.process_map.edges
    )
    bars = rows_of(f"{base}/cycle-times.csv")
    assert sum(int(row["cases"]) for row in bars) == found.counts.cases
    assert rows_of(f"{base}/kpis.csv")[0]["kpi"]
    assert browser("ada").get(f"{base}/nothing.csv").status_code == 404


def test_the_cases_behind_a_number_are_listed_in_pages_and_saved(run):
    path = f"/diagnose/reports/{run}/cases/"
    table = list(case_table(subject(), (), with_people=False))
    listed: list[str] = []
    after = ""
    for _ in range(100):
        html = get(path, sort="shortest", after=after)
        listed += re.findall(r"cases/one/\?[^\"]*name=([^\"&]+)\"", html)
        more = re.search(r'after=([-\d.]+)" hx-get', html)
        if more is None:
            break
        after = more[1]
    assert len(listed) == len(set(listed)) == len(table) - 1
    saved = rows_of(f"/diagnose/reports/{run}/cases.csv", sort="shortest")
    spans = [float(row["duration_s"]) for row in saved]
    assert spans == sorted(spans)
    assert [row["case"] for row in saved] == listed


def test_the_longest_cases_stand_first_and_a_case_tells_its_story(run):
    saved = rows_of(f"/diagnose/reports/{run}/cases.csv")
    assert float(saved[0]["duration_s"]) == max(float(row["duration_s"]) for row in saved)
    html = get(f"/diagnose/reports/{run}/cases/one/", name=saved[0]["case"])
    log = subject().log
    case = log.case.names.index(saved[0]["case"])
    for code in log.activity.codes[log.offsets[case] : log.offsets[case + 1]]:
        assert log.activity.names[code] in html
    nobody = browser("ada").get(f"/diagnose/reports/{run}/cases/one/?now=1&name=nobody")
    assert nobody.status_code == 404


def test_a_formula_in_a_file_is_defused(run, tmp_path):
    path = tmp_path / "evil.csv"
    path.write_text("case,activity,timestamp\n=1+1,a,2025-01-01 10:00:00\n", encoding="utf-8")
    keep_log_file(read_log_file(path).log, runs.folder_of(run) / "log.parquet")
    assert rows_of(f"/diagnose/reports/{run}/cases.csv")[0]["case"] == "'=1+1"


def test_two_periods_and_two_segments_are_compared(run):
    path, client = f"/diagnose/reports/{run}/compare/", browser("ada")
    form = client.get(path + "?now=1").content.decode()
    days = dict(re.findall(r'name="([ab]_(?:first|last))" value="([\d-]+)"', form))
    asked = {"add": "periods", "by": "started", **days, "now": "1"}
    place = client.get(f"{path}?{urlencode(asked)}")["location"]
    html = client.get(f"{place}&now=1").content.decode()
    counts = [int(n) for n in re.findall(r'">(\d+) cases?</a> · ', html)]
    assert sum(counts) == subject().log.cases
    assert "Median cycle time" in html
    drawn = json.loads(re.search(r'id="map-data"[^>]*>(.*?)</script>', html)[1])
    assert len(drawn["changes"]) == len(drawn["edges"])
    saved = rows_of(f"{path}figures.csv", **{k: v[0] for k, v in sides(place).items()})
    assert {row["what"] for row in saved} >= {"cycle_median", "rework"}
    asked = {"add": "segments", "column": "@weekday", "value_a": "Monday", "value_b": ""}
    place = client.get(f"{path}?{urlencode({**asked, 'now': '1'})}")["location"]
    assert sides(place) == {"a": ["value~@weekday~Monday"], "b": ["no-value~@weekday~Monday"]}


def sides(place: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(place).query)


def test_a_side_without_cases_is_told(run):
    more = {"a": "contains~never", "b": "contains~Answered"}
    assert "One side has no cases" in get(f"/diagnose/reports/{run}/compare/", **more)


def test_people_are_named_only_for_a_written_reason_that_stays_with_the_run(run):
    path, client = f"/diagnose/reports/{run}/explore/", browser("ada")
    person = subject().log.resource.names[0]
    secret = HasValue(column="@resource", values=(person,))
    hidden = get(path, secret)
    assert kept_cases_said(hidden) == subject().log.cases
    assert "@resource" not in re.sub(r"was left out: [^<]*", "", hidden)
    assert client.get(f"{path}people/", headers={"hx-request": "true"}).status_code == 404
    assert client.get(f"{path}people.csv").status_code == 404

    client.post(f"{path}people/name/", {"why": " "})
    assert "Name people" in get(path)
    client.post(f"{path}people/name/", {"why": "The works council asked for it"})
    shown = get(path, secret)
    assert "The works council asked for it" in shown
    assert kept_cases_said(shown) == explore(subject(), (secret,)).counts.cases
    assert person in client.get(f"{path}people/", headers={"hx-request": "true"}).content.decode()
    assert rows_of(f"{path}people.csv")[0]["person"]

    client.post(f"{path}people/name/", {"stop": "1"})
    assert "Name people" in get(path)
    lines = (runs.folder_of(run) / "reasons.jsonl").read_text(encoding="utf-8").splitlines()
    said = [json.loads(line) for line in lines]
    assert [(each["who"], each["is_named"]) for each in said] == [("ada", True), ("ada", False)]
    assert said[0]["why"] == "The works council asked for it"


def test_a_case_and_its_file_name_nobody_until_people_are_named(run):
    log = subject().log
    name = log.case.names[0]
    person = log.resource.names[log.resource.codes[log.offsets[1] - 1]]
    path = f"/diagnose/reports/{run}/cases/one/"
    assert person not in story(get(path, name=name))
    browser("ada").post(f"/diagnose/reports/{run}/explore/people/name/", {"why": "An audit"})
    assert person in story(get(path, name=name))


def story(html: str) -> str:
    return html[html.index('<ol class="story">') : html.index("</ol>")]


def test_only_colleagues_see_only_their_own_runs(run):
    for path in (
        "explore/",
        "explore/kpis/",
        "explore/variants.csv",
        "compare/",
        "compare/figures.csv",
        "cases/",
        "cases.csv",
        "cases/one/?name=x",
    ):
        place = f"/diagnose/reports/{run}/{path}"
        assert browser().get(place).status_code == 302, path
        assert browser("mo").get(place).status_code == 403, path
        assert browser("bo").get(place).status_code == 404, path
    place = f"/diagnose/reports/{run}/explore/people/name/"
    assert browser("bo").post(place, {"why": "curious about it"}).status_code == 404
    assert not (runs.folder_of(run) / "reasons.jsonl").exists()


def test_a_run_without_its_log_says_what_to_do(run):
    (runs.folder_of(run) / "log.parquet").unlink()
    answer = browser("ada").get(f"/diagnose/reports/{run}/explore/")
    assert answer.status_code == 404
    assert "This run kept no log" in answer.content.decode()


def test_a_damaged_log_is_told_in_a_sentence(run):
    (runs.folder_of(run) / "log.parquet").write_bytes(b"PAR1 no")
    answer = browser("ada").get(f"/diagnose/reports/{run}/explore/?now=1")
    assert answer.status_code == 500
    assert "damaged" in answer.content.decode()


def test_the_live_case_is_one_click_from_its_story(run):
    own = finished_run("ada-live"[:5], is_live=True)
    runs.write(runs.Run(**{**vars_of(own), "person": "ada"}))
    name = subject().log.case.names[0]
    assert "/run/find/?q=" in get(f"/diagnose/reports/{own}/cases/one/", name=name)
    assert "/run/find/?q=" not in get(f"/diagnose/reports/{run}/cases/one/", name=name)


def vars_of(run: str) -> dict[str, Any]:
    found = runs.find(run)
    assert found is not None
    return {name: getattr(found, name) for name in found.__slots__}


def test_the_pages_ask_the_database_only_who_is_looking(run, django_assert_max_num_queries):
    client: Client = browser("ada")
    for path in ("explore/?now=1", "compare/?now=1", "cases/?now=1"):
        with django_assert_max_num_queries(3):
            client.get(f"/diagnose/reports/{run}/{path}")


def test_two_logs_stay_in_memory_and_a_log_written_anew_is_read_anew(run):
    def desk() -> Any:
        found = runs.find(run)
        assert found is not None
        return kept.desk_of(found)

    first = desk()
    assert desk() is first
    other = read_log_file(LOG).log
    keep_log_file(other, runs.folder_of(run) / "log.parquet")
    assert desk() is not first
    assert len(kept._desks) <= kept.LOGS


@pytest.mark.parametrize("kpi", ["first_contact_ownership", "transfer", "reopen"])
def test_a_kpi_leads_to_as_many_cases_as_it_counts(run, kpi):
    measured = next(each for each in kpis_of(subject(), ()) if each.kpi.id == kpi)
    row = kpi_rows([measured], Selection(filters=()))[0]
    assert row.cohort
    html = browser("ada").get(f"/diagnose/reports/{run}/cases/{row.query}&now=1").content.decode()
    assert "was left out" not in html
    share = measured.figure("share")
    assert share is not None
    assert kept_cases_said(html) == round(share.value * share.n)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_week_shows_arrivals_and_work_and_a_day_keeps_its_cases(run, language):
    base = f"/diagnose/reports/{run}/explore"
    found = busy_of(subject(), ())
    assert found is not None
    html = get(f"{base}/busy/", language=language)
    assert html.count('class="column"') == 7 * (
        24 + 48 + (3 * 48 if found.workload.busy is not None else 0)
    )
    day = html_unescaped(re.findall(r'<a href="([^"]*)" aria-label', html)[0])
    began_monday = sum(found.arrivals.by_hour[0])
    assert (
        kept_cases_said(browser("ada").get(f"{base}/{day}&now=1").content.decode()) == began_monday
    )
    arrivals = rows_of(f"{base}/arrivals.csv")
    assert sum(int(row["cases"]) for row in arrivals) == subject().log.cases
    load = rows_of(f"{base}/workload.csv")
    assert len(load) == 7 * 48
    done = found.workload.completed.sum()
    assert sum(float(row["events_done"]) for row in load) == pytest.approx(done, abs=0.05)


def test_the_cases_of_a_finding_are_kept_beside_the_report(run):
    finding = planted_finding()
    write_finding_cases([finding], runs.folder_of(run))
    only = InFinding(rule=finding.rule.id, key=finding.key)
    html = get(f"/diagnose/reports/{run}/explore/", only)
    assert kept_cases_said(html) == len(finding.affected)
    assert f"finding: {finding.rule.name.in_language('en')}" in html
    rows = rows_of(f"/diagnose/reports/{run}/cases.csv", only)
    assert {row["case"] for row in rows} == set(finding.affected)
    unknown = get(f"/diagnose/reports/{run}/explore/", InFinding(rule="gone", key="gone"))
    assert kept_cases_said(unknown) == 0
    assert "cases of a finding" in unknown


def planted_finding() -> Finding:
    return Finding(
        rule=RULES[0],
        subject="",
        says=RULES[0].name,
        evidence={},
        n=100,
        cases=3,
        affected=subject().log.case.names[:3],
        effect=Effect(hours=1, low=None, high=None),
        gain=1,
        gain_how=RULES[0].name,
    )


def test_the_numbers_of_a_report_lead_to_their_cases_for_who_brought_the_log(run):
    base = f"/diagnose/reports/{run}/"
    assert f'src="{base}report.html#cases=1"' in get(base)
    theirs = get(base, who="bo")
    assert f'src="{base}report.html"' in theirs
    assert f"{base}explore/" not in theirs


def test_every_number_that_a_report_links_is_the_number_of_its_cases(run):
    read = read_log_file(LOG)
    report = render(diagnose(read.log, name="complaints.csv", read_report=read.report))
    links = re.findall(r'data-cases="([^"]*)">([\d,]+)</a>', report)
    by_section = {part[:12]: part for part in report.split('<section id="')}
    assert len(links) > 20
    cases = {"variants": 0, "activities": 0}
    for section in cases:
        part = next(text for name, text in by_section.items() if name.startswith(section))
        for query, said in re.findall(r'data-cases="([^"]*)">([\d,]+)</a>', part):
            filters = tuple(read_filter(each) for each in parse_qs(html_unescaped(query))["f"])
            found = explore(subject(), filters)
            assert found.counts.cases == int(said.replace(",", "")), (section, query)
            cases[section] += 1
    assert all(cases.values())


def test_a_kind_of_case_leads_to_exactly_its_cases():
    told = 0
    for feature in case_features(subject().log):
        for code, value in enumerate(feature.values):
            query = behind.of_kind((Condition(attribute=feature.name, value=value),))
            for text in parse_qs(query).get("f", ()):
                found = explore(subject(), (read_filter(text),))
                assert found.counts.cases == np.count_nonzero(feature.codes == code)
                told += 1
    assert told > 10
    quarter = Condition(attribute="amount", value="1.5 to 20")
    assert behind.of_kind((quarter,)) == ""


def test_a_variant_of_the_list_can_be_kept_and_left_out(run):
    found = explore(subject(), ())
    html = get(f"/diagnose/reports/{run}/explore/")
    only = re.search(r'<a class="btn btn-sm" href="\?f=([^"]*)" aria-label="Keep only', html)
    assert only is not None
    key = only[1].replace("%7E", "~").removeprefix("variant~")
    kept_html = get(f"/diagnose/reports/{run}/explore/", OfVariant(keys=(key,)))
    assert kept_cases_said(kept_html) == found.variants[0].cases


def test_the_web_starts_without_the_mining_libraries():
    """They cost a second and 100 MB that most processes never need."""
    import subprocess

    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'servoloop.config.settings';"
        "import django; django.setup(); import servoloop.web.diagnose.urls;"
        "sys.exit(int('polars' in sys.modules or 'numba' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

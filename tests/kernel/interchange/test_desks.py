"""Exports of service desks become events: nothing is lost, and what was made of what is told."""

import csv
import gzip
import json

import pytest

from servoloop.kernel.interchange.assemble import ReadLog
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.source import UnreadableLog
from tests.kernel.interchange.workbooks import workbook
from tests.kernel.mining.cast import EXAMPLES, read_bytes, read_text

Told = list[tuple[str | None, str | None, str | None]]


def export(name: str) -> ReadLog:
    return read_bytes((EXAMPLES / "desks" / name).read_bytes(), name=name)


def story(read: ReadLog, case: str) -> Told:
    """Activity, resource and team of each event of a case."""
    log = read.log
    at = log.case.names.index(case)
    span = slice(log.offsets[at], log.offsets[at + 1])
    nobody: list[str | None] = [None] * log.events
    people = log.resource.values() if log.resource else nobody
    teams = log.team.values() if log.team else nobody
    return list(zip(log.activity.values()[span], people[span], teams[span], strict=True))


def notes(read: ReadLog, code: str) -> list[dict[str, str | int]]:
    return [dict(note.values) for note in read.report.notes if note.code == code]


def test_zendesk_audits_tell_statuses_assignments_and_comments_with_names():
    read = export("zendesk-audits.json")
    assert story(read, "41") == [
        ("Status: New", None, "First line"),
        ("Comment: public", None, "First line"),
        ("Status: Open", "Ada", "First line"),
        ("Comment: internal", "Ada", "First line"),
        ("Assigned", "Otto", "Repairs"),
        ("Comment: public", "Otto", "Repairs"),
        ("Status: Pending", "Otto", "Repairs"),
        ("Comment: public", "Otto", "Repairs"),
        ("Status: Open", "Otto", "Repairs"),
        ("Comment: public", "Otto", "Repairs"),
        ("Status: Solved", "Otto", "Repairs"),
        ("Status: Closed", "Otto", "Repairs"),
    ]
    assert read.report.format == "zendesk"
    assert read.log.case_attributes["case:priority"].to_list() == ["high", "normal"]
    assert read.log.attributes["changed by"].to_list()[11] == "system"
    assert {"events": 9, "activity": "Status: …", "source": "status"} in notes(read, "desk_mapped")
    assert notes(read, "desk_ignored") == [{"updates": 1}]


def test_zendesk_ticket_events_give_the_same_as_audits():
    created = {"event_type": "Create", "id": 1, "via": "Mail"}
    changed = {"event_type": "Change", "id": 2, "via": "Web form"}
    rows = [
        {"ticket_id": 5, "created_at": "2025-03-03T09:00:00Z", "updater_id": 7, "child_events": [
            {**created, "status": "new"}, {**created, "group_id": "71"},
            {"event_type": "Comment", "id": 3, "comment_present": True, "comment_public": True}]},
        {"ticket_id": 5, "timestamp": 1740996000, "updater_id": 11, "child_events": [
            {**changed, "status": "open", "previous_value": "new"},
            {**changed, "assignee_id": "11", "previous_value": None}]},
    ]  # fmt: skip
    as_list = read_text(json.dumps({"ticket_events": rows, "count": 2}))
    as_lines = read_text("\n".join(json.dumps(row) for row in rows))
    assert story(as_list, "5") == story(as_lines, "5") == [
        ("Status: New", None, "71"), ("Comment: public", None, "71"), ("Status: Open", "11", "71"),
    ]  # fmt: skip


def test_jira_issues_are_put_in_order_whichever_way_their_history_runs():
    read = export("jira-issues.json")
    assert story(read, "HELP-7") == [
        ("Created", None, None),
        ("Status: In progress", "Ada", "First line"),
        ("Comment: internal", "Ada", "First line"),
        ("Assigned", "Otto", "Repairs"),
        ("Comment: public", "Otto", "Repairs"),
        ("Status: Waiting for customer", "Otto", "Repairs"),
        ("Status: In progress", "Otto", "Repairs"),
        ("Status: Resolved", "Otto", "Repairs"),
    ]
    assert read.log.case_attributes["case:issuetype"].to_list() == ["Incident", "Question"]


def test_before_its_first_change_a_ticket_belonged_to_whom_the_change_took_it_from():
    items = [{"field": "assignee", "fromString": "Ada", "toString": "Otto"}]
    issue = {
        "key": "A-1",
        "fields": {"created": "2025-03-03T09:00:00.000+0000"},
        "changelog": {
            "histories": [{"created": "2025-03-03T10:00:00.000+0000", "items": items}],
        },
    }
    alone, listed = read_text(json.dumps(issue)), read_text(json.dumps({"issues": [issue]}))
    assert story(alone, "A-1") == story(listed, "A-1")
    assert [person for _, person, _ in story(alone, "A-1")] == ["Ada", "Otto"]


def test_jira_changelogs_in_bulk_are_read_with_moments_in_milliseconds():
    histories = [
        {"created": 1740992400000, "author": {"displayName": "Ada"}, "items": [
            {"field": "status", "fromString": "Open", "toString": "Done"}]},
    ]  # fmt: skip
    text = json.dumps({"issueChangeLogs": [{"issueId": "10100", "changeHistories": histories}]})
    read = read_text(text)
    assert story(read, "10100") == [("Status: Done", "Ada", None)]
    assert read.log.ts.tolist() == [1_740_992_400_000_000]


def test_a_list_of_jira_issues_tells_creation_comments_and_resolution():
    read = export("jira-issues.csv")
    assert story(read, "HELP-7") == [
        ("Created", "Mo", None), ("Comment", "Ada", None), ("Comment", "Otto", None),
        ("Resolved", None, None),
    ]  # fmt: skip
    assert read.log.case_attributes["case:Priority"].to_list() == ["High", "Low"]
    assert notes(read, "doubled_column") == []


def test_a_servicenow_audit_names_states_and_joins_what_one_update_changed():
    read = export("servicenow-audit.csv")
    assert story(read, "INC0010001") == [
        ("Status: New", None, None),
        ("Assigned", "Ada", "First line"),
        ("Status: In progress", "Ada", "First line"),
        ("Comment: internal", "Ada", "First line"),
        ("Assigned", "Otto", "Repairs"),
        ("Comment: public", "Otto", "Repairs"),
        ("Status: On hold", "Otto", "Repairs"),
        ("Status: In progress", "Otto", "Repairs"),
        ("Status: Resolved", "Otto", "Repairs"),
        ("Status: Closed", "Otto", "Repairs"),
    ]
    assert read.report.duplicates == 0


def test_an_audit_is_the_same_under_labels_in_a_workbook_and_as_json():
    text = (EXAMPLES / "desks" / "servicenow-audit.csv").read_text()
    rows = list(csv.reader(text.splitlines()))
    labels = [
        "Document key", "Table name", "Field name", "Old value", "New value", "User", "Created",
    ]  # fmt: skip
    sheet = read_bytes(workbook({"Audit": [labels, *rows[1:]]}))
    records = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    listed = read_text(json.dumps({"records": records}))
    expected = story(export("servicenow-audit.csv"), "INC0010001")
    assert story(sheet, "INC0010001") == story(listed, "INC0010001") == expected
    assert (sheet.report.format, listed.report.format) == ("xlsx", "servicenow")


def test_freshdesk_activities_are_read_with_the_day_first():
    read = export("freshdesk-activities.json")
    assert story(read, "600") == [
        ("Status: Open", None, "First line"),
        ("Assigned", "11", "First line"),
        ("Comment", "11", "First line"),
        ("Status: Waiting for Customer", "11", "First line"),
        ("Comment", "11", "First line"),
        ("Status: Open", "12", "Repairs"),
        ("Status: Resolved", "12", "Repairs"),
    ]
    assert notes(read, "day_or_month_first") == []


def test_a_list_of_zendesk_tickets_tells_the_moments_it_has():
    read = read_text(
        "Id,Status,Created at,Initially assigned at,Solved at,Assignee\n"
        "1,Solved,2025-03-03 09:00,2025-03-03 09:10,2025-03-03 12:00,Ada\n"
        "2,Open,2025-03-03 10:00,-,,Ada\n"
    )
    assert [told[0] for told in story(read, "1")] == ["Created", "Assigned", "Status: Solved"]
    assert [told[0] for told in story(read, "2")] == ["Created"]


def test_columns_named_by_the_user_turn_the_mapping_off():
    data = (EXAMPLES / "desks" / "servicenow-audit.csv").read_bytes()
    read = read_bytes(data, ReadOptions(case="documentkey", activity="fieldname"))
    assert read.log.events == 17
    assert notes(read, "desk_export") == []


def test_a_compressed_export_is_recognised_too():
    data = (EXAMPLES / "desks" / "jira-issues.json").read_bytes()
    assert read_bytes(gzip.compress(data)).report.format == "jira"


def test_updates_without_ticket_or_moment_are_refused_with_their_line():
    text = """{"activities_data": [
    {"performed_at": "03-03-2025 08:00:00 +0000", "ticket_id": 1, "activity": {"status": "Open"}},
    {"performed_at": "03-03-2025 08:00:00 +0000", "activity": {"status": "Open"}},
    {"performed_at": null, "ticket_id": 1, "activity": {"status": "Closed"}}]}"""
    report = read_text(text).report
    assert [(refusal.line, refusal.reason) for refusal in report.refusals] == [
        (3, "has no case"),
        (4, "has no timestamp"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"audits": []}', "export of Zendesk but holds no change"),
        ('{"audits": [{"ticket_id": 1, "events": [7]}]}', "line 1 .*shape of an export of Zendesk"),
        ('{"issues": [{"changelog": [1]}]}', "shape of an export of Jira"),
        ('{"activities_data": [{"performed_at": "x", "activity": [1]}]}', "export of Freshdesk"),
        ('{"activities_data": [', "not well-formed JSON"),
        ("documentkey,fieldname,oldvalue,newvalue,sys_created_on\n1,priority,,2,2025-03-03\n",
         "export of ServiceNow but holds no change"),
        ('{"tickets": [{"id": 1}]}', "JSON, but neither OCEL nor an export of Zendesk"),
    ],
)  # fmt: skip
def test_broken_or_foreign_exports_get_one_clear_sentence(text, sentence):
    with pytest.raises(UnreadableLog, match=sentence) as raised:
        read_text(text)
    assert "\n" not in str(raised.value)
    assert str(raised.value).endswith(".")


def test_a_table_that_is_no_export_is_not_taken_for_one_on_demand():
    with pytest.raises(UnreadableLog, match="not the columns of an export"):
        read_text("case,activity,timestamp\n1,a,2025-03-03\n", ReadOptions(format="jira"))

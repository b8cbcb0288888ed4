"""Exports of service desks in the shapes in which people really have them."""

import json
from typing import Any

import pytest

from servoloop.kernel.interchange.assemble import ReadLog
from servoloop.kernel.interchange.options import ReadOptions
from tests.kernel.mining.cast import read_bytes, read_text

NINE, TEN, NOON = "2026-01-05T09:00:00Z", "2026-01-05T10:00:00Z", "2026-01-05T12:00:00Z"


def read(document: Any) -> ReadLog:
    return read_bytes(json.dumps(document).encode(), name="export.json")


def told(read: ReadLog) -> list[tuple[str, str]]:
    """Every event as (case, activity), in the order of the log."""
    cases, activities = read.log.case.values(), read.log.activity.values()
    return [(case or "", activity or "") for case, activity in zip(cases, activities, strict=True)]


def desk(read: ReadLog) -> str:
    note = next(note for note in read.report.notes if note.code == "desk_export")
    return str(dict(note.values)["desk"])


def test_a_single_zendesk_audit_whose_events_come_before_its_ticket_is_recognised():
    audit = {
        "events": [
            {"type": "Create", "field_name": "status", "value": "new"},
            {"type": "Comment", "public": True, "body": "Where is it?"},
            {"type": "Notification", "subject": "Received"},
        ],
        "author_id": 1,
        "created_at": NINE,
        "ticket_id": 7,
    }
    found = read([audit])
    assert desk(found) == "Zendesk"
    assert told(found) == [("7", "Status: New"), ("7", "Comment: public")]


def test_zendesk_tickets_tell_the_moments_of_their_metrics_and_their_comments():
    ticket = {
        "id": 7,
        "via": {"channel": "email"},
        "created_at": NINE,
        "updated_at": NOON,
        "raw_subject": "Late parcel",
        "priority": "high",
        "comments": [
            {"author_id": 1, "public": True, "created_at": NINE},
            {"author_id": 2, "public": False, "created_at": TEN},
        ],
        "metric_set": {"created_at": NINE, "initially_assigned_at": TEN, "solved_at": NOON},
    }
    found = read({"tickets": [ticket]})
    assert [activity for _, activity in told(found)] == [
        "Created", "Comment: public", "Assigned", "Comment: internal", "Status: Solved",
    ]  # fmt: skip
    assert found.log.case_attributes["case:priority"].to_list() == ["high"]
    assert found.log.case_attributes["case:via"].to_list() == ["email"]


def test_one_page_of_a_jira_changelog_knows_its_issue_from_its_address():
    page = {
        "self": "https://desk.example/rest/api/3/issue/SUP-12/changelog?startAt=0",
        "values": [
            {
                "author": {"displayName": "Ada"},
                "created": "2026-01-05T10:00:00.000+0100",
                "items": [{"field": "status", "fromString": "Open", "toString": "In Progress"}],
            }
        ],
    }
    found = read(page)
    assert desk(found) == "Jira Service Management"
    assert told(found) == [("SUP-12", "Status: In Progress")]


def test_jira_issues_without_their_changelog_tell_creation_and_resolution():
    fields = {"issuetype": {"name": "Incident"}, "created": NINE, "resolutiondate": NOON}
    found = read({"issues": [{"key": "SUP-1", "fields": fields}]})
    assert told(found) == [("SUP-1", "Created"), ("SUP-1", "Resolved")]


def test_a_jira_csv_with_bom_returns_in_cells_and_repeated_labels_is_read():
    text = (
        '\ufeff"Summary","Issue key","Status","Created","Resolved","Labels","Labels","Description"'
        '\r\n"Checkout, new","PAY-1",Open,12/Mar/24 9:41 AM,,a,b,"One\r\n\r\nsays ""two"""\r\n'
        "Late,PAY-2,Done,13/Mar/24 8:00 AM,15/Mar/24 4:00 PM,,,\r\n"
    )
    found = read_text(text)
    assert told(found) == [("PAY-1", "Created"), ("PAY-2", "Created"), ("PAY-2", "Resolved")]
    assert found.report.rows_refused == 0


def test_servicenow_shows_display_values_but_keeps_moments_in_utc():
    def both(shown: str, kept: str) -> dict[str, str]:
        return {"display_value": shown, "value": kept}

    change = {
        "documentkey": both("INC1", "a1"),
        "fieldname": both("state", "state"),
        "oldvalue": both("1", "1"),
        "newvalue": both("2", "2"),
        "sys_created_on": both("2026-01-05 10:00:00", "2026-01-05 09:00:00"),
        "user": both("Ada", "ada"),
    }
    found = read({"result": [change]})
    assert told(found) == [("INC1", "Status: In progress")]
    assert found.log.ts[0] == 1_767_603_600_000_000  # 09:00 UTC


def test_servicenow_incidents_tell_when_they_were_opened_resolved_and_closed():
    incident = {
        "number": "INC1",
        "opened_at": "2026-01-05 09:00:00",
        "resolved_at": "2026-01-05 12:00:00",
        "closed_at": "",
        "state": "6",
        "assigned_to": {"link": "https://desk.example/u/1", "value": "1"},
    }
    found = read({"result": [incident]})
    assert desk(found) == "ServiceNow"
    assert told(found) == [("INC1", "Created"), ("INC1", "Status: Resolved")]
    assert found.log.case_attributes["case:state"].to_list() == ["Resolved"]


INCIDENTS = """\
"number","opened_at","state","assignment_group","assigned_to","resolved_at","closed_at"
"INC1","2026-01-05 09:00:00","Closed","Desk","Ada","2026-01-05 12:00:00","2026-01-06 12:00:00"
"INC2","2026-01-05 10:00:00","New","Desk","","",""
"""


def test_a_list_of_incidents_as_csv_is_read_as_their_moments():
    found = read_text(INCIDENTS)
    assert desk(found) == "ServiceNow"
    assert [activity for _, activity in told(found)] == [
        "Created", "Status: Resolved", "Status: Closed", "Created",
    ]  # fmt: skip


def test_the_same_list_can_be_read_as_it_stands():
    found = read_text(INCIDENTS, ReadOptions(as_table=True))
    assert [activity for _, activity in told(found)] == ["Closed", "New"]


def test_an_event_log_of_incidents_is_no_list_since_its_numbers_repeat():
    rows = ["number,incident_state,opened_at,sys_created_at,sys_updated_at,assigned_to,closed_at"]
    for case in range(1, 28):
        for hour, state in ((1, "New"), (2, "Active"), (5, "Resolved"), (9, "Closed")):
            day = f"{case}/2/2026"
            rows.append(f"INC{case},{state},{day} 01:16,{day} 01:23,{day} 0{hour}:23,?,{day} 09:00")
    found = read_text("\n".join(rows))
    roles = {choice.role: choice.columns[0] for choice in found.report.roles}
    assert (roles["case"], roles["activity"], roles["timestamp"]) == (
        "number", "incident_state", "sys_updated_at",
    )  # fmt: skip
    assert found.log.events == 27 * 4
    assert found.log.activity.names == ("New", "Active", "Resolved", "Closed")


def test_a_freshdesk_list_tells_its_moments_but_no_durations():
    text = (
        '"Ticket ID","Status","Agent","Created time","Resolved time","Closed time",'
        '"Initial response time","Tags"\n'
        '"1","Closed","Ada","2026-01-05 09:00:00","2026-01-05 12:00:00","2026-01-06 12:00:00",'
        '"2026-01-05 10:00:00",""\n'
        '"2","Open","","2026-01-05 09:30:00","","","00:10:00",""\n'
    )
    found = read_text(text)
    assert desk(found) == "Freshdesk"
    assert told(found) == [
        ("1", "Created"), ("1", "First response"), ("1", "Status: Resolved"),
        ("1", "Status: Closed"), ("2", "Created"),
    ]  # fmt: skip


def test_freshdesk_tickets_with_statistics_and_conversations_are_read():
    ticket = {
        "id": 1,
        "status": 4,
        "priority": 1,
        "responder_id": 22,
        "created_at": NINE,
        "fr_due_by": NOON,
        "stats": {"first_responded_at": TEN, "resolved_at": NOON, "reopened_at": None},
        "conversations": [{"created_at": TEN, "private": False, "user_id": 22}],
    }
    found = read([ticket])
    assert desk(found) == "Freshdesk"
    assert told(found) == [("1", "Created"), ("1", "Comment: public"), ("1", "Status: Resolved")]
    assert found.log.case_attributes["case:status"].to_list() == ["Resolved"]


def test_a_new_ticket_of_freshdesk_is_an_event_of_its_own():
    activity = {"new_ticket": True, "status": "Open", "priority": "Low"}
    row = {"performed_at": "05-01-2026 06:10:00 +0000", "ticket_id": 2, "activity": activity}
    assert told(read({"activities_data": [row]})) == [("2", "Created"), ("2", "Status: Open")]


@pytest.mark.parametrize(("cases", "is_told"), [(8, True), (3, False)])
def test_a_list_of_cases_without_history_is_called_what_it_is(cases: int, is_told: bool):
    rows = "".join(f"{case},Open,2026-01-05 09:{case:02d}\n" for case in range(cases))
    notes = read_text("case,activity,timestamp\n" + rows).report.notes
    assert ("one_event_per_case" in {note.code for note in notes}) == is_told

"""Drafts and what becomes of them: saving beside each other, publishing, approval, rolling back."""

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction

from servoloop.kernel.process.document import UnreadableProcess
from servoloop.kernel.process.readiness.readiness import NotReady
from servoloop.kernel.process.readiness.waivers import Waiver
from servoloop.kernel.process.words import Words
from servoloop.loop import draft_talk as talk
from servoloop.loop.draft_publishing import (
    NotYours,
    approve_request,
    decline_request,
    publish_draft,
    withdraw_request,
)
from servoloop.loop.drafts import (
    copy_draft,
    create_draft,
    create_draft_of,
    create_empty_draft,
    discard_draft,
    draft_findings,
    reopen_draft,
    save_draft,
)
from servoloop.loop.versions import ReasonMissing, retire_process, roll_back
from servoloop.storage.definitions import Published
from servoloop.storage.drafts import Draft, DraftClosed, DraftMoved, load_draft, text_at
from servoloop.storage.models import Definition
from servoloop.storage.not_found import NotFound
from servoloop.storage.publication_requests import AlreadyAsked, AlreadyDecided, Request
from servoloop.storage.queries.navigation import navigation_counts
from servoloop.storage.queries.processes import process_page
from servoloop.storage.queries.versions import versions_page
from tests.desk import ADA_SEES, BO_SEES, HOUR, MONDAY, ask, furnish, process, state_of

TINY = process("tiny")
LATER = MONDAY + HOUR
CIRCLE = (b'role="supervisor" within="PT30M"', b'role="agent" within="PT30M"')


@pytest.fixture
def desk(db: None) -> None:
    furnish()


def slower(minutes: int) -> bytes:
    return TINY.replace(b'standardTime="PT10M"', f'standardTime="PT{minutes}M"'.encode(), 1)


def guarded(text: bytes = TINY) -> bytes:
    """The process asks for the approval of its owner, who is Bo."""
    return text.replace(
        b'<servoloop:sheet owner="bo"', b'<servoloop:sheet owner="bo" approval="owner"'
    )


def draft(text: bytes = TINY) -> Draft:
    return create_draft(text, person="cy", at=MONDAY, origin="file")


def save(held: Draft, text: bytes, *, rev: int | None = None, person: str = "cy") -> Draft:
    return save_draft(held.id, xml=text, before=TINY, rev=rev or held.rev, person=person, at=LATER)


def publish(held: Draft, *, person: str = "cy", reason: str = "Faster.") -> Published | Request:
    return publish_draft(held.id, rev=held.rev, person=person, at=LATER, reason=reason)


@pytest.mark.usefixtures("desk")
def test_a_draft_of_a_process_knows_its_version_and_an_empty_one_its_name() -> None:
    of = create_draft_of("tiny", viewer=BO_SEES, at=MONDAY)
    new = create_empty_draft(
        name=Words(default="Account change"), token="ab12", person="cy", at=MONDAY
    )
    again = create_empty_draft(name=Words(default="开户"), token="ab12", person="cy", at=MONDAY)
    assert (of.key, of.origin, of.author) == ("tiny", "version", "bo")
    assert (new.key, new.name.default) == ("account-change", "Account change")
    assert (again.key, again.name.default) == ("process-ab12", "开户")


@pytest.mark.usefixtures("desk")
def test_an_empty_draft_scores_nothing_and_is_told_to_begin() -> None:
    new = create_empty_draft(name=Words(default="New"), token="x", person="cy", at=MONDAY)
    readiness = draft_findings(new.xml.encode(), at=MONDAY)
    assert readiness.score == 0
    assert "no-step" in {each.rule.id for each in readiness.findings}


@pytest.mark.usefixtures("desk")
def test_a_file_without_a_drawing_is_drawn() -> None:
    held = draft(process("errand"))
    assert "BPMNShape" in held.xml
    assert "not-drawn" not in {
        each.rule.id for each in draft_findings(held.xml.encode(), at=MONDAY).findings
    }


@pytest.mark.usefixtures("desk")
def test_an_element_that_is_not_in_the_drawing_is_found() -> None:
    hidden = TINY.replace(b'bpmnElement="who_answers"', b'bpmnElement="nothing"')
    found = [each for each in draft_findings(hidden, at=MONDAY).findings if each.is_open]
    assert [(each.rule.id, each.elements) for each in found] == [("not-drawn", ("who_answers",))]


@pytest.mark.usefixtures("desk")
def test_the_former_text_of_a_save_is_kept_and_a_late_copy_is_grafted_onto_it() -> None:
    held = draft(TINY.replace(b"<bpmn:process ", b"<!-- ours --><bpmn:process ", 1))
    saved = save(held, slower(20))
    with pytest.raises(DraftMoved) as moved:
        save(held, slower(30), person="bo")
    copy = copy_draft(held.id, xml=slower(30), before=TINY, rev=held.rev, person="bo", at=LATER)
    assert moved.value.draft.updated_by == "cy"
    assert text_at(held.id, rev=held.rev) == held.xml
    assert saved.rev == held.rev + 1
    assert "PT30M" in copy.xml and "PT20M" not in copy.xml and "<!-- ours -->" in copy.xml
    assert (copy.origin, copy.author) == (f"copy:{held.id}", "bo")


@pytest.mark.usefixtures("desk")
def test_the_last_texts_of_a_draft_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servoloop.storage.drafts.TEXTS_KEPT", 3)
    held = draft()
    texts = [TINY, *(slower(minutes) for minutes in range(20, 26))]
    for before, after in pairwise(texts):
        held = save_draft(held.id, xml=after, before=before, rev=held.rev, person="cy", at=LATER)
    kept = [rev for rev in range(1, held.rev + 1) if text_at(held.id, rev=rev) is not None]
    assert kept == [held.rev - 2, held.rev - 1, held.rev]


@pytest.mark.usefixtures("desk")
def test_a_discarded_draft_takes_nothing_until_it_is_reopened() -> None:
    held = draft()
    discard_draft(held.id, at=LATER)
    with pytest.raises(DraftClosed):
        save(held, slower(20))
    with pytest.raises(NotFound):
        discard_draft(held.id, at=LATER)
    reopen_draft(held.id)
    assert save(held, slower(20)).rev == 2


@pytest.mark.usefixtures("desk")
def test_what_cannot_be_read_is_refused_and_changes_nothing() -> None:
    held = draft()
    with pytest.raises(UnreadableProcess):
        save(held, b"<bpmn:definitions")
    assert load_draft(held.id) == held


@pytest.mark.usefixtures("desk")
def test_publishing_closes_the_draft_and_signs_the_version() -> None:
    case = ask().id
    held = save(create_draft_of("tiny", viewer=BO_SEES, at=MONDAY), slower(20))
    made = publish(held, reason="The first answer takes longer than we thought.")
    assert isinstance(made, Published)
    page = versions_page(ADA_SEES, "tiny")
    assert page.current is not None
    assert (page.current.author, page.current.reason[:16]) == ("cy", "The first answer")
    assert [each.open_cases for each in page.versions] == [0, 1]  # Mo's case keeps its own
    assert load_draft(held.id).closed_as == "published"
    assert state_of(case)


@pytest.mark.usefixtures("desk")
def test_the_gate_stands_before_a_draft_and_a_warning_needs_a_reason() -> None:
    bad = draft(TINY.replace(b'responseTime="PT1H" ', b""))
    with pytest.raises(NotReady):
        publish(bad)
    circular = draft(TINY.replace(*CIRCLE))
    with pytest.raises(NotReady):
        publish(circular)
    waiver = Waiver(
        element="triage", rule="escalation-in-circle", by="cy", reason="They relieve each other."
    )
    made = publish_draft(
        circular.id, rev=1, person="cy", at=LATER, reason="Two agents.", waivers=(waiver,)
    )
    assert isinstance(made, Published)


@pytest.mark.usefixtures("desk")
def test_a_draft_that_was_saved_in_between_is_not_published() -> None:
    held = draft()
    save(held, slower(20), person="bo")
    with pytest.raises(DraftMoved):
        publish(held)


@pytest.mark.usefixtures("desk")
def test_the_owner_approves_what_was_handed_over_and_nothing_later() -> None:
    held = draft(guarded())
    asked = publish(held)
    assert isinstance(asked, Request) and asked.owner == "bo"
    assert navigation_counts(BO_SEES).approvals == 1
    saved = save_draft(
        held.id, xml=guarded(slower(20)), before=guarded(), rev=1, person="cy", at=LATER
    )
    with pytest.raises(AlreadyAsked):
        publish(saved)
    with pytest.raises(NotYours):
        approve_request(asked.id, person="cy", at=LATER)

    made = approve_request(asked.id, person="bo", at=LATER + HOUR)

    row = Definition.objects.get(pk=made.id)
    assert (row.author, row.approved_by, row.approved_at) == ("cy", "bo", LATER + HOUR)
    assert "PT20M" not in row.xml
    assert load_draft(held.id).closed_as == ""  # it was drawn on since
    assert navigation_counts(BO_SEES).approvals == 0
    with pytest.raises(AlreadyDecided):
        approve_request(asked.id, person="bo", at=LATER)


@pytest.mark.usefixtures("desk")
def test_the_owner_declines_with_words_and_the_asker_may_withdraw() -> None:
    held = draft(guarded())
    asked = publish(held)
    assert isinstance(asked, Request)
    decline_request(asked.id, person="bo", at=LATER, words="Too slow.")
    again = publish(held)
    assert isinstance(again, Request)
    with pytest.raises(NotYours):
        withdraw_request(again.id, person="bo", at=LATER)
    withdraw_request(again.id, person="cy", at=LATER)
    assert process_page(ADA_SEES, "tiny").versions[0].is_current
    assert len(versions_page(ADA_SEES, "tiny").versions) == 1


@pytest.mark.usefixtures("desk")
def test_the_owner_publishes_alone_and_a_draft_cannot_take_the_question_away() -> None:
    made = publish(draft(guarded()), person="bo")
    assert isinstance(made, Published)
    assert isinstance(publish(draft(slower(20))), Request)


@pytest.mark.usefixtures("desk")
def test_a_second_person_approves_where_the_process_wants_four_eyes() -> None:
    held = draft(guarded().replace(b'approval="owner"', b'approval="second_person"'))
    asked = publish(held, person="bo")
    assert isinstance(asked, Request)
    with pytest.raises(NotYours):
        approve_request(asked.id, person="bo", at=LATER)
    made = approve_request(asked.id, person="cy", at=LATER)
    assert Definition.objects.get(pk=made.id).approved_by == "cy"


@pytest.mark.usefixtures("desk")
def test_an_older_version_serves_again_and_running_cases_keep_theirs() -> None:
    old = process_page(ADA_SEES, "tiny").versions[0].version
    publish(draft(slower(20)))
    case = ask(at=LATER).id
    with pytest.raises(ReasonMissing):
        roll_back("tiny", old, viewer=BO_SEES, at=LATER, reason=" ")
    roll_back("tiny", old, viewer=BO_SEES, at=LATER + HOUR, reason="It was worse.")

    page = versions_page(ADA_SEES, "tiny")
    assert page.current is not None and page.current.version == old
    assert [(each.kind, each.person) for each in page.acts[:2]] == [
        ("rolled_back", "bo"),
        ("published", "cy"),
    ]
    assert {each.version: each.open_cases for each in page.versions}[old] == 0
    assert state_of(case)


@pytest.mark.usefixtures("desk")
def test_a_retired_process_takes_no_case_and_says_who_did_it_and_why() -> None:
    retire_process("tiny", person="cy", at=LATER, reason="Replaced by another.")
    page = versions_page(ADA_SEES, "tiny")
    assert page.current is None
    assert (page.acts[0].kind, page.acts[0].reason) == ("retired", "Replaced by another.")
    with pytest.raises(NotFound):
        ask(at=LATER)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE definition SET author = 'x'",
        "UPDATE definition SET approved_by = 'x'",
        "UPDATE definition SET reason = 'x'",
        "UPDATE definition_act SET reason = 'x'",
        "DELETE FROM definition_act",
    ],
)
def test_who_published_and_what_was_done_cannot_be_changed(statement: str) -> None:
    publish(draft(slower(20)))
    with (
        pytest.raises(DatabaseError, match=r"cannot change|append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.usefixtures("desk")
def test_somebody_who_is_not_seen_for_a_minute_is_gone() -> None:
    held = draft()
    talk.be_present(held.id, person="cy", at=MONDAY)
    soon = MONDAY + timedelta(seconds=30)
    assert [each.person for each in talk.be_present(held.id, person="bo", at=soon).others] == ["cy"]
    late = MONDAY + timedelta(seconds=80)
    assert talk.be_present(held.id, person="bo", at=late).others == ()
    back = talk.be_present(held.id, person="cy", at=late)
    assert [each.since for each in back.others] == [late]  # Bo came back, too


def test_of_two_who_save_at_once_exactly_one_wins_and_neither_loses(committed_db: None) -> None:
    furnish()
    held = draft()
    answers: dict[int, object] = {}
    ready = threading.Barrier(4)

    def run(minutes: int) -> None:
        ready.wait()
        try:
            answers[minutes] = save(held, slower(minutes), person=f"p{minutes}")
        except DraftMoved as moved:
            copy = copy_draft(
                held.id, xml=slower(minutes), before=TINY, rev=1, person="x", at=LATER
            )
            answers[minutes] = (moved, copy)
        finally:
            connection.close()

    _at_once([lambda n=n: run(n) for n in (21, 22, 23, 24)])  # type: ignore[misc]  # mypy: lambda

    won = [minutes for minutes, each in answers.items() if isinstance(each, Draft)]
    assert len(won) == 1
    assert f"PT{won[0]}M" in load_draft(held.id).xml
    assert load_draft(held.id).rev == 2
    for minutes, each in answers.items():
        if isinstance(each, tuple):
            assert f"PT{minutes}M" in each[1].xml


def _at_once(things: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=each) for each in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

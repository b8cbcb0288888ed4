"""Two people, one case: one of them is first."""

import threading
from collections.abc import Callable

from django.db import connection

from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.events.event import Actor, ActorKind
from servoloop.loop.run.cases import OpenedCase
from servoloop.loop.run.conversation import say
from servoloop.loop.run.tasks import claim_task, release_task
from servoloop.storage.event_reader import events_of
from tests.desk import ADA, MONDAY, ask, furnish, open_task, state_of


def at_once(*things: Callable[[], object]) -> list[object]:
    """What each answered or raised, started at the same moment in threads of their own."""
    answers: list[object] = [None] * len(things)
    ready = threading.Barrier(len(things))

    def run(position: int) -> None:
        ready.wait()
        try:
            answers[position] = things[position]()
        except CommandRefused as refusal:
            answers[position] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(things))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_of_two_who_take_a_task_gets_it(committed_db: None) -> None:
    furnish()
    case = ask().id
    task = open_task(case)
    holder = state_of(case)["tasks"][0]["person"]
    claim_task(case, task, actor=person(holder), at=MONDAY)
    release_task(case, task, actor=person(holder), at=MONDAY)

    answers = at_once(
        *(
            lambda name=name: claim_task(case, task, actor=person(name), at=MONDAY)
            for name in ("ada", "eve", "bo")
        )
    )

    refused = [answer for answer in answers if isinstance(answer, CommandRefused)]
    assert [refusal.code for refusal in refused] == ["taken", "taken"]


def person(name: str) -> Actor:
    return Actor(kind=ActorKind.PERSON, id=name)


def test_a_form_sent_twice_at_the_same_moment_opens_one_case(committed_db: None) -> None:
    furnish()

    answers = at_once(*(lambda: ask(dedupe_key="double click") for _ in range(4)))

    opened = [answer for answer in answers if isinstance(answer, OpenedCase)]
    assert len(opened) == 4
    assert len({answer.id for answer in opened}) == 1
    assert sum(not answer.is_repeated for answer in opened) == 1
    with connection.cursor() as cursor:
        cursor.execute('SELECT count(*) FROM "case"')
        assert cursor.fetchone()[0] == 1


def test_turns_said_at_the_same_moment_all_stay_in_one_gapless_log(committed_db: None) -> None:
    furnish()
    case = ask().id

    at_once(
        *(
            lambda n=n: say(case, text=f"Turn {n}", actor=ADA, at=MONDAY, dedupe_key=f"turn-{n}")
            for n in range(8)
        )
    )

    events = events_of(case)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    texts = {event.data["text"] for event in events if event.kind == "conversation.sent"}
    assert texts == {f"Turn {n}" for n in range(8)}


def test_the_same_turn_said_twice_at_the_same_moment_is_said_once(committed_db: None) -> None:
    furnish()
    case = ask().id

    at_once(*(lambda: say(case, text="Hi", actor=ADA, at=MONDAY, dedupe_key="k") for _ in range(4)))

    assert [event.kind for event in events_of(case)].count("conversation.sent") == 1

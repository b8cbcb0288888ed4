"""One case on a clock of its own, moved by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from servoloop.kernel.calendars.calendar import Calendar, weekly_hours
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.state import CaseStatus
from servoloop.kernel.process.check import load_program
from servoloop.kernel.simulation.dry_run import (
    DryRun,
    Interrupted,
    Move,
    move_from_data,
    move_to_data,
    play,
)
from servoloop.kernel.simulation.examples import next_move

PROCESSES = Path(__file__).resolve().parents[3] / "src/servoloop/loop/demo/processes"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OFFICE = Calendar(name="office", zone="UTC", weekly=weekly_hours("mon-fri 09:00-17:00"))


def demo(name: str):
    return load_program((PROCESSES / f"{name}.bpmn").read_bytes())


def calendars(program) -> dict[str, Calendar]:
    """Office hours under every name that the process uses."""
    names = {node.step.calendar for node in program.nodes} | {program.sheet.calendar}
    names |= {level.calendar for node in program.nodes for level in node.step.escalation}
    names |= {level.calendar for level in program.sheet.service_levels}
    return {name: OFFICE for name in names if name}


def played(program, moves) -> DryRun:
    return play(program, moves, begin=MONDAY, calendars=calendars(program))


def by_itself(program, *, seed: int = 1, most: int = 120) -> list[Move]:
    random, moves = Random(seed), []
    run = played(program, moves)
    while len(moves) < most and (move := next_move(run, random)) is not None:
        try:
            run = played(program, [*moves, move])
        except Interrupted:
            move = Move(kind="next")
            run = played(program, [*moves, move])
        moves.append(move)
    return moves


@pytest.mark.parametrize("name", ["complaint", "refund", "repair"])
@pytest.mark.parametrize("seed", range(5))
def test_a_case_left_to_itself_comes_to_its_end(name: str, seed: int) -> None:
    program = demo(name)
    run = played(program, by_itself(program, seed=seed))
    assert run.state.status is CaseStatus.CLOSED
    assert not run.state.incidents


def test_leaving_out_the_last_move_undoes_it() -> None:
    program = demo("complaint")
    moves = by_itself(program)
    earlier = played(program, moves[:-1])
    later = played(program, moves)
    assert later.events[: len(earlier.events)] == earlier.events
    assert later.seq_before == earlier.state.seq
    assert played(program, moves[:-1]) == earlier


def test_work_takes_its_standard_time_in_the_calendar_of_the_step() -> None:
    program = demo("complaint")
    opening = by_itself(program)[:1]
    run = played(program, opening)
    (task,) = run.state.tasks.values()
    standard = program.node(task.node).step.standard_time
    assert standard
    done = next_move(run, Random(3))
    assert done is not None and done.kind == "complete"
    assert played(program, [*opening, done]).at == OFFICE.add(run.at, standard)
    instant = Move(kind="complete", subject=task.id, values=done.values, is_instant=True)
    assert played(program, [*opening, instant]).at == run.at


def test_waiting_lets_every_timer_take_effect_at_its_own_moment() -> None:
    program = demo("complaint")
    opening = by_itself(program)[:1]
    run = played(program, [*opening, Move(kind="wait", seconds=14 * 86_400)])
    assert run.at == MONDAY + timedelta(days=14)
    kinds = [event.kind for event in run.events]
    assert "escalation.raised" in kinds and "escalation.climbed" in kinds
    moments = [event.at for event in run.events]
    assert moments == sorted(moments)
    assert len(set(moments)) > 2


def test_to_the_next_timer_goes_no_further() -> None:
    program = demo("complaint")
    opening = by_itself(program)[:1]
    before = played(program, opening)
    after = played(program, [*opening, Move(kind="next")])
    assert after.at == before.timers[0].due


def test_a_task_that_is_gone_is_refused() -> None:
    program = demo("complaint")
    with pytest.raises(CommandRefused, match="no longer there"):
        played(program, [*by_itself(program)[:1], Move(kind="complete", subject=999)])


def test_wrong_answers_name_their_fields() -> None:
    program = demo("complaint")
    with pytest.raises(CommandRefused) as refused:
        played(program, [Move(kind="open", values={})])
    assert refused.value.problems


def test_a_move_survives_being_written_down() -> None:
    for move in by_itself(demo("repair")):
        assert move_from_data(move_to_data(move)) == move
    with pytest.raises(ValueError, match="No move 'fly'"):
        move_from_data({"kind": "fly"})

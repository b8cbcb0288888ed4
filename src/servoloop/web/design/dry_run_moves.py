"""What a form of the dry run asks for, as a move."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.step import Field
from servoloop.kernel.simulation.dry_run import DryRun, Kind, Move
from servoloop.web.shell.process_form import Entered, read

LONGEST_WORDS = 2000
LONGEST_WAIT = 366 * 86_400  # seconds
_WITH_WORDS: tuple[Kind, ...] = ("say", "fail", "escalate", "answer")


class BadMove(ServoloopError):
    """A form that asks for nothing that can be done; in the reader's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The move, and what was typed for it."""

    move: Move
    entered: Entered


def asked_move(posted: Mapping[str, str], run: DryRun) -> Asked:
    """Raises BadMove for a form that was not one of ours, or that says nothing."""
    subject = _whole(posted.get("subject", "0"))
    words = posted.get("words", "").strip()[:LONGEST_WORDS]
    match posted.get("do"):
        case "open":
            entered = read(run.program.sheet.form, posted)
            return _asked(Move(kind="open", values=entered.values, words=words), entered)
        case "complete":
            entered = read(_outputs(run, subject, "task"), posted)
            move = Move(kind="complete", subject=subject, values=entered.values)
            return _asked(replace(move, is_instant="instant" in posted), entered)
        case "done":
            entered = read(_outputs(run, subject, "job"), posted)
            return _asked(Move(kind="done", subject=subject, values=entered.values), entered)
        case "say" | "fail" | "escalate" | "answer" as kind:
            if not words:
                raise BadMove(_("There is nothing to send. Write something first."))
            return _asked(Move(kind=kind, subject=subject, words=words))
        case "wait":
            seconds = min(_whole(posted.get("seconds", "")), LONGEST_WAIT)
            return _asked(Move(kind="wait", seconds=seconds))
        case "next":
            return _asked(Move(kind="next"))
        case "message":
            return _asked(Move(kind="message", subject=subject))
    raise BadMove(_("This is not possible now. Reload the page and try again."))


def _asked(move: Move, entered: Entered | None = None) -> Asked:
    return Asked(move=move, entered=entered or Entered())


def _outputs(run: DryRun, subject: int, kind: str) -> tuple[Field, ...]:
    held = run.state.tasks if kind == "task" else run.state.jobs
    if subject not in held:
        raise BadMove(_("The case has moved on; this is no longer there."))
    return run.program.node(held[subject].node).step.outputs


def _whole(text: str) -> int:
    try:
        return max(0, int(text))
    except ValueError:
        raise BadMove(_("This is not possible now. Reload the page and try again.")) from None

"""One stage of a run as a process of its own: `python -m servoloop.web.diagnose.job FOLDER`."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")

from servoloop.kernel.errors import ServoloopError
from servoloop.web.diagnose.choices import Choices, read_choices
from servoloop.web.diagnose.finding_cases import write_finding_cases
from servoloop.web.diagnose.look_file import FILE as LOOK_FILE
from servoloop.web.diagnose.look_file import NamesMet, write_look, write_names
from servoloop.web.diagnose.redesign_file import write_redesigns
from servoloop.web.diagnose.runs import (
    Run,
    definition_file,
    drop_upload,
    read,
    uploaded_log,
)
from servoloop.web.diagnose.telling import Cancelled, Telling

if TYPE_CHECKING:  # they load the mining libraries, which take seconds; the heart beats before
    from servoloop.kernel.interchange.looked import Look
    from servoloop.kernel.mining.event_log import EventLog
    from servoloop.kernel.process.program import Program
    from servoloop.loop.diagnose import Diagnosis
    from servoloop.loop.findings import Improvements


class LogGone(ServoloopError):
    """The log that was brought along has been deleted."""

    def __init__(self) -> None:
        super().__init__("The log is no longer here; bring it again.")


def main(folder: Path) -> None:
    run = read(folder)
    if run is None:
        raise SystemExit(f"No run to do in {folder}.")
    telling = Telling(run, folder)
    try:
        _do(folder, telling)
    except Cancelled:
        telling.end(replace(telling.run, state="cancelled"))
    except ServoloopError as error:
        telling.end(replace(telling.run, state="failed", words=str(error)))
    except Exception:
        telling.end(replace(telling.run, state="failed", words="It ended before it was done."))
        raise
    finally:
        if telling.run.state != "looked":
            drop_upload(folder)


def _do(folder: Path, telling: Telling) -> None:
    choices = read_choices(folder, zone=telling.run.zone)
    if telling.run.stage == "look":
        _look(folder, choices, telling, words="")
        return
    try:
        page = _report(folder, choices, telling)
    except ServoloopError as error:
        if telling.run.is_live:
            raise
        # Perhaps other choices help: they are offered, and the log is kept for them.
        _look(folder, choices, telling, words=str(error))
        return
    (folder / "report.html").write_text(page, encoding="utf-8")
    telling.end(replace(telling.run, state="done", share=1.0))


def _look(folder: Path, choices: Choices, telling: Telling, *, words: str) -> None:
    """Look at the log; it then waits for choices, `words` saying what went wrong before."""
    from servoloop.loop.log_file import look_at_log_file

    log = uploaded_log(folder)
    if log is None:
        raise LogGone
    try:
        look = look_at_log_file(log, options=choices.options, progress=telling)
    except ServoloopError as error:
        if not (folder / LOOK_FILE).exists():
            raise
        # It could be shown before: these choices do not fit, others will.
        telling.end(replace(telling.run, state="looked", words=words or str(error)))
        return
    write_look(look, folder)
    names = None
    try:
        definition = _definition(folder, choices)
        if definition is not None:
            names = _names_met(definition, look, choices)
    except ServoloopError as error:
        words = words or str(error)
    write_names(names, folder)
    telling.end(replace(telling.run, state="looked", words=words or look.problem))


def _names_met(definition: "Program", look: "Look", choices: Choices) -> NamesMet:
    from servoloop.kernel.interchange.cleaning import merged_names
    from servoloop.loop.conform import step_names, strangers

    names = [name for name, _ in look.activities]
    if "merge-names" in choices.cleaning:
        names = list(dict.fromkeys(merged_names(names, [events for _, events in look.activities])))
    return NamesMet(steps=step_names(definition), strangers=strangers(names, program=definition))


def _report(folder: Path, choices: Choices, telling: Telling) -> str:
    from servoloop.loop.report.render import render

    keep = _keeper(folder, telling)
    if telling.run.is_live:
        found = _live(choices, telling.run, keep)
    else:
        found = _of_file(folder, choices, telling, keep)
    if found.discovered is not None:
        (folder / "model.bpmn").write_bytes(found.discovered.bpmn)
    write_redesigns(found.improvements.findings, folder)
    write_finding_cases(found.improvements.findings, folder)
    named = replace(found, name=telling.run.name)
    return render(named, language="zh" if telling.run.language == "zh" else "en")


def _keeper(folder: Path, telling: Telling) -> "Callable[[EventLog], None]":
    def keep(log: "EventLog") -> None:
        from servoloop.loop.log_file import keep_log_file

        keep_log_file(log, folder / "log.parquet")
        telling.is_read()

    return keep


def _of_file(
    folder: Path, choices: Choices, telling: Telling, keep: "Callable[[EventLog], None]"
) -> "Diagnosis":
    from servoloop.loop.diagnose import diagnose_log

    log = uploaded_log(folder)
    if log is None:
        raise LogGone
    found = diagnose_log(
        log,
        options=choices.options,
        cleaning=choices.cleaning,
        join_lifecycle=choices.join_lifecycle,
        definition=_definition(folder, choices),
        aliases=choices.aliases,
        with_model=choices.with_model,
        progress=telling,
        keep=keep,
    )
    return replace(found, improvements=_with_changes(found.improvements, folder, choices))


def _with_changes(found: "Improvements", folder: Path, choices: Choices) -> "Improvements":
    """The findings with the change of the definition that each proposes, where there is one."""
    if choices.definition:
        from servoloop.loop.redesigns import with_changes_of_file

        return with_changes_of_file(found, definition_file(folder), aliases=choices.aliases)
    if choices.process:
        _set_up()
        from servoloop.loop.redesigns_live import with_changes
        from servoloop.storage.queries.viewer import Viewer

        return with_changes(found, {choices.process}, Viewer(is_colleague=True))
    return found


def _definition(folder: Path, choices: Choices) -> "Program | None":
    """The definition to compare with, as it was brought along or published here."""
    if choices.definition:
        from servoloop.loop.definition_file import read_definition

        return read_definition(definition_file(folder))
    if choices.process:
        _set_up()
        from servoloop.storage.definitions import program_of

        return program_of(choices.process, choices.version)
    return None


def _live(choices: Choices, run: Run, keep: "Callable[[EventLog], None]") -> "Diagnosis":
    _set_up()
    from servoloop.loop.diagnose_live import diagnose_live
    from servoloop.storage.queries.viewer import Viewer

    return diagnose_live(
        Viewer(is_colleague=True),  # only colleagues can begin a run
        at=datetime.now(UTC),
        process=choices.process or None,
        language="zh-hans" if run.language == "zh" else "en",
        zone=run.zone,
        with_model=choices.with_model,
        keep=keep,
    )


def _set_up() -> None:
    """Our own data needs Django; a log brought along does not wait for it."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The command `servoloop`: finds the verb, runs it, turns every failure into one sentence.

A verb is a module of this package with `add_parser(subparsers)` and `run(args) -> int`; it is
imported only when it is asked for, so that `--help` is quick and a verb that works on files alone
never loads Django.

Exit status: 0 done; 1 done, and the answer is no (each verb says when); 2 could not be done;
130 interrupted; 141 the reader of our output went away.
"""

import argparse
import importlib
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from servoloop.kernel.errors import ServoloopError

DONE, FAILED, INTERRUPTED, READER_GONE = 0, 2, 130, 141


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One line of the help; `name` is also the module's name in this package."""

    name: str
    group: str
    summary: str


FILES = "Look at a process or a log (works on files alone)"
DESK = "Run the desk"

VERBS = (
    Verb(name="check", group=FILES, summary="Say whether a BPMN file can be executed, and why not"),
    Verb(name="diff", group=FILES, summary="Say what changed between two versions, and for whom"),
    Verb(name="blueprint", group=FILES, summary="Draw the service blueprint of a process as SVG"),
    Verb(name="manual", group=FILES, summary="Write the SOP manual of a process as a PDF"),
    Verb(name="diagnose", group=FILES, summary="Show where the cases of an event log lose time"),
    Verb(name="discover", group=FILES, summary="Draw the model that an event log shows, as BPMN"),
    Verb(name="conform", group=FILES, summary="Say where cases depart from a definition"),
    Verb(name="convert", group=FILES, summary="Write an event log as Parquet, CSV or XES"),
    Verb(name="measure", group=FILES, summary="Compute the KPIs of a log, or of the live cases"),
    Verb(name="rules", group=FILES, summary="Evaluate a FEEL expression or a DMN decision"),
    Verb(name="up", group=DESK, summary="Start the desk: database, web, live updates, worker"),
    Verb(name="manage", group=DESK, summary="Run one of Django's management commands"),
)

EXAMPLES = """\
Examples
  servoloop up                                  start, then open the address it prints
  servoloop check refund.bpmn                   is this process complete enough to run?
  servoloop diagnose log.xes.gz -o report.html  from an event log to a page with findings
  servoloop manage createsuperuser              add an administrator
"""

# Importing one of these fails when the package was installed without the extra.
_EXTRAS = {
    "polars": "analytics",
    "numba": "analytics",
    "numpy": "analytics",
    "ibis": "spark",
    "pyspark": "spark",
}


class _Parser(argparse.ArgumentParser):
    """argparse, with its complaint as one sentence."""

    def error(self, message: str) -> NoReturn:
        ending = "" if message.endswith((".", "?")) else "."
        complain(f"{message}{ending} See '{self.prog} --help'.")
        raise SystemExit(FAILED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; never raises but for SystemExit."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _run(words)
        sys.stdout.flush()  # here, so that a closed pipe is met inside this try
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes stdout once more on its way out; let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except Exception as error:
        if os.environ.get("SERVOLOOP_DEBUG") == "1":
            raise
        complain(_sentence(error, words))
        return FAILED
    return status


def complain(sentence: str) -> None:
    """Say what went wrong, in the one form all verbs share."""
    print(f"servoloop: {sentence}", file=sys.stderr)


def _run(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(help_text())
        return DONE
    if words[0] in ("-V", "--version"):
        print(f"servoloop {_version()}")
        return DONE
    verb = _verb_named(words[0])
    module = importlib.import_module(f"servoloop.cli.{verb.name}")
    if verb.name == "manage":  # everything after it is Django's, --help included
        return int(module.run(argparse.Namespace(arguments=words[1:])))
    parser = _Parser(prog="servoloop")
    module.add_parser(parser.add_subparsers(dest="verb"))
    return int(module.run(parser.parse_args(words)))


def help_text() -> str:
    """The whole of `servoloop --help`."""
    lines = [
        "Servoloop closes the loop of customer service: design a process, run it, measure it,",
        "find where it loses time, and change it.",
        "",
        "usage: servoloop VERB [options]",
    ]
    for group in dict.fromkeys(verb.group for verb in VERBS):
        lines += ["", group]
        lines += [f"  {verb.name:<10} {verb.summary}" for verb in VERBS if verb.group == group]
    lines += ["", EXAMPLES.rstrip(), "", "'servoloop VERB --help' explains one verb."]
    return "\n".join(lines)


def _verb_named(name: str) -> Verb:
    for verb in VERBS:
        if verb.name == name:
            return verb
    known = ", ".join(verb.name for verb in VERBS)
    raise ServoloopError(f"There is no verb '{name}'. Known: {known}. See 'servoloop --help'.")


def _sentence(error: Exception, words: list[str]) -> str:
    if isinstance(error, ServoloopError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and (extra := _missing_extra(error)):
        return (
            f"'servoloop {words[0]}' needs the extra '{extra}', which is not installed: "
            f"pip install 'servoloop[{extra}]'."
        )
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"Cannot use {os.fsdecode(error.filename)}: {error.strerror.lower()}."
    return (
        f"Something unexpected happened ({type(error).__name__}); "
        f"the details are in {_write_details(error, words)}."
    )


def _missing_extra(error: ModuleNotFoundError) -> str | None:
    return _EXTRAS.get((error.name or "").partition(".")[0])


def _write_details(error: Exception, words: list[str]) -> Path:
    """Keep the traceback where nobody else can read it: it may hold what customers wrote."""
    logs = Path(os.environ.get("SERVOLOOP_VAR") or "var").absolute() / "log"
    folder = logs if logs.is_dir() and os.access(logs, os.W_OK) else Path(tempfile.gettempdir())
    descriptor, name = tempfile.mkstemp(prefix="servoloop-error-", suffix=".log", dir=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"servoloop {' '.join(words)}\n")
        file.write("".join(traceback.format_exception(error)))
    return Path(name)


def _version() -> str:
    from importlib.metadata import version

    return version("servoloop")


if __name__ == "__main__":
    sys.exit(main())

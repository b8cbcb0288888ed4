"""`servoloop manage …`: Django's management commands, with the right settings and a database."""

import argparse
import os

from servoloop.cli.database import database_at_hand
from servoloop.storage.folder import var_folder

# What Django can do without a database.
_WITHOUT_DATABASE = frozenset({"help", "--help", "-h", "--version", "collectstatic", "findstatic"})


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("manage", help="Run one of Django's management commands")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)


def run(args: argparse.Namespace) -> int:
    """Hand everything to Django; its CommandError ends the process with status 1, as it does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")
    arguments: list[str] = args.arguments or ["help"]
    if arguments[0] in _WITHOUT_DATABASE or "--help" in arguments:
        return _execute(arguments)
    with database_at_hand(var_folder()):
        return _execute(arguments)


def _execute(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["servoloop manage", *arguments])
    return 0

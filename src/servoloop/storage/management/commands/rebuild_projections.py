"""`servoloop manage rebuild_projections`: make the rows of cases again from their events."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from servoloop.kernel.events.event import CaseId
from servoloop.storage.rebuild import every_case, rebuild


class Command(BaseCommand):
    help = "Make the rows of cases again from their events; all cases when none is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", nargs="*", type=int, help="id of a case")

    def handle(self, *args: Any, **options: Any) -> None:
        cases = [CaseId(number) for number in options["case"]] or every_case()
        for case in cases:
            rebuild(case)
        self.stdout.write(f"Rebuilt {len(cases)} cases.")

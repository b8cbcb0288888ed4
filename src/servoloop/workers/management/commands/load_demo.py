"""`manage load_demo`: the demo company, once."""

import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils import timezone

from servoloop.loop.demo.load import load_demo


class Command(BaseCommand):
    help = "Load the demo company: people, processes and past cases. Does nothing the second time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the logins as JSON")

    def handle(self, *args: object, **options: object) -> None:
        logins = load_demo(at=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps({"logins": [asdict(login) for login in logins]}))
            return
        for login in logins:
            self.stdout.write(f"{login.username:10} {login.role:18} {login.password}")

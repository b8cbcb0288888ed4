"""Bring database and static files up to date before anything is served.

Run by `servoloop up` as a process of its own (`python -m servoloop.workers.prepare [--demo]`), so
that Django and a half-migrated model never live in the supervisor. Writes one JSON object to
standard output: `{"logins": [...]}`, what the command `load_demo` says about the demo's people.
"""

import io
import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path


def main(arguments: list[str]) -> int:
    import django
    from django.core.management import call_command, get_commands

    os.environ["SERVOLOOP_COLLECT"] = "1"
    django.setup()
    with redirect_stdout(sys.stderr):
        call_command("migrate", interactive=False, verbosity=1)
        collect_static()
    logins: object = []
    if "--demo" in arguments and "load_demo" in get_commands():
        said = io.StringIO()
        call_command("load_demo", "--json", stdout=said)
        logins = json.loads(said.getvalue() or "{}").get("logins", [])
    json.dump({"logins": logins}, sys.stdout)
    return 0


def collect_static() -> None:
    """Collect, compress and fingerprint the static files, unless nothing changed since."""
    from django.conf import settings
    from django.core.management import call_command

    mark_file = Path(settings.STATIC_ROOT) / ".collected"
    mark = _mark_of_static_files()
    if mark_file.exists() and mark_file.read_text(encoding="utf-8") == mark:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark_file.write_text(mark, encoding="utf-8")


def _mark_of_static_files() -> str:
    """Changes when a file is added, removed or touched."""
    from django.contrib.staticfiles.finders import get_finders

    found = []
    for finder in get_finders():
        for name, storage in finder.list(None):
            state = Path(storage.path(name)).stat()
            found.append(f"{storage.path(name)} {state.st_size} {state.st_mtime_ns}")
    return "\n".join(sorted(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

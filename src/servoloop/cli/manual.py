"""`servoloop manual FILE`: the SOP manual of a process as a PDF; needs no database."""

import argparse
from pathlib import Path

from servoloop.cli.log_options import check_output
from servoloop.loop.manual.file_manual import manuals_of_file
from servoloop.loop.manual.pdf import manual_pdf
from servoloop.loop.manual.texts import LANGUAGES

DESCRIPTION = """\
Write the manual of a process: the diagram, and every step with its method, times, form and
escalation. Roles and people keep the keys of the file.
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb and its options."""
    parser = subparsers.add_parser(
        "manual", help="write the SOP manual of a process as a PDF", description=DESCRIPTION
    )
    parser.add_argument("file", type=Path, help="the BPMN file")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.pdf", required=True)
    parser.add_argument("--language", choices=tuple(LANGUAGES), default="both")


def run(args: argparse.Namespace) -> int:
    """Write the PDF and say where it is."""
    check_output(args.output, log=args.file, what="manual")
    manuals = manuals_of_file(args.file, languages=LANGUAGES[args.language])
    args.output.write_bytes(manual_pdf(manuals))
    print(f"Written: {args.output}, {len(manuals[0].steps)} steps")
    return 0

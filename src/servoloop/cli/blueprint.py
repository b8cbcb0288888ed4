"""`servoloop blueprint FILE.bpmn`: the service blueprint of a process as SVG; needs no database."""

import argparse
from pathlib import Path

from servoloop.kernel.process.blueprint import draw_blueprint
from servoloop.kernel.process.blueprint_svg import blueprint_svg
from servoloop.kernel.process.reader import read_model
from servoloop.loop.definition_file import read_definition, read_document_file

DESCRIPTION = """\
Draw the service blueprint of a BPMN file: what the customer sees and does, what happens on stage
and behind it, what supports it; the lines of interaction and of visibility, fail points (F) and
waits. One SVG that opens in every browser and prints well.
"""
EXAMPLES = """\
examples:
  servoloop blueprint refund.bpmn -o refund.svg
  servoloop blueprint refund.bpmn --language zh -o refund.zh.svg
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb and its options."""
    parser = subparsers.add_parser(
        "blueprint",
        help="draw the service blueprint of a BPMN file as SVG",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the BPMN file")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the SVG here")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the drawing")
    parser.add_argument("--process", metavar="ID", help="which process of the file is meant")
    parser.add_argument(
        "--library",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a file with processes that this one calls; may be repeated",
    )


def run(args: argparse.Namespace) -> int:
    """Draw; raises UnreadableProcess and NotExecutable."""
    program = read_definition(args.file, process=args.process, library=args.library)
    model = read_model(read_document_file(args.file))
    drawn = blueprint_svg(draw_blueprint(program, model), language=args.language)
    if args.output is None:
        print(drawn, end="")
    else:
        args.output.write_text(drawn, encoding="utf-8")
        print(f"Written: {args.output}")
    return 0

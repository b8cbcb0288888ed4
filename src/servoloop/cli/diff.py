"""`servoloop diff OLD.bpmn NEW.bpmn`: what changed, and for whom; needs no database."""

import argparse
import json
from collections import defaultdict
from pathlib import Path

from servoloop.kernel.process.diff import Audience, Change, Difference, Kind, compare
from servoloop.kernel.process.words import Words
from servoloop.loop.definition_file import read_definition

DESCRIPTION = """\
Say in words what changed between two versions of a process, and for whom: for customers, for each
role, for the owner, for the automation. What is only drawn differently is no change.
"""
EXAMPLES = """\
exit status: 0 nothing that matters changed, 1 something did, 2 a file cannot be read

examples:
  servoloop diff refund.bpmn refund-2.bpmn
  servoloop diff refund.bpmn refund-2.bpmn --language zh
  servoloop diff refund.bpmn refund-2.bpmn --json
"""
SAME, DIFFERENT = 0, 1
_WHOM = {
    Audience.CUSTOMER: Words(default="For customers", translations={"zh": "对客户"}),
    Audience.ROLE: Words(default="For {role}", translations={"zh": "对{role}"}),
    Audience.OWNER: Words(default="For the owner", translations={"zh": "对流程负责人"}),
    Audience.MACHINE: Words(default="For the automation", translations={"zh": "对自动化"}),
}
_NOTHING = Words(
    default="Nothing that matters changed; only the drawing may differ.",
    translations={"zh": "没有实质变化，最多只是画法不同。"},
)
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb and its options."""
    parser = subparsers.add_parser(
        "diff",
        help="say what changed between two versions of a process, and for whom",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", type=Path, help="the older BPMN file")
    parser.add_argument("new", type=Path, help="the newer BPMN file")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the sentences")
    parser.add_argument("--json", action="store_true", help="print the changes as JSON")
    parser.add_argument("--process", metavar="ID", help="which process of the files is meant")
    parser.add_argument(
        "--library",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a file with processes that these call; may be repeated",
    )


def run(args: argparse.Namespace) -> int:
    """Compare; raises UnreadableProcess and NotExecutable."""
    old, new = (
        read_definition(path, process=args.process, library=args.library)
        for path in (args.old, args.new)
    )
    difference = compare(old, new)
    if args.json:
        print(json.dumps(_as_json(difference), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_as_text(difference, args.language)))
    return SAME if difference.is_empty else DIFFERENT


def _as_text(difference: Difference, language: str) -> list[str]:
    if difference.is_empty:
        return [_NOTHING.in_language(language)]
    groups: dict[tuple[Audience, str], list[Change]] = defaultdict(list)
    for each in difference.changes:
        groups[(each.audience, each.role or "")].append(each)
    order = list(Audience)
    lines: list[str] = []
    for audience, role in sorted(groups, key=lambda each: (order.index(each[0]), each[1])):
        lines.append(_WHOM[audience].in_language(language).format(role=role))
        for change in groups[(audience, role)]:
            lines.append(f"  {_SIGNS[change.kind.value]} {_said(change, language)}")
            lines += _sop_lines(change, language)
    return lines


def _said(change: Change, language: str) -> str:
    """The sentence; what was changed stands before it, as the figures alone do not tell."""
    words = change.words(language)
    return f"{change.title(language)} · {words}" if change.kind is Kind.CHANGED else words


def _sop_lines(change: Change, language: str) -> list[str]:
    texts = change.lines or {}
    tag = "zh-hans" if language == "zh" else "en"
    found = texts.get(tag) or next((each for each in texts.values() if each), ())
    return [f"      {each.sign or ' '} {each.text}" for each in found]


def _as_json(difference: Difference) -> dict[str, object]:
    return {
        "old": difference.old.version,
        "new": difference.new.version,
        "changes": [
            {
                "kind": each.kind.value,
                "aspect": each.aspect.value,
                "audience": each.audience.value,
                "role": each.role,
                "element": each.element,
                "old_element": each.old_element,
                "words": {"en": each.words("en"), "zh": each.words("zh")},
            }
            for each in difference.changes
        ],
    }

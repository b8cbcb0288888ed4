"""Findings with their candidate redesign as a change of a definition, made and checked."""

from collections.abc import Sequence
from dataclasses import replace

from servoloop.kernel.mining.findings.finding import Finding, Proposal
from servoloop.kernel.mining.findings.planning import Definition
from servoloop.kernel.mining.findings.plans import PLANS
from servoloop.kernel.process.diff import compare
from servoloop.kernel.process.document import ProcessError
from servoloop.kernel.process.redesign.apply import redesigned
from servoloop.kernel.process.redesign.operations import CannotRedesign
from servoloop.kernel.process.words import Words


def with_redesigns(
    findings: Sequence[Finding], definitions: Sequence[Definition]
) -> tuple[Finding, ...]:
    """The findings in their order, each with a proposal for the definition that it concerns.

    Without definitions the findings stay as they are.
    """
    if not definitions:
        return tuple(findings)
    return tuple(replace(each, proposal=propose(each, definitions)) for each in findings)


def propose(finding: Finding, definitions: Sequence[Definition]) -> Proposal:
    """The first plan of the rule that can be made in a definition, or why none can."""
    definition = _concerned(finding, definitions)
    if definition is None:
        return Proposal(redesign=None, definition="", version="", why_not=SEVERAL)
    program = definition.program
    why = NO_PLAN
    try:
        for plan in PLANS[finding.rule.id](finding, definition):
            try:
                document, changed = redesigned(
                    definition.document, *plan, library=definition.library
                )
            except CannotRedesign as reason:
                why = reason.words
                continue
            return Proposal(
                redesign=document.to_bytes(),
                definition=program.key,
                version=program.version,
                changes=compare(program, changed).changes,
            )
    except CannotRedesign as reason:
        # What the first plan stumbled over says more than that there was no other.
        why = reason.words if why is NO_PLAN else why
    except ProcessError as reason:
        why = Words(default=str(reason))
    return Proposal(redesign=None, definition=program.key, version=program.version, why_not=why)


def _concerned(finding: Finding, definitions: Sequence[Definition]) -> Definition | None:
    """The only one, else that with most of the steps, then that with most affected cases."""
    if len(definitions) == 1:
        return definitions[0]
    affected = frozenset(finding.affected)
    ranked = sorted(
        (
            (
                sum(d.find(step) is not None for step in finding.steps),
                len(affected & d.cases),
                place,
            )
            for place, d in enumerate(definitions)
        ),
        reverse=True,
    )
    (steps, cases, place), second = ranked[0], ranked[1]
    is_clear = (steps or cases) and (steps, cases) != second[:2]
    return definitions[place] if is_clear else None


NO_PLAN = Words(
    default="No change of the definition follows from this finding.",
    translations={
        "en": "No change of the definition follows from this finding.",
        "zh": "由此发现推不出对流程定义的改动。",
    },
)
SEVERAL = Words(
    default="The finding concerns several processes, or none of them alone; diagnose one process.",
    translations={
        "en": "The finding concerns several processes, or none of them alone; diagnose one "
        "process.",
        "zh": "此发现涉及多个流程或无法归于其中一个；请单独诊断某一流程。",
    },
)

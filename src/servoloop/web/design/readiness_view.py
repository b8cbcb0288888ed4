"""The verdict of the readiness gate as a page shows it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servoloop.accounts.people import role_labels
from servoloop.kernel.process.findings import Severity
from servoloop.kernel.process.readiness.readiness import (
    QuestionVerdict,
    Readiness,
    ReadinessFinding,
)
from servoloop.kernel.process.words import Words
from servoloop.web.design.finding_words import finding_words
from servoloop.web.shell.chips import Chip

_RING = 100  # length of the ring, as pathLength says it


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    finding: ReadinessFinding
    chip: Chip
    words: str
    rule: str
    elements: str  # BPMN ids with blanks between them
    waived: str  # '' while it stands open
    field: str  # name of the reason in the form, '' when it cannot be waived


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    key: str
    words: str
    is_kept: bool
    percent: int
    rules: tuple[tuple[str, bool], ...]  # (what is asked, whether it is kept)
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessView:
    score: int
    gap: int  # of the ring
    is_ready: bool
    is_strict: bool
    errors: int
    warnings: int  # that need a reason
    questions: tuple[QuestionView, ...]

    @property
    def needs_reasons_only(self) -> bool:
        return self.warnings > 0 and self.errors == 0

    @property
    def tone(self) -> str:
        if self.is_ready:
            return "ok"
        return "late" if self.errors else "warn"


def readiness_view(readiness: Readiness) -> ReadinessView:
    """In the reader's language. One query, for the names of the roles."""
    language = get_language() or "en"
    roles = role_labels()
    open_ = [each for each in readiness.findings if each.is_open]
    errors = sum(each.severity is Severity.ERROR for each in open_)
    return ReadinessView(
        score=readiness.score,
        gap=_RING - readiness.score,
        is_ready=readiness.is_ready,
        is_strict=readiness.is_strict,
        errors=errors,
        warnings=len(open_) - errors,
        questions=tuple(_question(each, language, roles) for each in readiness.questions),
    )


def marks_of(readiness: Readiness) -> dict[str, str]:
    """BPMN id to how the diagram shows it: an error wins over a warning."""
    marks: dict[str, str] = {}
    for each in reversed([each for each in readiness.findings if each.is_open]):
        for element in each.elements:
            marks[element] = "error" if each.severity is Severity.ERROR else "warning"
    return marks


def field_of(finding: ReadinessFinding) -> str:
    """The form field that takes the reason for a waiver."""
    element = finding.elements[0] if finding.elements else ""
    return f"waive-{finding.rule.id}-{element}"


def _question(each: QuestionVerdict, language: str, roles: dict[str, Words]) -> QuestionView:
    return QuestionView(
        key=each.question.value,
        words=each.words.in_language(language),
        is_kept=each.is_kept,
        percent=int(each.score * 100 + 1e-9),
        rules=tuple(
            (rule.rule.title.in_language(language), not any(f.is_open for f in rule.findings))
            for rule in each.rules
            if rule.asked
        ),
        findings=tuple(_findings(each, language, roles)),
    )


def _findings(
    question: QuestionVerdict, language: str, roles: dict[str, Words]
) -> Iterator[FindingView]:
    ordered = sorted(question.findings, key=lambda each: each.severity is not Severity.ERROR)
    for each in ordered:
        cause = each.cause
        words = each.words(language, roles=roles)
        if cause is not None:
            words = finding_words(cause, _said(each, language))
        is_warning = each.severity is Severity.WARNING
        yield FindingView(
            finding=each,
            chip=_chip(each),
            words=words,
            rule=cause.rule if cause is not None else each.rule.id,
            elements=" ".join(each.elements),
            waived=_waived(each),
            field=field_of(each) if is_warning and each.is_open else "",
        )


def _said(finding: ReadinessFinding, language: str) -> dict[str, str]:
    parameters = finding.gap.parameters.items()
    return {
        name: value.in_language(language) if isinstance(value, Words) else value
        for name, value in parameters
    }


def _waived(finding: ReadinessFinding) -> str:
    waiver = finding.waiver
    if waiver is None:
        return ""
    return _("Accepted by %(person)s: %(reason)s") % {"person": waiver.by, "reason": waiver.reason}


def _chip(finding: ReadinessFinding) -> Chip:
    if not finding.is_open:
        return Chip(tone="ok", icon="check", words=_("accepted"))
    if finding.severity is Severity.ERROR:
        return Chip(tone="late", icon="alert-circle", words=_("error"))
    return Chip(tone="warn", icon="alert-triangle", words=_("needs a reason"))

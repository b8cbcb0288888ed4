"""The verdict of the gate for the editor: the words of the readiness page, as data."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from servoloop.kernel.process.readiness.readiness import Readiness
from servoloop.web.design.finding_help import help_for
from servoloop.web.design.readiness_view import FindingView, ReadinessView, readiness_view


def findings_json(readiness: Readiness) -> dict[str, object]:
    """Errors first. One query, for the names of the roles."""
    shown = readiness_view(readiness)
    items = [_item(view, question=each.key) for each in shown.questions for view in each.findings]
    items.sort(key=lambda each: (each["state"] == "waived", each["severity"] != "error"))
    return {
        "score": shown.score,
        "is_ready": shown.is_ready,
        "is_strict": shown.is_strict,
        "errors": shown.errors,
        "warnings": shown.warnings,
        "words": _words(shown),
        "items": items,
        "questions": [
            {"key": each.key, "words": each.words, "is_kept": each.is_kept, "percent": each.percent}
            for each in shown.questions
        ],
    }


def _item(view: FindingView, *, question: str) -> dict[str, object]:
    finding = view.finding
    told = help_for(view.rule)
    return {
        "code": view.rule,
        "rule": finding.rule.id,
        "severity": finding.severity.value,
        "state": "open" if finding.is_open else "waived",
        "element": finding.elements[0] if finding.elements else "",
        "elements": list(finding.elements),
        "place": finding.gap.name.in_language(get_language() or "en"),
        "words": view.words,
        "action": str(told.action),
        "field": told.field,
        "question": question,
        "waive": view.field,
        "waived": view.waived,
    }


def _words(shown: ReadinessView) -> str:
    if shown.is_ready:
        return _("Ready to be published")
    if shown.errors:
        return ngettext("%(n)s error bars the way", "%(n)s errors bar the way", shown.errors) % {
            "n": shown.errors
        }
    return ngettext(
        "%(n)s warning needs a reason", "%(n)s warnings need a reason", shown.warnings
    ) % {"n": shown.warnings}

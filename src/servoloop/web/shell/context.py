"""What the frame of every page needs to know."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servoloop.accounts.models import User

THEME_COOKIE = "theme"
THEMES = ("light", "dark")
SHORT_NAMES = {"zh-hans": "中文", "en": "English"}  # of the languages, as their speakers say them


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the rail."""

    view: str  # URL name
    words: str
    icon: str
    counts: str = ""  # field of NavigationCounts shown beside it
    on_phone: bool = True  # the bar below a thumb has room for few


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of the loop that exists today, with its pages."""

    key: str
    words: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    theme: str  # light, dark, or empty: as the browser prefers
    language: str
    other_language: str  # what the switch switches to
    other_language_words: str
    path: str  # of this page with its query, for the way back
    section: str  # namespace of the URL: "run", "design", …
    view: str  # URL name with namespace
    stages: tuple[Stage, ...]  # empty for customers and strangers
    person: str  # what to call the viewer
    is_colleague: bool


def shell(request: HttpRequest) -> dict[str, object]:
    """Template context `shell`; lazy, because fragments draw no frame. No queries."""
    return {"shell": SimpleLazyObject(lambda: _shell_of(request))}


def _shell_of(request: HttpRequest) -> Shell:
    language = get_language() or settings.LANGUAGE_CODE
    other = "en" if language.startswith("zh") else "zh-hans"
    theme = request.COOKIES.get(THEME_COOKIE, "")
    user = getattr(request, "user", None)
    person = user if isinstance(user, User) else None
    is_colleague = person is not None and person.is_colleague
    match = request.resolver_match
    return Shell(
        theme=theme if theme in THEMES else "",
        language=language,
        other_language=other,
        other_language_words=SHORT_NAMES[other],
        path=request.get_full_path(),
        section=match.namespace if match else "",
        view=match.view_name if match else "",
        stages=_stages() if is_colleague else (),
        person=person.name_in(language) if person else "",
        is_colleague=is_colleague,
    )


def _stages() -> tuple[Stage, ...]:
    return (
        Stage(
            key="design",
            words=_("Design"),
            entries=(
                Entry(view="design:processes", words=_("Processes"), icon="sitemap"),
                Entry(view="design:drafts", words=_("Drafts"), icon="pencil", on_phone=False),
                Entry(
                    view="design:approvals",
                    words=_("Approvals"),
                    icon="certificate",
                    counts="approvals",
                ),
            ),
        ),
        Stage(
            key="run",
            words=_("Run"),
            entries=(
                Entry(view="run:work", words=_("My work"), icon="checklist", counts="queue"),
                Entry(view="run:cases", words=_("Cases"), icon="inbox"),
                Entry(
                    view="run:escalations",
                    words=_("Escalations"),
                    icon="stairs-up",
                    counts="escalations",
                ),
                Entry(
                    view="run:incidents",
                    words=_("Incidents"),
                    icon="alert-triangle",
                    counts="incidents",
                ),
            ),
        ),
        Stage(
            key="measure",
            words=_("Measure"),
            entries=(Entry(view="measure:kpis", words=_("KPIs"), icon="activity"),),
        ),
        Stage(
            key="diagnose",
            words=_("Diagnose"),
            entries=(Entry(view="diagnose:report", words=_("Diagnosis"), icon="report-analytics"),),
        ),
    )

"""What scripts say, in the reader's language: the `djangojs` catalogue as one file browsers keep.

A page that says something from JavaScript writes `{% script_words %}` before its scripts; there,
`gettext`, `ngettext`, `pgettext` and `interpolate` are then global functions.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, override, to_locale
from django.views.decorators.http import require_GET
from django.views.i18n import JavaScriptCatalog

_YEAR = 365 * 24 * 3600  # seconds
# One application without a catalogue of its own: only ours, from LOCALE_PATHS, is delivered.
_catalogue = JavaScriptCatalog.as_view(packages=["servoloop.web.shell"])


def words_address() -> str:
    """Where the reader's catalogue lies; another one, another address."""
    language = get_language() or settings.LANGUAGE_CODE
    return reverse("shell:words", args=[language, _edition(language)])


@require_GET
def show_words(request: HttpRequest, language: str, edition: str) -> HttpResponseBase:
    """The same for everybody: no session, no cookie, kept for a year."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with override(language):
        answer = _catalogue(request)
    is_current = edition == _edition(language)
    answer["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if is_current else "no-cache"
    return answer


@cache
def _edition(language: str) -> str:
    """Changes with the catalogue; the process that serves it has read it once, too."""
    found = hashlib.sha256(language.encode())
    for folder in settings.LOCALE_PATHS:
        path = Path(folder) / to_locale(language) / "LC_MESSAGES" / "djangojs.mo"
        found.update(path.read_bytes() if path.exists() else b"")
    return found.hexdigest()[:12]

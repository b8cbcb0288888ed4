"""The translations: collect the texts, merge them into the catalogues, compile, check.

    python scripts/translations.py update    after texts in templates, Python or JavaScript changed
    python scripts/translations.py compile   .po to .mo (installing the project does this, too)
    python scripts/translations.py check     fails on a text that a reader would see untranslated

Messages are written in English in the source; English therefore needs no catalogue, and every
other language must translate every message. Babel reads everything, so no gettext programs are
needed on the machine. See docs/decisions/0004-translations.md.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "servoloop"
LOCALE = SOURCE / "locale"
LANGUAGES = ("zh_Hans",)
DOMAINS = ("django", "djangojs")

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HAN = re.compile(r"[㐀-鿿]")


# ── Collecting ───────────────────────────────────────────────────────────────────────────────────
def collected(domain: str) -> Catalog:
    """Every message of the source, with the places it stands at."""
    catalogue = Catalog(project="Servoloop", version="", fuzzy=False)
    for path in source_files(domain):
        where = path.relative_to(SOURCE.parent).as_posix()
        for line, message, comments, context in _messages_of(path):
            catalogue.add(message, None, [(where, line)], context=context, auto_comments=comments)
    return catalogue


def source_files(domain: str) -> Iterator[Path]:
    kinds = (".js",) if domain == "djangojs" else (".py", ".html", ".txt")
    for path in sorted(SOURCE.rglob("*")):
        parts = path.relative_to(SOURCE).parts
        if path.suffix in kinds and not {"vendor", "migrations", "locale", "kernel"} & set(parts):
            if path.suffix == ".txt" and not {"templates", "jinja2"} & set(parts):
                continue
            yield path


def _messages_of(path: Path) -> Iterator[tuple]:
    if path.suffix == ".py":
        return extract(extract_python, io.BytesIO(path.read_bytes()), KEYWORDS)
    if path.suffix == ".js":
        return extract(extract_javascript, io.BytesIO(path.read_bytes()), KEYWORDS)
    if "jinja2" in path.parts:
        return extract(_babel_of_jinja(), io.BytesIO(path.read_bytes()), KEYWORDS)
    return extract(extract_python, io.BytesIO(_python_of_template(path)), KEYWORDS)


def _babel_of_jinja():
    from jinja2.ext import babel_extract

    return babel_extract


def _python_of_template(path: Path) -> bytes:
    """Django's own way to xgettext: the template as text in which only its messages are left.

    What it writes for the rest are runs of X and comments; they are blanked here, since Babel's
    reader is Python's own and wants whole tokens.
    """
    from django.utils.translation.template import templatize

    lines = []
    for line in templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines():
        calls = re.findall(
            r"\b(?:gettext|ngettext|pgettext|npgettext|_)\((?:[^()\"']|u?\"(?:\\.|[^\"\\])*\"|u?'(?:\\.|[^'\\])*')*\)",
            line,
        )
        lines.append("; ".join(calls))
    return "\n".join(lines).encode()


# ── Catalogues ───────────────────────────────────────────────────────────────────────────────────
def catalogue_file(language: str, domain: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


def read_catalogue(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, project="Servoloop", version="", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> int:
    """Merge the collected messages into every catalogue; obsolete ones go (git remembers)."""
    for domain in DOMAINS:
        messages = collected(domain)
        for language in LANGUAGES:
            path = catalogue_file(language, domain)
            if not len(messages) and not path.exists():
                continue
            catalogue = read_catalogue(path, language)
            # No guesses from similar messages: a wrong translation is worse than a missing one.
            catalogue.update(messages, no_fuzzy_matching=True, update_creation_date=False)
            catalogue.obsolete.clear()
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
            print(f"{path.relative_to(SOURCE)}: {_untranslated_count(catalogue)} to translate")
    return 0


def compile_catalogues() -> int:
    """Write each .mo beside its .po, when it is older."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        content = io.BytesIO()
        write_mo(content, read_catalogue(path, path.parts[-3]))
        # By a rename: a process that starts meanwhile reads the old one or the new one, whole.
        draft = compiled.with_suffix(".mo.new")
        draft.write_bytes(content.getvalue())
        draft.replace(compiled)
    return 0


def _untranslated_count(catalogue: Catalog) -> int:
    return sum(1 for message in catalogue if message.id and not _is_translated(message))


def _is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(texts) and all(texts) and not message.fuzzy


# ── Checking ─────────────────────────────────────────────────────────────────────────────────────
def complaints() -> Iterator[str]:
    """One line for each text that somebody would read in the wrong language."""
    for domain in DOMAINS:
        messages = collected(domain)
        yield from _not_english(messages)
        for language in LANGUAGES:
            yield from _not_translated(messages, language, domain)
    for path in source_files("django"):
        if path.suffix == ".html":
            yield from _unmarked(path)


def _not_english(messages: Catalog) -> Iterator[str]:
    for message in messages:
        if message.id and HAN.search(str(message.id)):
            yield f"{_place(message)}: write the message in English: {message.id!r}"


def _not_translated(messages: Catalog, language: str, domain: str) -> Iterator[str]:
    kept = read_catalogue(catalogue_file(language, domain), language)
    for message in messages:
        if not message.id:
            continue
        found = kept.get(message.id, message.context)
        if found is None or not _is_translated(found):
            yield f"{_place(message)}: not in {language}: {message.id!r}"
        else:
            text = message.id if isinstance(message.id, str) else message.id[1]
            for value in _values(text) - _values(" ".join(_texts(found))):
                yield f"{_place(message)}: {language} drops {value} of {text!r}"


def _texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def _values(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


def _place(message: Message) -> str:
    return ":".join(map(str, message.locations[0])) if message.locations else "?"


# What may stand in a template as it is.
_NAMES = re.compile(r"Servoloop|English|简体中文|中文")
_MARKED = re.compile(
    r"{%-?\s*(blocktranslate|blocktrans|trans|comment|verbatim)\b(?:(?!%}).)*%}.*?{%-?\s*end\1\b.*?%}",
    re.S,
)
_TEMPLATE_CODE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)
_NO_TEXT = re.compile(r"<(script|style|svg|code|kbd)\b.*?</\1>|<!--.*?-->", re.S)
_SPOKEN = re.compile(r"""\b(?:title|alt|placeholder|aria-label)\s*=\s*("[^"]*"|'[^']*')""")
_LETTERS = re.compile(r"[A-Za-zÀ-ž]{2,}|[㐀-鿿]")


def _unmarked(path: Path) -> Iterator[str]:
    """Text between tags, or in an attribute that people read, outside of any translate tag."""
    text = path.read_text(encoding="utf-8")
    for pattern in (_MARKED, _TEMPLATE_CODE, _NO_TEXT):
        text = pattern.sub(_blank, text)
    spoken = " ".join(match.group(1)[1:-1] for match in _SPOKEN.finditer(text))
    # A class alone is what a block adds to a tag of the page around it.
    shown = re.sub(r'<[^>]*>|&[#\w]+;|\bclass="[\w -]*"', _blank, text)
    where = path.relative_to(SOURCE.parent).as_posix()
    for number, line in enumerate(shown.splitlines(), start=1):
        if _LETTERS.search(_NAMES.sub("", line)):
            yield f"{where}:{number}: not marked for translation: {line.strip()!r}"
    if _LETTERS.search(_NAMES.sub("", spoken)):
        yield f"{where}: an attribute is not marked for translation: {spoken.strip()!r}"


def _blank(match: re.Match[str]) -> str:
    """As many lines as there were, so that line numbers stay right."""
    return "\n" * match.group().count("\n") or " "


def check() -> int:
    found = list(complaints())
    print("\n".join(found) or "every text is translated")
    return 1 if found else 0


if __name__ == "__main__":
    actions = {"update": update, "compile": compile_catalogues, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit(__doc__)
    sys.exit(actions[sys.argv[1]]())

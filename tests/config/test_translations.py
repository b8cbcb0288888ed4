"""Every text that people read exists in every language."""

from pathlib import Path

import pytest

from tests.translation_tool import translations


def test_every_text_is_translated() -> None:
    assert list(translations.complaints()) == []


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small source of our own for the tool to read."""
    monkeypatch.setattr(translations, "SOURCE", tmp_path / "servoloop")
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "servoloop" / "locale")
    folder = tmp_path / "servoloop" / "web" / "templates"
    folder.mkdir(parents=True)
    return folder


CATALOGUE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Take task"
msgstr "{text}"

msgid "Case %(number)s"
msgstr "工单 {number}"

msgid "one case"
msgid_plural "%(count)s cases"
msgstr[0] "%(count)s 个工单"
"""


def write_catalogue(source: Path, *, text: str = "接单", number: str = "%(number)s") -> None:
    path = source.parents[1] / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CATALOGUE.replace("{text}", text).replace("{number}", number))


def complaints() -> list[str]:
    return list(translations.complaints())


TEMPLATE = """\
{% load i18n %}
<h1 title="{% translate 'Take task' %}">
{% blocktranslate %}Case {{ number }}{% endblocktranslate %}</h1>
{% blocktranslate count count=cases %}one case{% plural %}{{ count }} cases{% endblocktranslate %}
"""


def test_a_translated_template_passes(source: Path) -> None:
    (source / "case.html").write_text(TEMPLATE)
    write_catalogue(source)
    assert complaints() == []


def test_an_empty_translation_is_found(source: Path) -> None:
    (source / "case.html").write_text(TEMPLATE)
    write_catalogue(source, text="")
    assert complaints() == ["servoloop/web/templates/case.html:2: not in zh_Hans: 'Take task'"]


def test_a_dropped_placeholder_is_found(source: Path) -> None:
    (source / "case.html").write_text(TEMPLATE)
    write_catalogue(source, number="号")
    [complaint] = complaints()
    assert complaint.endswith("zh_Hans drops %(number)s of 'Case %(number)s'")


def test_text_without_a_tag_is_found_in_pages_and_attributes(source: Path) -> None:
    (source / "case.html").write_text('<p>\nTake it</p><img alt="A van"><code>ls</code>')
    write_catalogue(source)
    assert complaints() == [
        "servoloop/web/templates/case.html:2: not marked for translation: 'Take it'",
        "servoloop/web/templates/case.html: an attribute is not marked for translation: 'A van'",
    ]


def test_a_message_in_chinese_is_found_in_python(source: Path) -> None:
    (source.parent / "views.py").write_text('title = _("接单")\n')
    write_catalogue(source)
    assert any("write the message in English" in complaint for complaint in complaints())


def test_a_message_of_a_jinja_template_is_found(source: Path) -> None:
    jinja = source.parent / "jinja2"
    jinja.mkdir()
    (jinja / "list.html").write_text("{{ _('Oldest first') }}{% trans %}Newest{% endtrans %}")
    write_catalogue(source)
    assert [line.partition("zh_Hans: ")[2] for line in complaints()] == [
        "'Oldest first'",
        "'Newest'",
    ]


def test_a_catalogue_compiles_to_what_django_reads(source: Path) -> None:
    import gettext

    write_catalogue(source)
    translations.compile_catalogues()
    path = source.parents[1] / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("Take task") == "接单"
    assert catalogue.ngettext("one case", "%(count)s cases", 3) == "%(count)s 个工单"


def test_updating_keeps_translations_and_adds_what_is_new(source: Path) -> None:
    (source / "case.html").write_text(TEMPLATE + "{% translate 'Close case' %}")
    write_catalogue(source)
    translations.update()
    assert [line.partition("zh_Hans: ")[2] for line in complaints()] == ["'Close case'"]

"""The second step of bringing a log: what was guessed, for somebody to agree with or to change."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from servoloop.kernel.interchange.cleaning_steps import STEPS
from servoloop.kernel.interchange.looked import Look
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.read_report import REQUIRED, ROLES, Role
from servoloop.loop.report.texts import say
from servoloop.loop.report.words import Words
from servoloop.storage.queries.processes import ProcessRow
from servoloop.web.diagnose.choice_form import BROUGHT, LEFT_OUT
from servoloop.web.diagnose.choices import Choices
from servoloop.web.diagnose.look_file import NamesMet
from servoloop.web.diagnose.runs import Run

ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "shift_jis", "cp1252", "cp1251", "iso8859-2")
DELIMITERS = (",", ";", "tab", "|")
ATTRIBUTE = "attribute"
TEXTS = ("csv", "zendesk", "jira", "servicenow", "freshdesk", "xes")
"""Formats whose encoding may be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One entry of a select."""

    value: str
    words: Words | str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """A column, its role, and what it holds first."""

    number: int
    name: str
    cells: tuple[str, ...]
    role: Words | None  # where it cannot be changed
    guessed_by: Words | None
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CleaningRow:
    """A cleaning step and what it would touch by itself."""

    step: str
    words: Words
    events: int
    cases: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    """An activity that is no step of the definition, and the steps it may be."""

    number: int
    activity: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wizard:
    """All that the page shows."""

    run: Run
    look: Look
    choices: Choices
    columns: tuple[ColumnRow, ...]
    cleaning: tuple[CleaningRow, ...]
    idle_steps: tuple[Words, ...]  # cleaning steps that would touch nothing
    aliases: tuple[AliasRow, ...]
    encodings: tuple[Option, ...]
    delimiters: tuple[Option, ...]
    other_delimiter: str
    date_formats: tuple[Option, ...]
    other_date_format: str
    sheets: tuple[Option, ...]
    object_types: tuple[Option, ...]
    classifiers: tuple[Option, ...]
    definitions: tuple[ProcessRow, ...]
    zones: tuple[str, ...]
    brought: str = BROUGHT

    @property
    def guessed_delimiter(self) -> str:
        """What parts the columns, in a form that can be seen."""
        return "tab" if self.look.delimiter == "\t" else self.look.delimiter

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        """The first rows, as the file has them."""
        return list(zip(*(column.cells for column in self.look.columns), strict=True))


def wizard_of(
    run: Run,
    look: Look,
    choices: Choices,
    *,
    names: NamesMet | None,
    definitions: Sequence[ProcessRow],
) -> Wizard:
    options = choices.options
    delimiter = "tab" if options.delimiter == "\t" else options.delimiter or ""
    formats = tuple(use.format for use in look.date_formats) + look.possible_formats
    known_formats = tuple(dict.fromkeys(formats))
    touched = {each.step: each for each in look.proposals}
    return Wizard(
        run=run,
        look=look,
        choices=choices,
        columns=tuple(_column(n, look, options) for n in range(len(look.columns))),
        cleaning=tuple(
            CleaningRow(
                step=each.step,
                words=say(f"clean_{each.step}"),
                events=each.events,
                cases=each.cases,
                is_chosen=each.step in choices.cleaning,
            )
            for each in look.proposals
        ),
        idle_steps=tuple(say(f"clean_{step}") for step in STEPS if step not in touched),
        aliases=_aliases(names, choices),
        encodings=_entries(ENCODINGS, options.encoding or "") if look.format in TEXTS else (),
        delimiters=_entries((*DELIMITERS,), delimiter) if look.format == "csv" else (),
        other_delimiter=delimiter if delimiter not in ("", *DELIMITERS) else "",
        date_formats=_entries(known_formats, options.timestamp_format or ""),
        other_date_format=(options.timestamp_format or "")
        if options.timestamp_format not in known_formats
        else "",
        sheets=_entries(look.sheets, options.sheet or "") if len(look.sheets) > 1 else (),
        object_types=tuple(
            Option(
                value=each.name,
                words=_("%(name)s (%(objects)s objects, %(events)s events)")
                % {
                    "name": each.name,
                    "objects": intcomma(each.objects),
                    "events": intcomma(each.events),
                },
                is_chosen=each.is_chosen,
            )
            for each in look.object_types
        ),
        classifiers=tuple(
            Option(value=name, words=f"{name}: {keys}", is_chosen=name == options.classifier)
            for name, keys in look.classifiers
        ),
        definitions=tuple(definitions),
        zones=tuple(sorted(available_timezones())),
    )


def _entries(values: Sequence[str], chosen: str) -> tuple[Option, ...]:
    """A select of plain values, and of another one where it was typed."""
    return tuple(Option(value=value, words=value, is_chosen=value == chosen) for value in values)


def _column(number: int, look: Look, options: ReadOptions) -> ColumnRow:
    column = look.columns[number]
    choice = next((each for each in look.roles if column.name in each.columns), None)
    role = LEFT_OUT if column.name in options.left_out else choice.role if choice else ATTRIBUTE
    is_fixed = bool(look.desk) and role in REQUIRED  # the desk's history says what these are
    offered: list[Role] = [each for each in ROLES if not (look.desk and each in REQUIRED)]
    return ColumnRow(
        number=number,
        name=column.name,
        cells=tuple(cell for cell in column.cells if cell is not None)[:4],
        role=say(f"role_{role}") if is_fixed else None,
        guessed_by=say(f"by_{choice.by}") if choice else None,
        options=tuple(
            Option(value=each, words=say(f"role_{each}"), is_chosen=each == role)
            for each in (ATTRIBUTE, *offered, LEFT_OUT)
        ),
    )


def _aliases(names: NamesMet | None, choices: Choices) -> tuple[AliasRow, ...]:
    if names is None:
        return ()
    return tuple(
        AliasRow(
            number=number,
            activity=activity,
            options=_entries(names.steps, choices.aliases.get(activity, "")),
        )
        for number, activity in enumerate(names.strangers)
    )

"""From the wizard's form to choices; what equals the guess stays a guess."""

from dataclasses import replace

from django.http import QueryDict

from servoloop.kernel.interchange.cleaning_steps import STEPS
from servoloop.kernel.interchange.looked import Look
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.read_report import REQUIRED, Role
from servoloop.web.diagnose.choices import Choices
from servoloop.web.diagnose.look_file import NamesMet

LEFT_OUT = "left_out"
OTHER = "other"
BROUGHT = "brought"
"""The definition is a file that was brought along."""


def choices_of(
    post: QueryDict, *, look: Look, names: NamesMet | None, before: Choices, definition: str
) -> Choices:
    """What the form says; `definition` is the name of a file that came with it, '' for none."""
    options = _shape(post, before.options)
    if _parts(options) == _parts(before.options):
        options = _with_roles(post, options, look, before.options)
    process, _, version = post.get("definition", "").partition("@")
    brought = definition or (before.definition if process == BROUGHT else "")
    chosen = Choices(
        options=options,
        cleaning=tuple(step for step in STEPS if step in post.getlist("clean")),
        join_lifecycle="join" in post,
        with_model="model" in post,
        process=process if version and not brought else "",
        version=version if not brought else "",
        definition=brought,
    )
    return replace(chosen, aliases=_aliases(post, names)) if _compares(chosen, before) else chosen


def _shape(post: QueryDict, before: ReadOptions) -> ReadOptions:
    """How the file is taken apart, roles aside."""
    return ReadOptions(
        format=before.format,
        encoding=post.get("encoding") or None,
        delimiter=_or_other(post, "delimiter"),
        sheet=post.get("sheet") or None,
        object_type=post.get("object_type") or None,
        as_table="as_table" in post,
        classifier=post.get("classifier") or None,
        timestamp_format=_or_other(post, "timestamp_format"),
        zone=post.get("zone", "").strip() or before.zone,
    )


def _or_other(post: QueryDict, name: str) -> str | None:
    chosen = post.get(name, "")
    if chosen == OTHER:
        chosen = post.get(f"{name}_other", "").strip()
    return {"tab": "\t", "": None}.get(chosen, chosen)


def _parts(options: ReadOptions) -> tuple[object, ...]:
    """What makes the columns: when it changes, roles are guessed anew."""
    return (
        options.encoding,
        options.delimiter,
        options.sheet,
        options.object_type,
        options.as_table,
    )


def _with_roles(
    post: QueryDict, options: ReadOptions, look: Look, before: ReadOptions
) -> ReadOptions:
    said = {column.name: post.get(f"role-{n}", "") for n, column in enumerate(look.columns)}
    if not any(said.values()):  # the columns were not on the page
        return options

    def columns(role: Role) -> str | None:
        return _columns_of(role, said, look, before)

    hidden = [name for name in before.left_out if name not in said]
    left_out = [name for name, role in said.items() if role == LEFT_OUT]
    return replace(
        options,
        left_out=(*left_out, *hidden),
        case=columns("case"),
        activity=columns("activity"),
        timestamp=columns("timestamp"),
        start=columns("start"),
        resource=columns("resource"),
        team=columns("team"),
        lifecycle=columns("lifecycle"),
    )


def _columns_of(role: Role, said: dict[str, str], look: Look, before: ReadOptions) -> str | None:
    """The columns of a role as `ReadOptions` has them; None when they are what was guessed."""
    guess = next((choice for choice in look.roles if choice.role == role), None)
    guessed = guess.columns if guess else ()
    unseen = [name for name in guessed if name not in said]
    chosen = [name for name, its in said.items() if its == role] + unseen
    given: str | None = getattr(before, role)
    if set(chosen) == set(guessed):
        return given
    if chosen:
        return "+".join(chosen)
    return None if role in REQUIRED else ""


def _aliases(post: QueryDict, names: NamesMet | None) -> dict[str, str]:
    if names is None:
        return {}
    said = {activity: post.get(f"alias-{n}", "") for n, activity in enumerate(names.strangers)}
    return {activity: step for activity, step in said.items() if step in names.steps}


def _compares(chosen: Choices, before: Choices) -> bool:
    """Is it still the definition whose steps stood on the page?"""
    one, other = ((each.process, each.version, each.definition) for each in (chosen, before))
    return chosen.compares and one == other

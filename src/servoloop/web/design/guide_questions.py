"""The questions of the guided start: one at a time, each with an example and why it is asked."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    slug: str
    short: str
    title: str
    why: str
    example: str


def questions() -> tuple[Question, ...]:
    """In the order in which they are asked, in the reader's language."""
    return (
        Question(
            slug="goal",
            short=_("Goal"),
            title=_("What is this process for?"),
            why=_("A process without a goal cannot be improved: nobody could say what is better."),
            example=_("“Refund”: the money is back within three days, without a second request."),
        ),
        Question(
            slug="journey",
            short=_("Customer journey"),
            title=_("What does the customer live through, from the first word to the end?"),
            why=_("Seen from outside, waiting and repeating become visible before they are built."),
            example=_("Asks for a refund / gets a number / sends it back / has the money"),
        ),
        Question(
            slug="steps",
            short=_("Steps"),
            title=_("What do you do, one step a line?"),
            why=_("Each line becomes a step, a decision or a wait in the drawing."),
            example=_("Check the request / if the amount is above 200: / pay back"),
        ),
        Question(
            slug="roles",
            short=_("Roles"),
            title=_("Who does each step?"),
            why=_("A role, not a person: the step is done whoever is ill. Each role gets a lane."),
            example=_("Agents check, warehouse inspects, finance pays."),
        ),
        Question(
            slug="times",
            short=_("Times"),
            title=_("How long does the work take, and until when must it be done?"),
            why=_("The standard time plans people; the limit starts the escalation by itself."),
            example=_("10 minutes of work, done within 2 working hours."),
        ),
        Question(
            slug="escalation",
            short=_("Escalation"),
            title=_("Who is asked when a limit passes, and how long have they to answer?"),
            why=_("An unanswered question climbs by itself, so that nothing lies still."),
            example=_("Supervisor within 1 hour, then manager within 2 hours."),
        ),
        Question(
            slug="measures",
            short=_("Promise and KPIs"),
            title=_("What do you promise, and how will you see that it works?"),
            why=_("The promise runs on every case; the goals stand on the dashboard from day one."),
            example=_("First response in 2 h, settled in 24 h; 85 % solved at the first contact."),
        ),
        Question(
            slug="look",
            short=_("Look at it"),
            title=_("Is this your process?"),
            why=_("It becomes a draft that concerns nobody until it is published."),
            example="",
        ),
    )

"""How a rule makes a finding from the cases that it affects."""

from servoloop.kernel.mining.findings.catalogue import words
from servoloop.kernel.mining.findings.finding import Effect, Finding, Rule
from servoloop.kernel.mining.findings.reading import Bools, Reading, confounders
from servoloop.kernel.process.words import Words

AS_THE_OTHERS = words(
    "Mean cycle time of the affected cases minus that of the others, times affected cases.",
    "受影响案例与其他案例的平均周期之差 × 受影响案例数。",
)


def made(
    reading: Reading,
    rule: Rule,
    affected: Bools,
    effect: Effect,
    *,
    says: Words,
    evidence: dict[str, float],
    subject: str = "",
    by_steps: bool = True,
    among: Bools | None = None,
    steps: tuple[str, ...] = (),
) -> Finding:
    """A finding whose gain is its effect, times the affected cases.

    `by_steps` False where more steps are the effect itself, and explain nothing; `among` are the
    cases that were compared.
    """
    cases = int(affected.sum())
    return Finding(
        rule=rule,
        subject=subject,
        says=says,
        evidence=evidence,
        n=reading.log.cases,
        cases=cases,
        affected=reading.named(affected),
        effect=effect,
        gain=effect.hours * cases / reading.weeks,
        gain_how=AS_THE_OTHERS,
        alarms=confounders(reading, affected, by_steps=by_steps, among=among),
        compared_by=tuple(each.name for each in reading.features),
        steps=steps,
    )


def percent(part: float) -> str:
    """A share 0..1 in words of both languages; never rounded to nothing or to everything."""
    return f"{100 * part:.{0 if 0.1 <= part < 0.99 or part == 1 else 1}f} %"


def hours(value: float) -> str:
    """Hours, or days when there are many."""
    return f"{value / 24:.1f} d" if abs(value) >= 48 else f"{value:.1f} h"


def hours_zh(value: float) -> str:
    """The same in Chinese."""
    return f"{value / 24:.1f} 天" if abs(value) >= 48 else f"{value:.1f} 小时"

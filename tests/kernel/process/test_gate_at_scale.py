"""A thousand unsound models, all caught; a thousand sound ones, none refused; 300 elements at once.

Whether a model is sound is told by playing every run of it, not by the code that is judged.
"""

from random import Random
from time import perf_counter

from servoloop.kernel.process.compile import compile
from servoloop.kernel.process.findings import Severity
from servoloop.kernel.process.readiness.readiness import assess
from servoloop.kernel.process.soundness import find_unsoundness
from tests.kernel.process.blocks import TERMINATE, Block, Drawing, drawn
from tests.kernel.process.complete import completely_drawn
from tests.kernel.process.drawing import document
from tests.kernel.process.token_game import Game, TooLarge

MANY = 1000
ONE = ("loop", "scope", "timed scope", "failing scope", "early end", "timed", "reminded")
SEVERAL = ("sequence", "choice", "parallel", "choice", "parallel")


def some_block(random: Random, *, leaves: int) -> Block:
    """A block of up to so many tasks."""
    if leaves <= 1 or random.random() < 0.15:
        return Block("task")
    if random.random() < 0.3:
        return Block(random.choice(ONE), (some_block(random, leaves=leaves - 1),))
    parts = random.randint(2, min(3, leaves))
    inner = tuple(some_block(random, leaves=leaves // parts) for _ in range(parts))
    return Block(random.choice(SEVERAL), inner)


def spoilt(random: Random) -> Drawing | None:
    """A drawing with one or two gateways or ends exchanged; None when there is none to exchange."""
    drawing = drawn(some_block(random, leaves=6))
    ends = [each for each, inside in drawing.ends.items() if inside == TERMINATE]
    changeable = [*drawing.gateways, *ends]
    if not changeable:
        return None
    for name in random.choices(changeable, k=random.randint(1, 2)):
        if name in drawing.ends:
            drawing.ends[name] = ""
        else:
            kind = drawing.gateways[name]
            drawing.gateways[name] = "parallel" if kind == "exclusive" else "exclusive"
    return drawing


def test_a_thousand_unsound_models_are_all_caught() -> None:
    random = Random(8134)
    unsound = 0
    while unsound < MANY:
        drawing = spoilt(random)
        program = None if drawing is None else compile(document(drawing.text())).program
        if drawing is None or program is None:
            continue
        try:
            if Game(program).is_sound():
                continue
        except TooLarge:
            continue
        unsound += 1
        found = find_unsoundness(program)
        assert any(each.severity is Severity.ERROR for each in found), drawing.text()


def test_a_thousand_sound_and_complete_models_are_none_refused() -> None:
    random = Random(5)
    for _ in range(MANY):
        drawing = completely_drawn(some_block(random, leaves=8))
        readiness = assess(document(drawing.text()))
        assert readiness.is_ready, [each.words("en") for each in readiness.findings]


def test_three_hundred_elements_are_judged_in_a_third_of_a_second() -> None:
    random = Random(300)
    parts = tuple(some_block(random, leaves=8) for _ in range(14))
    text = completely_drawn(Block("sequence", parts)).text()
    assert text.count(" id=") >= 300
    assess(document(text))
    took = []
    for _ in range(3):
        began = perf_counter()
        assess(document(text))
        took.append(perf_counter() - began)
    assert min(took) < 0.3

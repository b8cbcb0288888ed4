"""Discovery: known shapes are found, every model is sound, readable and as good as said."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.mining.conformance.check import Limits, check_conformance, conformance_of
from servoloop.kernel.mining.discovery.bpmn import bpmn_of
from servoloop.kernel.mining.discovery.discover import (
    NothingToDiscover,
    discover,
    discover_with,
    model_size,
)
from servoloop.kernel.mining.discovery.inductive import mine_tree
from servoloop.kernel.mining.discovery.layout import draw
from servoloop.kernel.mining.discovery.tree import (
    NOTHING,
    Block,
    Leaf,
    Operator,
    Tree,
    net_of_tree,
    simplified,
)
from servoloop.kernel.mining.multiset import VariantMultiset, variant_multiset
from servoloop.kernel.process.check import check, load_program
from servoloop.kernel.process.document import read_document
from tests.kernel.mining.cast import log_of, read_bytes, shared_log

NAMES = "abcdef"


def text(tree: Tree) -> str:
    if isinstance(tree, Leaf):
        return tree.activity or "-"
    sign = {
        Operator.SEQUENCE: "seq",
        Operator.CHOICE: "xor",
        Operator.PARALLEL: "and",
        Operator.LOOP: "loop",
    }[tree.operator]
    return f"{sign}({' '.join(text(child) for child in tree.children)})"


def mined(cases: dict[str, int], *, filter: float = 0.0) -> str:
    traces = {tuple(NAMES.index(c) for c in trace): count for trace, count in cases.items()}
    return text(mine_tree(traces, names=NAMES, filter=filter))


def multiset_of(cases: dict[str, int]) -> VariantMultiset:
    return VariantMultiset(
        names=tuple(NAMES),
        sequences=tuple(
            np.array([NAMES.index(c) for c in trace], dtype=np.int32) for trace in cases
        ),
        cases=np.array(list(cases.values()), dtype=np.int64),
        example=tuple(cases),
        is_open=np.zeros(len(cases), dtype=np.bool_),
        of_case=np.repeat(np.arange(len(cases), dtype=np.int32), list(cases.values())),
    )


@pytest.mark.parametrize(
    ("cases", "tree"),
    [
        ({"abc": 1}, "seq(a b c)"),
        ({"abd": 1, "acd": 1}, "seq(a xor(b c) d)"),
        ({"abcd": 1, "acbd": 1}, "seq(a and(b c) d)"),
        ({"ac": 1, "abc": 1}, "seq(a xor(b -) c)"),
        ({"a": 1, "aa": 1}, "loop(a -)"),
        ({"abc": 1, "abdbc": 1}, "seq(a loop(b d) c)"),
        ({"": 1, "a": 1}, "xor(a -)"),
    ],
)
def test_a_known_shape_is_found(cases, tree):
    assert mined(cases) == tree


def test_rare_behaviour_is_left_out_when_asked():
    cases = {"abc": 97, "cab": 3}
    assert mined(cases) != "seq(a b c)"
    assert mined(cases, filter=0.2) == "seq(a b c)"


def test_a_simplified_tree_has_no_needless_blocks():
    tree = Block(
        Operator.SEQUENCE,
        (
            NOTHING,
            Block(Operator.SEQUENCE, (Leaf("a"),)),
            Block(Operator.CHOICE, (Block(Operator.CHOICE, (Leaf("b"), NOTHING)), NOTHING)),
        ),
    )
    assert text(simplified(tree)) == "seq(a xor(b -))"


CASES = st.dictionaries(st.text("abcd", max_size=6), st.integers(1, 5), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(CASES)
def test_without_a_filter_every_case_fits(cases):
    multiset = multiset_of(cases)
    found = discover_with(multiset, coverage=1.0, filter=0.0)
    assert found.quality.fitness == 1.0
    assert found.quality.conforming_cases == multiset.total


@settings(deadline=None, max_examples=40)
@given(CASES, st.sampled_from([0.0, 0.2, 0.5]))
def test_every_model_opens_as_a_sound_draft_that_behaves_like_its_tree(cases, filter):
    multiset = multiset_of(cases)
    found = discover_with(multiset, coverage=1.0, filter=filter)
    xml = bpmn_of(found.tree, key="draft", name="Draft")
    verdict = check(read_document(xml))
    assert verdict.is_executable, verdict.findings
    program = load_program(xml)
    assert len(program.nodes) == found.size
    log = log_of(
        (f"{number}-{trace}", activity, f"2026-03-02 09:{minute:02d}:00")
        for number, trace in enumerate(cases)
        for minute, activity in enumerate(trace or "a")
    )
    here = conformance_of(net_of_tree(found.tree), variant_multiset(log), limits=Limits())
    there = check_conformance(log, program)
    assert here.fitness == pytest.approx(there.fitness)


@settings(deadline=None, max_examples=40)
@given(CASES)
def test_shapes_of_a_drawing_never_overlap_and_arrows_are_straight_or_bent_square(cases):
    found = discover_with(multiset_of(cases), coverage=1.0, filter=0.0)
    drawing = draw(found.tree)
    for one, other in combinations(drawing.shapes, 2):
        apart = (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
        assert apart, (one, other)
    for arrow in drawing.arrows:
        for (x, y), (to_x, to_y) in zip(arrow.points[:-1], arrow.points[1:], strict=True):
            assert x == to_x or y == to_y


def test_the_best_model_of_a_noisy_log_is_the_process_behind_the_noise():
    cases = {"abcd": 60, "acbd": 38, "abd": 1, "badcc": 1}
    found = discover(multiset_of(cases))
    assert text(found.tree) == "seq(a and(b c) d)"
    assert found.size == model_size(found.tree) == 8


def test_an_empty_log_has_no_model():
    with pytest.raises(NothingToDiscover, match="no cases"):
        discover(multiset_of({}))


@pytest.mark.parametrize(
    ("name", "f_score", "size"),
    [
        # The inductive miner - infrequent of PM4Py at 0.2: F .966 with 16 nodes, .875 with 52.
        ("bpic2013_closed_problems.xes.gz", 0.97, 14),
        ("helpdesk_italy.xes.gz", 0.97, 40),
    ],
)
def test_on_public_logs_the_model_is_better_and_smaller_than_the_infrequent_miners(
    name, f_score, size
):
    multiset = variant_multiset(read_bytes(shared_log(name).read_bytes(), name=name).log)
    found = discover(multiset)
    assert found.quality.f_score >= f_score
    assert found.size <= size

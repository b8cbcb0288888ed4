"""Fitness and precision of fixed models on public logs equal those of PM4Py 2.7.23."""

import pytest
from tests.kernel.mining.cast import read_bytes, shared_log

from servoloop.kernel.mining.conformance.check import Limits, conformance_of
from servoloop.kernel.mining.discovery.tree import NOTHING, Block, Leaf, Operator, Tree, net_of_tree
from servoloop.kernel.mining.multiset import variant_multiset


def sequence(*children: Tree) -> Tree:
    return Block(Operator.SEQUENCE, children)


def optional(child: Tree) -> Tree:
    return Block(Operator.CHOICE, (child, NOTHING))


def repeated(child: Tree) -> Tree:
    return Block(Operator.LOOP, (child, NOTHING))


MODELS = {
    "bpic2013_closed_problems.xes.gz": sequence(
        repeated(sequence(optional(Leaf("Queued")), Leaf("Accepted"))), Leaf("Completed")
    ),
    "helpdesk_italy.xes.gz": sequence(
        optional(Leaf("Insert ticket")),
        repeated(Leaf("Assign seriousness")),
        optional(repeated(sequence(Leaf("Take in charge ticket"), optional(Leaf("Wait"))))),
        repeated(Leaf("Resolve ticket")),
        Leaf("Closed"),
    ),
}


@pytest.mark.parametrize(
    ("name", "fitness", "precision"),
    [
        ("bpic2013_closed_problems.xes.gz", 0.9891637039333842, 0.9683618773695908),
        ("helpdesk_italy.xes.gz", 0.9828391766031429, 0.9879696803430267),
    ],
)
def test_fitness_and_precision_are_the_peers(name, fitness, precision):
    multiset = variant_multiset(read_bytes(shared_log(name).read_bytes(), name=name).log)
    found = conformance_of(net_of_tree(MODELS[name]), multiset, limits=Limits())
    assert found.method == "alignment"
    assert found.fitness == pytest.approx(fitness, abs=1e-12)
    assert found.precision == pytest.approx(precision, abs=1e-12)

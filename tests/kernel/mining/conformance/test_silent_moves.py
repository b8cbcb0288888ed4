"""The compiled search for silent ways, on nets of more places than a word has bits."""

from servoloop.kernel.mining.conformance.net import Net, Transition
from servoloop.kernel.mining.conformance.silent_moves import silent_way, step_table

PLACES = 150


def corridor() -> Net:
    """A token walks silently from place 0 to the last; there `arrive` takes it."""
    silent = [
        Transition(label=None, consume=1 << place, produce=1 << (place + 1))
        for place in range(PLACES - 1)
    ]
    arrive = Transition(label="arrive", consume=1 << (PLACES - 1), produce=0)
    return Net(initial=1, transitions=(*silent, arrive), places=PLACES)


def test_the_way_leads_through_all_words_of_a_marking():
    way = silent_way(step_table(corridor()), 1, [PLACES - 1], most_markings=2_000)
    assert way == list(range(PLACES))


def test_no_way_is_found_beyond_the_limit():
    assert silent_way(step_table(corridor()), 1, [PLACES - 1], most_markings=100) is None


def test_without_a_wanted_step_the_way_leads_to_the_empty_marking():
    last = Transition(label=None, consume=1, produce=0)
    net = Net(initial=1, transitions=(last,), places=1)
    assert silent_way(step_table(net), 1, [], most_markings=10) == [0]
    assert silent_way(step_table(net), 0, [], most_markings=10) == []


def test_a_step_waits_until_the_places_that_hold_it_back_are_empty():
    sweep = Transition(label=None, consume=2, produce=0)
    held = Transition(label="close", consume=1, produce=0, empty=2)
    net = Net(initial=3, transitions=(sweep, held), places=2)
    assert silent_way(step_table(net), 3, [1], most_markings=10) == [0, 1]


def test_the_shortest_way_is_taken():
    steps = (
        Transition(label=None, consume=1, produce=2),
        Transition(label=None, consume=2, produce=4),
        Transition(label=None, consume=1, produce=4),
        Transition(label="done", consume=4, produce=0),
    )
    net = Net(initial=1, transitions=steps, places=3)
    assert silent_way(step_table(net), 1, [3], most_markings=10) == [2, 3]

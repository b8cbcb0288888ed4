import pytest

from servoloop.kernel.feel.checking import check_tree
from servoloop.kernel.feel.expression import compile
from servoloop.kernel.feel.tree import ContextType, ListType, NamedType, TypeNode
from servoloop.kernel.feel.types import DefinedType

NUMBER, STRING = NamedType(name="number"), NamedType(name="string")
ORDER = ContextType(entries=(("total", NUMBER), ("lines", ListType(item=NUMBER))))
NAMES: dict[str, TypeNode] = {
    "amount": NUMBER,
    "tier": STRING,
    "order": NamedType(name="Order"),
    "anything": NamedType(name="Any"),
}
TYPES = {"Order": DefinedType(type=ORDER)}


def findings(text: str) -> list[str]:
    found = check_tree(compile(text, NAMES).syntax, names=NAMES, types=TYPES)
    return [finding.message for finding in found]


@pytest.mark.parametrize(
    "text",
    [
        'amount > 5 and tier = "gold"',
        "order.total * 2 > amount",
        "for x in order.lines return x + 1",
        "order.lines[item > 3][1] + 1",
        "some x in anything satisfies x.a = 1",
        "{a: 1, b: a + 1}.b > 0",
        'if tier = null then "a" else upper case(tier)',
        "anything[price > 3].price",
        '@"2026-01-01" + @"P1D" > today()',
        "(function(x) x + amount)(1)",
    ],
)
def test_a_sound_rule_has_no_findings(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("amont > 5", "There is no 'amont'. Known: amount, anything, order, tier."),
        ("amount > tier", "'>' cannot compare a number with a string."),
        ('amount + "x"', "'+' cannot join a number and a string."),
        ("amount and true", "'and' joins conditions, not a number."),
        ("if tier then 1 else 2", "'if' needs a condition, not a string."),
        ("order.totl", "There is no '.totl'. Known: total, lines."),
        ("nonsense(1)", "There is no function 'nonsense'."),
        ("substring(tier)", "'substring' is called as"),
        ('@"2026-13-01"', '@"2026-13-01" is no date, time or duration.'),
    ],
)
def test_a_mistake_is_told_in_the_words_of_the_rule(text: str, message: str) -> None:
    assert [found for found in findings(text) if found.startswith(message)]

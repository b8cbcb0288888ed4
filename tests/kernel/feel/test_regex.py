import pytest

from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.regex import BadPattern, compile_pattern


def found(pattern: str, text: str, flags: str = "") -> str | None:
    groups = compile_pattern(pattern, flags).search(text, 0, Budget())
    return None if groups is None else text[groups[0] : groups[1]]


@pytest.mark.parametrize(
    ("pattern", "text", "match"),
    [
        ("a*", "aaa", "aaa"),
        ("a+?", "aaa", "a"),
        ("(ab|a)(bc)?", "abc", "ab"),
        ("a{2,3}", "aaaa", "aaa"),
        ("a{2}", "a", None),
        ("^b", "ab", None),
        ("[a-c-[b]]+", "bac", "ac"),
        ("[^a]", "ab", "b"),
        ("\\d+", "x42", "42"),
        ("\\p{Lu}", "aB", "B"),
        ("\\p{IsCyrillic}+", "я", "я"),
        ("(a)(b)\\2\\1", "abba", "abba"),
        ("x|y|", "z", ""),
        ("(?:ab)+", "ababa", "abab"),
        ("中+", "有中中", "中中"),
    ],
)
def test_the_first_match_is_found(pattern: str, text: str, match: str | None) -> None:
    assert found(pattern, text) == match


@pytest.mark.parametrize(
    "pattern", ["(", "a**", "[b-a]", "\\q", "a{2,1}", "[]", "\\1", ")", "\\p{X}"]
)
def test_a_bad_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile_pattern(pattern, "")


def test_flags_change_what_matches() -> None:
    assert found("A.B", "a\nb", "is") == "a\nb"
    assert found("^b$", "a\nb\nc", "m") == "b"
    assert found("a b", "ab", "x") == "ab"
    assert found("a.b", "a.b", "q") == "a.b"
    assert found("a.b", "axb", "q") is None


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|aa)+b", "(a*)*b", "(.*)(.*)(.*)b", "((a?){30})a{30}b", "(a|a?)+b"]
)
def test_patterns_that_blow_up_elsewhere_stay_within_the_budget(pattern: str) -> None:
    budget = Budget(steps=3_000_000)

    assert compile_pattern(pattern, "").search("a" * 200, 0, budget) is None
    assert budget.steps > 0


def test_a_replacement_fills_in_the_groups() -> None:
    pattern = compile_pattern("(\\w)(\\d)", "")

    assert pattern.replace("a1 b2", "$2$1\\$$0", Budget()) == "1a$a1 2b$b2"
    with pytest.raises(BadPattern):
        pattern.replace("a1", "$", Budget())

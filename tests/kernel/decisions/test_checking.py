from servoloop.kernel.decisions.checking import check_decisions
from servoloop.kernel.decisions.problems import Problem
from tests.kernel.decisions.cast import decision, inputs, program, requires, table

COLUMNS = {"amount": "number", "tier": "string"}


def problems(body: str) -> list[Problem]:
    return list(check_decisions(program(body)))


def test_a_complete_table_has_no_problems() -> None:
    rules = [(("< 100", "-"), "1"), ((">= 100", '"gold"'), "2"), ((">= 100", 'not("gold")'), "3")]

    assert problems(table(COLUMNS, rules)) == []


def test_a_gap_is_shown_by_an_input_that_no_rule_covers() -> None:
    rules = [(("< 100", "-"), "1"), (("> 100", '"gold"'), "2")]

    (gap,) = problems(table(COLUMNS, rules))

    assert gap.kind == "gap"
    assert not gap.is_error
    assert gap.message == 'No rule covers amount = 100, tier = "gold".'
    assert gap.example == {"amount": 100, "tier": "gold"}


def test_a_default_answer_closes_all_gaps() -> None:
    assert problems(table({"amount": "number"}, [(("1",), "2")], default="0")) == []


def test_an_overlap_is_shown_by_an_input_that_two_rules_match() -> None:
    rules = [(("<= 100", "-"), "1"), ((">= 100", '"gold"'), "2"), (("> 100", "-"), "3")]

    found = problems(table(COLUMNS, rules))

    assert [(problem.kind, problem.rules) for problem in found] == [
        ("overlap", (1, 2)),
        ("overlap", (2, 3)),
    ]
    assert found[0].example == {"amount": 100, "tier": "gold"}
    assert "Rules 1 and 2 both match amount = 100" in found[0].message


def test_rules_that_agree_may_overlap_under_any() -> None:
    same = [(("<= 10",), "1"), ((">= 10",), "1")]
    other = [(("<= 10",), "1"), ((">= 10",), "2")]

    assert problems(table({"amount": "number"}, same, policy="ANY")) == []
    assert [p.kind for p in problems(table({"amount": "number"}, other, policy="ANY"))] == [
        "overlap"
    ]


def test_a_rule_behind_a_catch_all_never_answers() -> None:
    rules = [(("< 10",), "1"), (("-",), "2"), (("5",), "3")]

    (found,) = problems(table({"amount": "number"}, rules, policy="FIRST"))

    assert (found.kind, found.rules) == ("unreachable", (3,))


def test_a_rule_that_contradicts_itself_is_matched_by_nothing() -> None:
    rules = [(("[5..3]",), "1"), (("-",), "2")]

    (found,) = problems(table({"amount": "number"}, rules))

    assert (found.kind, found.message) == ("unreachable", "No input matches rule 1.")


def test_truth_and_texts_need_every_case() -> None:
    columns = {"urgent": "boolean"}

    (gap,) = problems(table(columns, [(("true",), "1")]))

    assert gap.example == {"urgent": False}


def test_open_cells_cause_no_false_alarm() -> None:
    rules = [(("< limit", "-"), "1"), ((">= limit", "-"), "2")]

    assert problems(table({"amount": "number", "limit": "number"}, rules)) == []


def test_a_table_of_many_rules_is_checked_quickly() -> None:
    columns = {"a": "number", "b": "number", "c": "number"}
    rules = [
        ((f"[{a}..{a + 1})", f"[{b}..{b + 1})", f"[{c}..{c + 1})"), f"{a}{b}{c}")
        for a in range(6)
        for b in range(6)
        for c in range(6)
    ]

    found = problems(table(columns, rules))

    assert [problem.kind for problem in found] == ["gap"]


def test_mistakes_in_expressions_are_found() -> None:
    body = (
        inputs(amount="number", tier="string")
        + decision("amont + 1", name="A", needs=requires("amount"))
        + decision("amount > tier", name="B", needs=requires("amount", "tier"))
        + decision("1 +", name="C")
        + decision("1", name="D", type_ref="tMissing")
    )

    assert {(problem.where, problem.kind) for problem in problems(body)} == {
        ("A", "unknown name"),
        ("B", "type"),
        ("C", "syntax"),
        ("D", "unknown type"),
    }


def test_a_requirement_that_leads_nowhere_is_found() -> None:
    (found,) = problems(decision("1", needs=requires("ghost")))

    assert found.message == "The required element '#ghost' does not exist."

import pytest

from servoloop.kernel.decisions.errors import UnknownDecision
from servoloop.kernel.decisions.program import compile_decisions
from servoloop.kernel.feel.errors import BudgetExceeded
from tests.kernel.decisions.cast import answer, decision, document, inputs, program, requires

DISCOUNT = (
    '<businessKnowledgeModel id="discount" name="discount"><variable name="discount"/>'
    '<encapsulatedLogic><formalParameter name="tier" typeRef="string"/>'
    '<literalExpression><text>if tier = "gold" then 0.2 else 0</text></literalExpression>'
    "</encapsulatedLogic></businessKnowledgeModel>"
)
NEEDS_DISCOUNT = (
    '<knowledgeRequirement><requiredKnowledge href="#discount"/></knowledgeRequirement>'
)


def needs_decision(*names: str) -> str:
    return "".join(
        f'<informationRequirement><requiredDecision href="#{name}"/></informationRequirement>'
        for name in names
    )


def test_a_decision_uses_inputs_other_decisions_and_knowledge() -> None:
    body = (
        inputs(price="number", tier="string")
        + DISCOUNT
        + decision("discount(tier)", name="Rate", needs=requires("tier") + NEEDS_DISCOUNT)
        + decision("price * (1 - Rate)", needs=requires("price") + needs_decision("Rate"))
    )

    assert answer(program(body), price=100, tier="gold") == 80


def test_only_what_is_required_is_in_scope() -> None:
    assert answer(program(inputs(price="number") + decision("price")), price=1) is None


def test_an_input_of_another_type_than_declared_is_null() -> None:
    model = program(inputs(price="number") + decision("price = null", needs=requires("price")))

    assert answer(model, price="much") is True


def test_an_answer_of_another_type_than_declared_is_null() -> None:
    assert answer(program(decision('"a"', type_ref="number"))) is None
    assert answer(program(decision("[1]", type_ref="number"))) == 1


def test_types_of_the_model_have_parts_lists_and_allowed_values() -> None:
    types = (
        '<itemDefinition name="Tier"><typeRef>string</typeRef>'
        '<allowedValues><text>"gold","silver"</text></allowedValues></itemDefinition>'
        '<itemDefinition name="Order"><itemComponent name="tier"><typeRef>Tier</typeRef>'
        '</itemComponent><itemComponent name="line totals" isCollection="true">'
        "<typeRef>number</typeRef></itemComponent></itemDefinition>"
    )
    text = 'sum(order.line totals) + (if order.tier = "gold" then 1 else 0)'
    model = program(types + inputs(order="Order") + decision(text, needs=requires("order")))

    assert answer(model, order={"tier": "gold", "line totals": [1, 2]}) == 4
    assert answer(model, order={"tier": "iron", "line totals": [1, 2]}) is None


def test_boxes_of_every_kind_are_evaluated() -> None:
    def literal(text: str) -> str:
        return f"<literalExpression><text>{text}</text></literalExpression>"

    body = f"""
      <decision id="a" name="Answer"><variable name="Answer"/><context>
        <contextEntry><variable name="f"/><functionDefinition><formalParameter name="x"/>
          {literal("x + 1")}</functionDefinition></contextEntry>
        <contextEntry><variable name="called"/><invocation>{literal("f")}
          <binding><parameter name="x"/>{literal("41")}</binding></invocation></contextEntry>
        <contextEntry><variable name="items"/><list>{literal("1")}{literal("2")}</list>
        </contextEntry>
        <contextEntry><variable name="rows"/><relation><column name="p"/><column name="q"/>
          <row>{literal("1")}{literal("2")}</row><row>{literal("3")}{literal("4")}</row></relation>
        </contextEntry>
        <contextEntry><variable name="chosen"/><conditional><if>{literal("called = 42")}</if>
          <then>{literal('"yes"')}</then><else>{literal('"no"')}</else></conditional></contextEntry>
        <contextEntry><variable name="kept"/><filter><in>{literal("rows")}</in>
          <match>{literal("p = 3")}</match></filter></contextEntry>
        <contextEntry><variable name="doubled"/>
          <for iteratorVariable="i"><in>{literal("items")}</in>
          <return>{literal("i * 2")}</return></for></contextEntry>
        <contextEntry><variable name="any"/><some iteratorVariable="i"><in>{literal("items")}</in>
          <satisfies>{literal("i = 2")}</satisfies></some></contextEntry>
        <contextEntry><variable name="each"/><every iteratorVariable="i"><in>{literal("items")}</in>
          <satisfies>{literal("i = 2")}</satisfies></every></contextEntry>
        <contextEntry>{literal("[called, items, rows.q, chosen, kept.q, doubled, any, each]")}
        </contextEntry>
      </context></decision>"""

    assert answer(program(body)) == [42, [1, 2], [2, 4], "yes", [4], [2, 4], True, False]


SERVICE = (
    '<decisionService id="s" name="total of"><variable name="total of"/>'
    '<outputDecision href="#Answer"/><inputDecision href="#Rate"/><inputData href="#price"/>'
    "</decisionService>"
)


def test_a_service_is_a_function_of_its_inputs() -> None:
    body = (
        inputs(price="number")
        + decision("0.5", name="Rate")
        + decision("price * (1 - Rate)", needs=requires("price") + needs_decision("Rate"))
        + SERVICE
        + decision(
            "total of(100, 0.1) + total of(Rate: 0, price: 1)",
            name="Both",
            needs='<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>',
        )
    )
    model = program(body)

    assert model.evaluate("Both", {}).value == 91
    assert model.invoke("total of", {"price": 10, "Rate": 0}) == 10
    assert answer(model, price=10) == 5


def test_an_imported_model_is_reached_by_the_name_of_its_import() -> None:
    base = document(
        inputs(price="number")
        + DISCOUNT
        + '<itemDefinition name="Percent"><typeRef>number</typeRef></itemDefinition>'
        + decision("price * 2", name="double price", needs=requires("price")),
        namespace="urn:base",
    )
    body = (
        '<import name="base" namespace="urn:base" importType="DMN"/>'
        + '<decision id="Answer" name="Answer"><variable name="Answer" typeRef="base.Percent"/>'
        + '<informationRequirement><requiredDecision href="urn:base#double price"/>'
        + "</informationRequirement>"
        + '<knowledgeRequirement><requiredKnowledge href="urn:base#discount"/>'
        + "</knowledgeRequirement><literalExpression>"
        + '<text>base.double price * (1 - base.discount("gold"))</text>'
        + "</literalExpression></decision>"
    )

    model = compile_decisions(document(body).model, imported=[base.model])

    assert model.problems == ()
    assert model.evaluate("Answer", {"base": {"price": 100}}).value == 160


def test_decisions_that_require_each_other_end_in_null() -> None:
    body = decision("B", name="A", needs=needs_decision("B")) + decision(
        "A", name="B", needs=needs_decision("A")
    )

    assert program(body).evaluate("A", {}).value is None


def test_a_knowledge_model_that_never_ends_is_stopped() -> None:
    loop = DISCOUNT.replace('if tier = "gold" then 0.2 else 0', "discount(tier)")

    with pytest.raises(BudgetExceeded):
        answer(program(loop + decision('discount("x")', needs=NEEDS_DISCOUNT)))


def test_an_unknown_decision_is_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownDecision, match=r"No decision 'Anwser'\. Known: Answer\."):
        program(decision("1")).evaluate("Anwser", {})


def test_functions_in_other_languages_answer_null() -> None:
    external = DISCOUNT.replace("<encapsulatedLogic>", '<encapsulatedLogic kind="Java">')

    model = program(external + decision('discount("gold")', needs=NEEDS_DISCOUNT))

    assert answer(model) is None

"""What a step is worth: said by the user, by the definition, or proposed from its name.

A proposal is only that: what patterns of names in English and Chinese suggest, shown with the word
that suggested it. Doing a step again in the same case is waste whatever the step is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.step import Layer, Step, ValueClass


class Source(StrEnum):
    """Who says what a step is worth."""

    USER = "user"
    DEFINITION = "definition"
    NAME = "name"  # a word in its name
    CUSTOMER = "customer"  # the definition says that the customer does it, or waits for them
    NOTHING = "nothing"  # no word is known: taken for business value, the middle one


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """A class with its provenance; `word` is what suggested it."""

    value: ValueClass
    source: Source
    word: str = ""


class UnknownValueClass(ServoloopError):
    """A class that does not exist."""

    def __init__(self, name: str) -> None:
        self.name = name
        known = ", ".join(each.value for each in ValueClass)
        super().__init__(f"There is no value class '{name}'; known: {known}.")


WASTE = re.compile(
    r"\bstatus (inquir|enquir|request|question|check)\w*"
    r"|\bre-?(work|do|open|assign|queue)\w*|\bcorrect\w*|\bwait\w*|\bpending\b|\bon hold\b"
    r"|\bqueued?\b|\btransfer\w*|\bhand.?over|\bforward\w*|\bescalat\w*|\bchas(e|ing)\b|\bremind\w*"
    r"|\bduplicate\w*|\btravel\w*|\bdriv(e|es|ing)\b|\bmove\b|\btake.in.charge"
    r"|返工|重做|更正|等待|排队|挂起|转交|转派|移交|升级|催|提醒|重复|搬运|路途|行程",
    re.IGNORECASE,
)
CONTROL = re.compile(
    r"\bapprov\w*|\bauthori[sz]\w*|\bsign.?off|\bcheck\w*|\bverif\w*|\breview\w*|\baudit\w*"
    r"|\binspect\w*|\bregist\w*|\brecord\w*|\blog\b|\barchiv\w*|\bassign\w*|\btriage\w*"
    r"|\bclassif\w*|\bpriorit\w*|\bseverity\b|\bschedul\w*|\bplan\w*|\bbook\b|\bclos(e|ed|ing|ure)\b"
    r"|\bvalidat\w*|\bpolicy\b|\bcreate\b|\binsert\w*|\bask\w*|\brequest\w*|\brequir\w*"
    r"|审批|批准|复核|审核|核对|检查|登记|归档|分派|分级|受理|验收|质检|计算|判断|关闭|结案|入账|备案|索要|补充",
    re.IGNORECASE,
)
SERVING = re.compile(
    r"\banswer\w*|\breply\w*|\brespon[ds]\w*|\bresol\w*|\bsolv\w*|\bfix\w*|\brepair\w*|\bdeliver\w*"
    r"|\brefund\w*|\bpay\w*|\bship\w*|\bsend\w*|\binform\w*|\bnotif\w*|\btell\b|\bcall\w*|\bvisit\w*"
    r"|\binstall\w*|\breplac\w*|\badvis\w*|\bdiagnos\w*"
    r"|解决|答复|回复|修复|维修|修理|退款|付款|支付|发货|寄|告知|通知|致电|安抚|上门|安装|更换|解答",
    re.IGNORECASE,
)
_PATTERNS = (
    (ValueClass.WASTE, WASTE),
    (ValueClass.BUSINESS, CONTROL),
    (ValueClass.CUSTOMER, SERVING),
)


def value_of(
    activity: str, *, step: Step | None = None, said: Mapping[str, ValueClass] | None = None
) -> Valued:
    """The class of a step: the user's word first, then the definition's, then its name's."""
    if said and activity in said:
        return Valued(value=said[activity], source=Source.USER)
    if step is not None:
        if step.value_class is not None:
            return Valued(value=step.value_class, source=Source.DEFINITION)
        if step.waits_for_customer:
            return Valued(value=ValueClass.WASTE, source=Source.CUSTOMER)
        if step.layer is Layer.CUSTOMER:
            return Valued(value=ValueClass.CUSTOMER, source=Source.CUSTOMER)
    for value, pattern in _PATTERNS:
        found = pattern.search(activity.replace("_", " "))
        if found is not None:
            return Valued(value=value, source=Source.NAME, word=found.group().strip())
    return Valued(value=ValueClass.BUSINESS, source=Source.NOTHING)


def known_value_class(name: str) -> ValueClass:
    """Raises UnknownValueClass."""
    try:
        return ValueClass(name.strip().lower())
    except ValueError:
        raise UnknownValueClass(name) from None

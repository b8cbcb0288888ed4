"""Every line of an outline read by itself: what it is, who, how long."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from servoloop.kernel.process.outline import words as known
from servoloop.kernel.process.outline.spans import SPAN, Span, read_span

TAB = 4  # columns
LONGEST = 240  # characters of a line that can be one step
_ROLE = re.compile(
    r"^[\[【(（@]?\s*(?P<role>[^:：\]】)）,，。.;；]{1,24}?)\s*"
    r"(?:[\]】)）]\s*[:：]?|[:：])\s*(?P<rest>\S.*)$"
)
_DASHED = re.compile(r"^(?P<role>[^-–—|]{1,24}?)\s*(?:\s[-–—]+\s|\||→)\s*(?P<rest>\S.*)$")
_PAREN = re.compile(r"\s*[(（]([^()（）]*)[)）]")
_AT_END = re.compile(
    rf"[\s,，;；\-–—]*(?:takes?|about|approx\.?|ca\.?|约|大约|耗时|用时|需要?|时长)?\s*({SPAN})[.。]?$",
    re.I,
)
_WITHIN_AT_END = re.compile(
    rf"[\s,，;；\-–—]*(?:(?:within|under|no later than|最多|限)\s*({SPAN})"
    rf"|({SPAN})\s*(?:之内|以内|内)(?:完成|办结)?)[.。]?$",
    re.I,
)
_WITHIN_FIRST = re.compile(rf"^(?:在)?({SPAN})\s*(?:之内|以内|内)(?:完成|办结)?[，,]?\s*", re.I)
_HINT = re.compile(r"within|under|response|respond|限|内|响应|时限", re.I)
_ABOUT_TIME = re.compile(
    r"^\d|min|hour|day|time|asap|soon|immediately|分钟|小时|天|立即|尽快|马上", re.I
)
_NUMERALS = "零一二三四五六七八九十"


class Sort(StrEnum):
    BLANK = "blank"
    TITLE = "title"
    GOAL = "goal"
    OWNER = "owner"
    PROMISE = "promise"
    START = "start"
    STEP = "step"
    SEND = "send"
    WAIT = "wait"
    IF = "if"
    ELSE_IF = "else_if"
    ELSE = "else"
    REPEAT = "repeat"
    PARALLEL = "parallel"
    BACK = "back"
    END = "end"
    METHOD = "method"
    UNKNOWN = "unknown"


class Remark(StrEnum):
    """What a person should know about how a line was taken."""

    NOT_UNDERSTOOD = "not-understood"
    NO_TIME = "no-time"
    NO_ROLE = "no-role"
    UNKNOWN_ROLE = "unknown-role"
    TIME_NOT_UNDERSTOOD = "time-not-understood"
    NEXT_LINE_ONLY = "next-line-only"
    EMPTY = "empty"
    ELSE_WITHOUT_IF = "else-without-if"
    NO_SUCH_STEP = "no-such-step"
    CANNOT_GO_BACK = "cannot-go-back"
    END_IN_PARALLEL = "end-in-parallel"
    AFTER_END = "after-end"
    WAITS_BY_HAND = "waits-by-hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it was taken. `words` are the step, the condition or the value."""

    number: int  # from 1
    text: str
    sort: Sort
    indent: int = 0
    mark: int | None = None  # its own number, as in '3.'
    words: str = ""
    rest: str = ""  # what stands on the same line after a condition
    role: str = ""  # key of a known role, else as written
    time: Span | None = None
    within: Span | None = None
    method: str = ""
    has_heading_colon: bool = False
    remarks: tuple[tuple[Remark, str], ...] = field(default=())

    def timed(self, span: Span, *, is_limit: bool) -> "Line":
        """With a standard time, or a limit within which it is done."""
        return replace(self, within=span) if is_limit else replace(self, time=span)

    def noted(self, remark: Remark, value: str = "") -> "Line":
        return replace(self, remarks=(*self.remarks, (remark, value)))


class LineReader:
    """`roles` maps what people call a role, in lower case, to its key."""

    def __init__(self, roles: Mapping[str, str]) -> None:
        self._roles = roles
        self._names = sorted(roles, key=len, reverse=True)

    def read(self, number: int, raw: str) -> Line:
        expanded = raw.expandtabs(TAB).rstrip()
        text = expanded.strip()
        indent = len(expanded) - len(expanded.lstrip())
        indent += expanded[:indent].count("\u3000")  # an ideographic space is two columns wide
        if not any(each.isalnum() for each in text):
            sort = Sort.UNKNOWN if text and set(text) - set("-=_*#~. ") else Sort.BLANK
            line = Line(number=number, text=raw, sort=sort, indent=indent)
            return line.noted(Remark.NOT_UNDERSTOOD) if sort is Sort.UNKNOWN else line
        if (title := known.TITLE.match(text)) is not None:
            return Line(number=number, text=raw, sort=Sort.TITLE, words=title.group(1).strip("# "))
        mark, body, depth = _unnumbered(text)
        line = self.classify(number, raw, body)
        return replace(line, indent=indent + 2 * depth, mark=mark)

    def classify(self, number: int, raw: str, body: str) -> Line:
        """A line without its bullet, or what stands behind a condition."""

        def made(sort: Sort, words: str = "", rest: str = "") -> Line:
            return Line(number=number, text=raw, sort=sort, words=_clean(words), rest=rest.strip())

        for sort, pattern in (
            (Sort.GOAL, known.GOAL),
            (Sort.OWNER, known.OWNER),
            (Sort.PROMISE, known.PROMISE),
            (Sort.START, known.START),
            (Sort.METHOD, known.METHOD),
        ):
            if (found := pattern.match(body)) is not None:
                return made(sort, found.group(1))
        for sort, pattern in ((Sort.ELSE_IF, known.ELSE_IF), (Sort.IF, known.IF)):
            if (found := pattern.match(body)) is not None:
                condition, rest = _split_condition(found.group(1))
                return made(sort, condition, rest)
            if sort is Sort.ELSE_IF and (found := known.ELSE.match(body)) is not None:
                return made(Sort.ELSE, "", found.group(1))
        for sort, pattern in ((Sort.REPEAT, known.REPEAT), (Sort.BACK, known.BACK)):
            if (found := pattern.match(body)) is not None:
                return made(sort, next(filter(None, found.groups())))
        if (found := known.PARALLEL.match(body)) is not None:
            return made(Sort.PARALLEL, "", found.group(1) or "")
        if (found := known.END.match(body)) is not None:
            return made(Sort.END, found.group(1) or "")
        if (found := known.WAIT.match(body)) is not None:
            return self._wait(made(Sort.WAIT, body), body)
        if len(body) > LONGEST:
            return made(Sort.UNKNOWN).noted(Remark.NOT_UNDERSTOOD)
        return self.step(made(Sort.STEP), body)

    def _wait(self, line: Line, body: str) -> Line:
        span = read_span(body)
        if span is None and known.CUSTOMER.search(body) is None:
            return replace(self.step(line, body), sort=Sort.STEP).noted(Remark.WAITS_BY_HAND)
        return replace(line, time=span)

    def step(self, line: Line, body: str) -> Line:
        """Role, time and words of a step; each may be missing."""
        line = replace(line, has_heading_colon=body.endswith((":", "：")))
        body = body.rstrip(":：")
        line, body = self._in_parentheses(line, body)
        role, body = self._role_first(body)
        line, body = _times(line, body)
        if not line.role and role:
            line = replace(line, role=role)
        if line.role and known.SYSTEM.match(line.role) is not None:
            sort = Sort.SEND if known.SENDING.match(body) else Sort.STEP
            return replace(line, sort=sort, role="system", words=_clean(body))
        if line.role and known.CUSTOMER.fullmatch(line.role) is not None:
            return replace(line, sort=Sort.WAIT, role="", words=_clean(body))
        if not line.role and known.SENDING.match(body) and known.CUSTOMER.search(body):
            return replace(line, sort=Sort.SEND, role="system", words=_clean(body))
        if line.role:
            key = self._roles.get(line.role.lower())
            line = replace(line, role=key or line.role)
            line = line if key else line.noted(Remark.UNKNOWN_ROLE, line.role)
        return replace(line, words=_clean(body))

    def _in_parentheses(self, line: Line, body: str) -> tuple[Line, str]:
        """Times and roles in parentheses; other words stay where they are."""
        for found in list(_PAREN.finditer(body)):
            kept = []
            for part in re.split(r"[,，;；、/]", found.group(1)):
                word = part.strip()
                span = read_span(word)
                if span is not None:
                    line = line.timed(span, is_limit=_HINT.search(word) is not None)
                elif word.lower() in self._roles or known.SYSTEM.match(word):
                    line = replace(line, role=word)
                elif _ABOUT_TIME.search(word):
                    line = line.noted(Remark.TIME_NOT_UNDERSTOOD, word)
                elif word:
                    kept.append(word)
            if not kept:
                body = body.replace(found.group(), "", 1)
        return line, body.strip()

    def _role_first(self, body: str) -> tuple[str, str]:
        """'Agent: check', '[Agent] check', 'Agent – check', 'The agent checks', '主管审批'."""
        found = _ROLE.match(body)
        if found is not None and len(found.group("role").split()) <= 4:
            return found.group("role").strip(), found.group("rest")
        found = _DASHED.match(body)
        if found is not None and found.group("role").strip().lower() in self._roles:
            return found.group("role").strip(), found.group("rest")
        lower = body.lower().removeprefix("the ")
        shift = len(body) - len(lower)
        for name in self._names:
            if lower.startswith(name) and len(lower) > len(name) + 1:
                after = body[shift + len(name) :]
                if known.CHINESE.match(name[-1:]) or after[:1] in " ,，":
                    return name, after.lstrip(" ,，")
        return "", body


def _unnumbered(text: str) -> tuple[int | None, str, int]:
    """The number of the line, the text behind its bullet, and how deep '2.1' stands."""
    found = known.BULLET.match(text)
    if found is None or found.end() == len(text):
        return None, text, 0
    names = ("number", "nested", "round", "step", "chinese")
    number = next((found.group(name) for name in names if found.group(name)), "")
    body = text[found.end() :].strip()
    depth = number.count(".")
    return (_as_number(number) if not depth else None), body, depth


def _as_number(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    if not text or set(text) - set(_NUMERALS):
        return None
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return _NUMERALS.index(text[-1])
    return (_NUMERALS.index(tens) if tens else 1) * 10 + (_NUMERALS.index(ones) if ones else 0)


def number_in(text: str) -> int | None:
    """The step that 'step 3' or '第三' means."""
    bare = re.sub(r"^(?:step|第|步骤)\s*", "", text.strip(), flags=re.I).rstrip("步.。 ")
    return _as_number(bare)


def _split_condition(text: str) -> tuple[str, str]:
    found = known.BRANCH_END.search(text)
    if found is None:
        return text.rstrip("时"), ""
    return text[: found.start()].rstrip("时"), text[found.end() :]


def _times(line: Line, body: str) -> tuple[Line, str]:
    """Times at the end or, in Chinese, at the beginning of the words."""
    for pattern, is_limit in ((_WITHIN_AT_END, True), (_AT_END, False), (_WITHIN_FIRST, True)):
        found = pattern.search(body)
        if found is None:
            continue
        rest = (body[: found.start()] + body[found.end() :]).strip(" ,，;；-–—")
        span = read_span(found.group())
        if rest and span is not None:
            body = rest
            if (line.within if is_limit else line.time) is None:
                line = line.timed(span, is_limit=is_limit)
    return line, body


def _clean(text: str) -> str:
    return " ".join(text.split()).strip(" ,，;；:：。.")

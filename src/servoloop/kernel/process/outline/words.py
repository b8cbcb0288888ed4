"""The words by which an outline is understood, in English and Chinese."""

import re

_I = re.IGNORECASE

CHINESE = re.compile(r"[\u4e00-\u9fff]")
BULLET = re.compile(
    r"^(?:[-*•·–—◦▪]+\s+|[-•·–—◦▪]+(?=[\u4e00-\u9fff])"
    r"|(?P<number>\d+(?:\.\d+)*)\s*[.)、．:：）]\s*(?!\d)|(?P<nested>\d+(?:\.\d+)+)\s+"
    r"|[(（](?P<round>\d+)[)）]\s*|[a-zA-Z][.)]\s+|[一二三四五六七八九十]+[、.．]\s*"
    r"|(?:step|步骤)\s*(?P<step>\d+)\s*[:：.)、-]?\s*"
    r"|第(?P<chinese>[一二三四五六七八九十\d]+)步\s*[:：、，,]?\s*)",
    _I,
)
TITLE = re.compile(r"^(?:#+\s*|(?:process|title|流程名称|流程|标题)\s*[:：]\s*)(.+)$", _I)
GOAL = re.compile(r"^(?:goal|purpose|aim|目标|目的)\s*[:：]\s*(.+)$", _I)
OWNER = re.compile(r"^(?:process owner|owner|流程负责人|负责人|流程主人)\s*[:：]\s*(.+)$", _I)
PROMISE = re.compile(r"^(?:promise|service levels?|sla|承诺|服务承诺|时限)\s*[:：]\s*(.+)$", _I)
START = re.compile(r"^(?:starts?|begins?|trigger|开始|触发|起点)\s*(?:when\b|[:：])\s*(.+)$", _I)
METHOD = re.compile(
    r"^(?:>+\s*|(?:method|how|sop|方法|做法|操作方法|标准|怎么做)\s*[:：]\s*)(.+)$", _I
)

ELSE_IF = re.compile(
    r"^(?:else if|otherwise if|elif|or if|否则[，,]?\s*(?:如果|若)|或者如果|又如果)\s*(.+)$", _I
)
ELSE = re.compile(
    r"^(?:otherwise|else|if not(?=\s*[:：,，]|$)|in all other cases|in other cases"
    r"|否则|不然|其他情况下?|其余情况下?|反之)\s*[:：,，]?\s*(.*)$",
    _I,
)
IF = re.compile(
    r"^(?:if|in case(?: of)?|should|when|如果|假如|要是|倘若|若是|若"
    r"|如(?=[^何下].*[,，:：则])|当(?=.*时))\s*(.+)$",
    _I,
)
BRANCH_END = re.compile(r"\s*(?:[:：]|,\s*then\b|\bthen\b|,|，|的话，?|(?<=.)时，|则|那么)\s*", _I)
REPEAT = re.compile(
    r"^(?:repeat|loop|do)\b.*?\buntil\s+(.+)$|^(?:重复|循环|反复).*?直到(.+)$"
    r"|^直到(.+?)(?:之前|为止|前)?[，,]\s*(?:重复|循环|反复).*$",
    _I,
)
PARALLEL = re.compile(
    r"^(?:at the same time|in parallel|simultaneously|meanwhile|side by side|all at once"
    r"|同时|并行|与此同时|同步)(?:进行|办理|开展)?\s*(?:[:：]\s*(.*))?$",
    _I,
)
WAIT = re.compile(
    r"^(?:wait|await|pause)\b\s*(.*)$|^(?:等待|等候|等到|等(?=\s*(?:客户|顾客|用户|\d|[一二两三四五六七八九十半])))(.*)$",
    _I,
)
NO_REPLY = re.compile(
    r"\b(?:no|without)\b.*\b(?:reply|answer|response|word)\b"
    r"|\bnot?\b.*\b(?:repl|answer|respon)"
    r"|\btime\s?out\b|\btoo late\b"
    r"|没有?(?:回复|答复|消息|收到)|未(?:回复|答复|收到)|超时|逾期|到期",
    _I,
)
END = re.compile(
    r"^(?:end|done|finish(?:ed)?|stop|close(?: the case)?|the end"
    r"|结束|完成|办结|终止|流程结束|关闭工单|结案)"
    r"(?:\s*[:：]\s*(.+?))?[.。]?$",
    _I,
)
BACK = re.compile(
    r"^(?:go |goes |return |jump |send |sent )?back to (?:step )?(.+?)[.。]?$"
    r"|^(?:返回|回到|退回到?|跳回|转回)(?:第|步骤)?\s*(.+?)(?:步骤?)?[。.]?$",
    _I,
)
APPROVAL = re.compile(r"\b(?:approv|sign[s]? off|authori[sz]e)|审批|批准|核准|签批", _I)
REFUSED = re.compile(
    r"reject|refus|declin|denied|not approved|sent? back|return|disagree"
    r"|不同意|不通过|未通过|不批准|退回|驳回|拒绝|否决",
    _I,
)
GRANTED = re.compile(r"approved|agreed|accepted|granted|passed|\byes\b|同意|通过|批准|准许", _I)
CUSTOMER = re.compile(r"\b(?:customer|client|user|caller|guest)s?\b|客户|顾客|用户|来访者|对方", _I)
SYSTEM = re.compile(
    r"^(?:the )?(?:system|automatic(?:ally)?|bot|auto|machine|software)$"
    r"|^(?:系统|自动|机器人|自动服务|软件)$",
    _I,
)
SENDING = re.compile(
    r"^(?:automatically )?(?:send|notif|inform|tell|e-?mail|text|messag|confirm"
    r"|acknowledg|remind|thank)"
    r"|^(?:自动)?(?:发送|通知|告知|短信|回复|邮件|提醒|确认收|答谢)",
    _I,
)
NUMBER_CONDITION = re.compile(
    r"^(?:the\s+)?(?P<subject>.+?)\s*(?:is\s+|are\s+)?(?P<not>not\s+|不)?"
    r"(?P<word>>=|<=|>|<|＞|＜|≥|≤|at least|at most|up to|above|over|more than|greater than"
    r"|higher than|exceeds?|below|under|less than|lower than|smaller than|大于等于|小于等于|大于"
    r"|超过|高于|多于|超出"
    r"|小于|低于|少于|不足|达到|至少|至多)\s*"
    r"(?:CNY|RMB|EUR|USD|[¥￥€$])?\s*(?P<number>\d+(?:[.,]\d+)*)\s*"
    r"(?P<unit>元|块|CNY|RMB|EUR|USD|[€$%]|个|件|天|分|percent|points?|days?)?$",
    _I,
)
MONEY = re.compile(r"元|块|cny|rmb|eur|usd|[¥￥€$]|金额|价格|费用|amount|price|cost|value|sum", _I)
_AT_LEAST = ("at least", ">=", "≥", "大于等于", "达到", "至少")
_AT_MOST = ("at most", "<=", "≤", "小于等于", "up to", "至多")
_LESS = ("below", "under", "less", "lower", "smaller", "<", "＜", "小于", "低于", "少于", "不足")
_OPPOSITE = {">": "<=", "<": ">=", ">=": "<", "<=": ">"}


def operator_of(word: str, *, negated: bool) -> str:
    """The FEEL sign for a comparison in words."""
    lower = word.lower()
    if lower.startswith(_AT_LEAST):
        sign = ">="
    elif lower.startswith(_AT_MOST):
        sign = "<="
    elif lower.startswith(_LESS):
        sign = "<"
    else:
        sign = ">"
    return _OPPOSITE[sign] if negated else sign


def is_chinese(text: str) -> bool:
    """Whether a text is written in Chinese for the greater part."""
    letters = [each for each in text if each.isalpha()]
    return sum(1 for each in letters if CHINESE.match(each)) * 4 > len(letters)

"""The people of the demo company 'Northwind Home' (北风家居): colleagues, roles and customers."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRole:
    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    username: str
    zh: str
    en: str
    roles: tuple[str, ...]
    language: str = "zh-hans"
    calendar: str = "service_hours"
    speed: float = 1.0  # 1 works as fast as the standard times say
    may_publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCustomer:
    key: str
    name: str
    email: str
    language: str  # "zh-hans" or "en"


ROLES = (
    DemoRole(key="agent", zh="客服专员", en="Agent"),
    DemoRole(key="supervisor", zh="客服主管", en="Supervisor"),
    DemoRole(key="manager", zh="客服经理", en="Manager"),
    DemoRole(key="director", zh="服务总监", en="Service director"),
    DemoRole(key="quality", zh="质量负责人", en="Quality lead"),
    DemoRole(key="technician", zh="技术支持", en="Technician"),
    DemoRole(key="dispatcher", zh="调度员", en="Dispatcher"),
    DemoRole(key="field_engineer", zh="上门工程师", en="Field engineer"),
    DemoRole(key="warehouse", zh="仓库质检", en="Warehouse"),
    DemoRole(key="finance", zh="财务", en="Finance"),
)

COLLEAGUES = (
    Colleague(username="ada", zh="艾达", en="Ada Lindqvist", roles=("agent",), language="en"),
    Colleague(username="lilei", zh="李雷", en="Li Lei", roles=("agent",), speed=1.2),
    Colleague(username="hanmei", zh="韩梅梅", en="Han Meimei", roles=("agent",), speed=0.8),
    Colleague(username="xiaoyu", zh="陈晓雨", en="Chen Xiaoyu", roles=("agent", "technician")),
    Colleague(username="bo", zh="周博", en="Bo Zhou", roles=("supervisor",)),
    Colleague(username="suling", zh="苏玲", en="Su Ling", roles=("supervisor",), speed=0.9),
    Colleague(
        username="cy",
        zh="程悦",
        en="Cy Cheng",
        roles=("manager",),
        calendar="office_hours",
        may_publish=True,
    ),
    Colleague(
        username="lin", zh="林岚", en="Lin Lan", roles=("director",), calendar="office_hours"
    ),
    Colleague(
        username="qiao", zh="乔安", en="Qiao An", roles=("quality",), calendar="office_hours"
    ),
    Colleague(username="tang", zh="唐工", en="Tang Wei", roles=("technician", "dispatcher")),
    Colleague(
        username="fei", zh="费翔宇", en="Fei Xiangyu", roles=("field_engineer",),
        calendar="field_hours",
    ),
    Colleague(
        username="gao", zh="高远", en="Gao Yuan", roles=("field_engineer",),
        calendar="field_hours", speed=0.85,
    ),
    Colleague(
        username="wen", zh="文静", en="Wen Jing", roles=("warehouse",), calendar="office_hours",
        speed=0.7,
    ),
    Colleague(
        username="jin", zh="金凯", en="Jin Kai", roles=("finance",), calendar="office_hours"
    ),
)  # fmt: skip

MO = DemoCustomer(key="mo", name="莫小北", email="mo@example.com", language="zh-hans")

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "洋", "勇", "艳", "杰", "娟", "涛", "明")
_ABROAD = ("Emma Clarke", "Noah Fischer", "Olivia Rossi", "Liam Murphy", "Sofia Novak")


def customers(count: int, *, random: Random) -> list[DemoCustomer]:
    """Mo first, then a seeded crowd; about one in eight writes in English."""
    crowd = [MO]
    for number in range(1, count):
        if number % 8 == 0:
            name, language = random.choice(_ABROAD), "en"
        else:
            name = random.choice(_SURNAMES) + random.choice(_GIVEN) + random.choice(_GIVEN)
            language = "zh-hans"
        crowd.append(
            DemoCustomer(
                key=f"customer-{number:03d}",
                name=name,
                email=f"customer{number:03d}@example.com",
                language=language,
            )
        )
    return crowd

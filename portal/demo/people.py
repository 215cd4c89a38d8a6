"""The people of the demo company and its departments. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.demo.words import Say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class PersonCase:
    """Somebody of the demo company."""

    key: str
    name: Say
    email: str
    staff_number: str
    department: str
    roles: Sequence[str]
    manager: str | None = None


#: What a day of each trade costs.
RATES: Mapping[str, str] = {"backend": "1600", "frontend": "1400", "data": "1800", "test": "1200"}
DEPARTMENTS: Mapping[str, Say] = {
    "company": Say("Last-mile company", "末端配送公司"),
    "product": Say("Last-mile products", "末端产品部"),
    "operations": Say("Hub operations", "网点运营部"),
    "engineering": Say("Engineering", "研发部"),
    "office": Say("Process office", "流程管理部"),
}
PEOPLE: Sequence[PersonCase] = (
    PersonCase("boss", Say("Wang Hai", "王海"), "wang.hai@demo.example", "1000", "company", ("lead",)),
    PersonCase("lead", Say("Zhou Min", "周敏"), "zhou.min@demo.example", "1001", "product", ("lead",), "boss"),
    PersonCase("lead2", Say("Sun Li", "孙丽"), "sun.li@demo.example", "1006", "engineering", ("lead",), "boss"),
    PersonCase("pm", Say("Lin Yue", "林悦"), "lin.yue@demo.example", "1002", "product", ("pm",), "lead"),
    PersonCase("pm2", Say("Li Ran", "李然"), "li.ran@demo.example", "1003", "operations", ("pm",), "lead"),
    PersonCase(
        "engineer",
        Say("Chen Siyuan", "陈思远"),
        "chen.siyuan@demo.example",
        "1004",
        "engineering",
        ("engineer",),
        "lead2",
    ),
    PersonCase("admin", Say("He Jing", "何静"), "he.jing@demo.example", "1005", "office", ("admin",), "boss"),
    PersonCase("pm3", Say("Zhao Kai", "赵凯"), "zhao.kai@demo.example", "1007", "operations", ("pm",), "lead"),
    PersonCase(
        "engineer2",
        Say("Huang Wei", "黄薇"),
        "huang.wei@demo.example",
        "1008",
        "engineering",
        ("engineer",),
        "lead2",
    ),
    PersonCase(
        "engineer3", Say("Xu Peng", "徐鹏"), "xu.peng@demo.example", "1009", "engineering", ("engineer",), "lead2"
    ),
    PersonCase("ops", Say("Deng Fang", "邓芳"), "deng.fang@demo.example", "1010", "operations", (), "lead"),
    PersonCase("finance", Say("Gao Yun", "高芸"), "gao.yun@demo.example", "1011", "office", (), "boss"),
)


#: Who heads which department.
HEADS: Mapping[str, str] = {
    "company": "boss",
    "product": "lead",
    "operations": "lead",
    "engineering": "lead2",
    "office": "boss",
}

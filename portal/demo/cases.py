"""The ten projects of the demo company with stories of their own, one in each stage. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.demo.risks import CAMERA, DRIVERS_SKIP, GATEWAY, NIGHT_NETWORK, RULES_MISJUDGE, SMALL_PRINTER
from portal.demo.words import Say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.demo.risks import RiskCase


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a pitch that is more than light says beyond: its low-cost option, and the meeting of its review.

    `engineers` answered blind, each a step beside the other; `agreed` is what they agreed on for the first risk (chance,
    days, why); `condition` what they passed it with.
    """

    low_cost: Say
    gives_up: Say
    low_days: str
    engineers: Sequence[str]
    agreed: tuple[str, str, Say] | None = None
    condition: Say | None = None


@dataclass(frozen=True, slots=True)
class ProjectCase:
    """A pitch and what belongs to it."""

    key: str
    owner: str
    partner: str
    product: str
    title: Say
    problem: Say
    unit_benefit: str | None
    reach: str | None
    unit: Say
    probability: str | None
    basis: str
    evidence: Say
    days: str
    material: str | None = None
    material_label: Say | None = None
    risks: Sequence[RiskCase] = ()
    engineer: str = "engineer"
    #: In how many working days from today it is wanted.
    wanted: int = 18
    weighed: Weighed | None = None
    #: So many person-days the last approver caps it at, which its owner accepts.
    less_days: str | None = None
    #: Documents that its pitch links: what it is called, and the end of its address.
    links: Sequence[tuple[Say, str]] = ()


#: What the draft is linked to, and what an engineer says of it.
DRAFT_LINK = Say("Three months at the Hangzhou loan desk", "杭州借用台三个月的记录")
DRAFT_COMMENT = Say(
    "Does the count include leased bags? They are scanned elsewhere.", "数量里算租来的袋子吗？它们是在别处扫描的。"
)
CASES: Sequence[ProjectCase] = (
    ProjectCase(
        "draft",
        "pm",
        "pm2",
        "vans",
        Say("Show the count of empty bags at hand-over", "交接时显示空袋数量"),
        Say(
            "Drivers leave the hub without knowing how many reusable bags they carry, so nobody notices when fewer come "
            "back. Show the count at hand-over and ask for a reason when it differs.",
            "司机离开网点时不知道带了多少循环袋，少了也没人发现。交接时显示数量，不一致就问一句原因。",
        ),
        "46",
        "1200",
        Say("bags lost", "个丢失的袋子"),
        "0.15",
        "analogous",
        Say("Hangzhou loan desk, three months", "杭州借用台，三个月"),
        "14",
    ),
    ProjectCase(
        "submitted",
        "pm",
        "pm2",
        "care",
        Say("Warn customers before a parcel is late", "包裹要晚时先告诉客户"),
        Say(
            "One late parcel in nine becomes a complaint, and one complaint in five costs the next order. Tell the customer "
            "as soon as the route falls behind, with a new time.",
            "九个延误包裹里有一个变成投诉，五个投诉里有一个丢掉下一单。路线一落后就告诉客户新的时间。",
        ),
        "38",
        "5400",
        Say("late parcels", "个延误包裹"),
        "0.04",
        "measured",
        Say("Complaints tagged late, August to October", "8 至 10 月标记延误的投诉"),
        "12",
        links=((Say("Complaints tagged late", "标记延误的投诉"), "care/late"),),
    ),
    ProjectCase(
        "approved",
        "pm2",
        "pm",
        "vans",
        Say("Van keys signed out by phone", "手机登记领取车钥匙"),
        Say(
            "Vans disappear for days because the paper list of keys is filled in later. Sign a key out by phone at the "
            "cabinet, so that it is known who has which van.",
            "纸质钥匙表总是事后补填，车经常几天找不到。改为在钥匙柜前用手机登记，谁用哪辆车一目了然。",
        ),
        "900",
        "18",
        Say("van days lost", "个丢失的车日"),
        "0.40",
        "measured",
        Say("Fleet log of three hubs", "三个网点的车队日志"),
        "11",
        "8000",
        Say("Locks for four cabinets", "四个钥匙柜的电子锁"),
        (DRIVERS_SKIP, SMALL_PRINTER),
    ),
    ProjectCase(
        "in_delivery",
        "pm",
        "pm2",
        "vans",
        Say("Bags and vans: scan in, scan out", "车辆与循环袋：进出扫码"),
        Say(
            "Reusable bags and vans worth millions are lost every year between the hubs. Scan each one in and out, and the "
            "last holder is known.",
            "每年有价值数百万的循环袋和车辆在网点之间丢失。进出都扫码，就知道最后在谁手上。",
        ),
        "46",
        "2600",
        Say("bags lost", "个丢失的袋子"),
        "0.22",
        "measured",
        Say("Count of three hubs, July to September", "三个网点 7 至 9 月盘点"),
        "46",
        "12000",
        Say("40 scanners, second hand", "40 把二手扫码枪"),
        (NIGHT_NETWORK, DRIVERS_SKIP, SMALL_PRINTER),
        weighed=Weighed(
            low_cost=Say("Scan vans only, bags by count", "只扫车辆，袋子按数量"),
            gives_up=Say("A lost bag is noticed, but not with whom", "知道丢了袋子，但不知道在谁手上"),
            low_days="19",
            engineers=("engineer", "engineer2", "engineer3"),
            agreed=(
                "0.60",
                "5",
                Say("Two of the seven hubs lose the network every week", "七个网点里有两个每周断网"),
            ),
            condition=Say("Try offline scanning at hub 7 for one night", "在 7 号网点试一晚离线扫码"),
        ),
        links=(
            (Say("Count of three hubs", "三个网点盘点表"), "bags/count-q3"),
            (Say("Scanner tender", "扫码枪询价"), "bags/scanners"),
        ),
    ),
    ProjectCase(
        "launched",
        "pm",
        "pm2",
        "care",
        Say("Late-delivery complaints handled by rule", "延误投诉按规则处理"),
        Say(
            "A clerk reads every late-delivery complaint, though nine in ten get the same answer. Answer those by rule and "
            "keep the clerk for the rest.",
            "每起延误投诉都由客服逐条处理，其实十起有九起答复相同。这些按规则处理，其余留给客服。",
        ),
        "8.50",
        "6100",
        Say("complaints", "起投诉"),
        "0.70",
        "measured",
        Say("500 complaints read by hand in September", "9 月人工抽读 500 起投诉"),
        "13",
        "4000",
        Say("Message gateway, first year", "短信通道首年费用"),
        (GATEWAY, RULES_MISJUDGE),
        wanted=-15,
    ),
    ProjectCase(
        "closed",
        "pm2",
        "pm",
        "shelf",
        Say("Shelf pictures in convenience stores", "便利店货架拍照核查"),
        Say(
            "One shelf in seven is not as planned, and nobody knows which. Staff take one picture a day and the wrong ones "
            "are shown at once.",
            "七个货架有一个摆得不对，却没人知道是哪个。店员每天拍一张，摆错的马上标出来。",
        ),
        "85",
        "620",
        Say("wrong shelves", "个摆错的货架"),
        "0.35",
        "analogous",
        Say("Pilot of another brand, 26% corrected", "另一品牌试点，纠正 26%"),
        "14",
        None,
        None,
        (CAMERA, SMALL_PRINTER),
        wanted=-39,
    ),
    ProjectCase(
        "declined",
        "pm2",
        "pm",
        "shelf",
        Say("A robot that restocks shelves at night", "夜间自动补货机器人"),
        Say(
            "Night shifts are hard to fill. A small robot could bring the boxes to the shelf.",
            "夜班难招人，小机器人可以把箱子送到货架旁。",
        ),
        "4",
        "3000",
        Say("boxes", "箱货"),
        "0.30",
        "judgement",
        Say("Nothing measured yet", "还没有实测数据"),
        "15",
    ),
    ProjectCase(
        "deferred",
        "pm",
        "pm2",
        "care",
        Say("Refunds under ¥30 without a clerk", "30 元以下自动退款"),
        Say(
            "Small refunds wait two days for a clerk. Pay those under ¥30 at once, with a daily cap.",
            "小额退款要等客服两天。30 元以下立即退，并设每日上限。",
        ),
        "6.20",
        "2100",
        Say("refunds", "笔退款"),
        "0.80",
        "peer",
        Say("Figure of another carrier", "同行数据"),
        "9",
    ),
    ProjectCase(
        "on_hold",
        "pm2",
        "pm",
        "vans",
        Say("Find a van by its last stop", "按最后停靠点找车"),
        Say(
            "Looking for a van costs a dispatcher half an hour. Show where it stopped last.",
            "调度员找一辆车要半小时。直接显示它最后停在哪里。",
        ),
        "35",
        "260",
        Say("searches", "次找车"),
        "0.60",
        "measured",
        Say("Dispatch log of October", "10 月调度记录"),
        "8",
        None,
        None,
        (SMALL_PRINTER,),
    ),
    ProjectCase(
        "cancelled",
        "pm",
        "pm2",
        "shelf",
        Say("Price labels that update by themselves", "电子价签自动更新"),
        Say(
            "Labels are changed by hand every Thursday. Electronic ones would change by themselves.",
            "每周四人工换价签，电子价签可以自动更新。",
        ),
        "1.40",
        "9000",
        Say("labels changed", "张价签"),
        "0.90",
        "peer",
        Say("Offer of the maker", "厂商报价"),
        "15",
        "90000",
        Say("600 labels on trial", "600 张试用价签"),
    ),
)

"""The texts and figures of the demo company, in English and Chinese. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Say:
    """The same words in both languages."""

    en: str
    zh: str

    def in_(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


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


@dataclass(frozen=True, slots=True)
class ProductCase:
    """An internal system of the demo company, and the goal it serves."""

    name: Say
    purpose: Say
    users: Say
    direction: Say
    whom_to_ask: Say
    goal: str


@dataclass(frozen=True, slots=True)
class RiskCase:
    """A risk with the engineer's figures (None: not his field), the owner's money, and its answer."""

    cause: Say
    event: Say
    effect: Say
    probability: str | None
    days: str | None
    money: str
    answer: Literal["mitigation", "plan_b", "acceptance", ""] = ""
    deed: Say | None = None
    trigger: Say | None = None


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
GOALS: Mapping[str, Say] = {
    "bags": Say("Halve the cost of lost bags and vans", "循环袋与车辆丢失成本减半"),
    "shelves": Say("19 of 20 shelves as planned", "陈列合格率达到 95%"),
    "late": Say("One late complaint in 200 orders", "延误投诉降到每 200 单 1 起"),
}
#: Where the metric of the same key should be at the end of the quarter, as a share.
KEY_RESULTS: Mapping[str, str] = {"bags": "0.04", "shelves": "0.95", "late": "0.005"}


@dataclass(frozen=True, slots=True)
class KnownCase:
    """What the page of a product says beyond its purpose; `confirmed` is how many days ago."""

    modules: Sequence[tuple[Say, Say, Say, str, int]]
    process: tuple[Say, Say, Say, int, Say]
    feedback: Sequence[tuple[Say, Say, Say, int]]


PRODUCTS: Mapping[str, ProductCase] = {
    "vans": ProductCase(
        Say("Vans and containers", "车辆与容器"),
        Say("Which van and which reusable bag is where, and who has it.", "每辆车、每个循环袋在哪里、在谁手上。"),
        Say("1,200 couriers, 40 dispatchers", "1200 名快递员，40 名调度"),
        Say(
            "Every hand-over is scanned by the end of next quarter; no tracking of people.",
            "下季度末每次交接都扫码；不追踪人。",
        ),
        Say("The group “Vans and bags”, answered on working days", "“车辆与循环袋”群，工作日有人回"),
        "bags",
    ),
    "shelf": ProductCase(
        Say("Shelf check", "货架核查"),
        Say("Whether the goods in convenience stores stand where they should.", "便利店里商品是否放在该放的位置。"),
        Say("300 merchandisers and the stores they visit", "300 名巡店员和他们负责的门店"),
        Say(
            "Photos are judged on the phone; plans for each kind of store.",
            "拍照后在手机上当场判断；每类门店有各自的陈列图。",
        ),
        Say("The desk of the shelf team, extension 6612", "货架组值班，分机 6612"),
        "shelves",
    ),
    "sort": ProductCase(
        Say("Sorting line", "分拣线"),
        Say("Which parcel goes into which bay, and how fast.", "哪个包裹进哪个格口，速度多快。"),
        Say("60 sorters in three shifts", "60 名分拣员，三班"),
        Say(
            "Fewer hands on a parcel: each touch costs time and breaks something.",
            "少碰包裹：每碰一次都花时间，还会碰坏东西。",
        ),
        Say("The line's foreman, extension 6640", "产线领班，分机 6640"),
        "late",
    ),
    "care": ProductCase(
        Say("Customer care desk", "客服工作台"),
        Say("Complaints, refunds and the answers to them.", "投诉、退款和回复。"),
        Say("85 agents in two shifts", "85 名客服，两班"),
        Say(
            "Fewer complaints rather than faster answers: causes go back to who can mend them.",
            "先减少投诉，再加快回复：原因要回到能解决的人手里。",
        ),
        Say("The shift leads", "当班组长"),
        "late",
    ),
}
METRICS: Mapping[str, tuple[Say, Say, Say, int, str]] = {
    "bags": (
        Say("Bags that do not come back", "循环袋丢失率"),
        Say("bags missing after 14 days", "14 天未归还的袋子"),
        Say("bags handed out", "发出的袋子"),
        100,
        "down",
    ),
    "shelves": (
        Say("Shelves as planned", "陈列合格率"),
        Say("shelves placed correctly", "摆放正确的货架"),
        Say("shelves checked", "检查的货架"),
        100,
        "up",
    ),
    "late": (
        Say("Late-delivery complaints", "延误投诉率"),
        Say("complaints tagged late", "标记为延误的投诉"),
        Say("parcels signed for", "签收的包裹"),
        1000,
        "down",
    ),
}

NIGHT_NETWORK = RiskCase(
    Say("The hubs' network is switched off at night", "网点夜间断网"),
    Say("Scans at hand-over are lost", "交接扫码丢失"),
    Say("Counts are wrong the next morning and drivers stop trusting them", "第二天数量对不上，司机不再相信系统"),
    "0.60",
    "5",
    "40000",
    "plan_b",
    Say("Scan offline and send in the morning", "离线扫码，早上补传"),
    Say("More than 1 in 50 scans missing on two nights", "连续两晚漏扫超过 2%"),
)
DRIVERS_SKIP = RiskCase(
    Say("Hand-over takes place under time pressure", "交接时间很紧"),
    Say("Drivers skip the count", "司机跳过清点"),
    Say("Missing bags are noticed too late", "丢袋发现得太晚"),
    "0.30",
    "3",
    "70000",
    "mitigation",
    Say("Count by weight on the scale at the gate", "用门口的地磅按重量清点"),
)
SMALL_PRINTER = RiskCase(
    Say("The label printer is old", "标签打印机老旧"),
    Say("Labels come off in the rain", "雨天标签脱落"),
    Say("Some bags cannot be scanned", "部分袋子扫不到"),
    "0.10",
    "1",
    "6000",
)
GATEWAY = RiskCase(
    Say("The message gateway is shared with marketing", "短信通道与营销共用"),
    Say("The gateway throttles at peak and messages come late", "高峰限流，短信晚到"),
    Say("Customers complain before they are told", "客户先投诉，后收到通知"),
    "0.30",
    "5",
    "120000",
    "plan_b",
    Say("Send by the app first and by message only to the rest", "先走应用内通知，其余再发短信"),
    Say("Half of the messages later than 20 minutes on one day", "某天一半短信晚于 20 分钟"),
)
RULES_MISJUDGE = RiskCase(
    Say("Weather delays look like ours", "天气延误与自身延误难区分"),
    Say("The rules refund what is not owed", "规则误判，多退款"),
    Say("Refunds without benefit", "退了钱却没有收益"),
    "0.60",
    "3",
    "30000",
    "acceptance",
    Say(
        "A daily cap of ¥5,000 holds the loss; we look again after the first month", "每日上限 5,000 元兜底，首月后再看"
    ),
)
CAMERA = RiskCase(
    Say("Staff take pictures from any angle", "店员拍照角度不一"),
    Say("Recognition stays below 90%", "识别率低于 90%"),
    Say("Every second picture is checked by hand", "一半照片要人工复核"),
    "0.60",
    "10",
    "50000",
    "mitigation",
    Say("A frame on the screen shows where to stand", "屏幕上的取景框提示站位"),
)

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


#: Who heads which department.
HEADS: Mapping[str, str] = {
    "company": "boss",
    "product": "lead",
    "operations": "lead",
    "engineering": "lead2",
    "office": "boss",
}
#: Modules (name, what it does, switches, document, confirmed so many days ago), one process (name, steps, roles, times a
#: month, exceptions), feedback (text, step, source, days ago).
KNOWN: Mapping[str, KnownCase] = {
    "vans": KnownCase(
        modules=(
            (
                Say("Hand-over scan", "交接扫码"),
                Say("A bag changes hands only when both sides scan it.", "双方都扫码，袋子才算交接。"),
                Say("by hub, by kind of bag", "按站点、按袋子类型"),
                "https://docs.example.com/vans/hand-over",
                24,
            ),
            (
                Say("Van tracker", "车辆定位"),
                Say("Where each van stood last.", "每辆车最后停在哪里。"),
                Say("", ""),
                "https://docs.example.com/vans/tracker",
                200,
            ),
        ),
        process=(
            Say("Hand back the empty bags", "交还空袋"),
            Say(
                "Count the empty bags\nScan each at the hub\nStack them by size\nSign the day's list",
                "清点空袋\n在站点逐个扫码\n按尺寸码放\n在当日清单上签字",
            ),
            Say("courier, hub clerk", "快递员、站点文员"),
            52_000,
            Say(
                "A torn bag goes into the red crate and is written off at night.",
                "破损的袋子放进红筐，当晚报废。",
            ),
        ),
        feedback=(
            (
                Say("On Fridays nobody counts, there is no room at the gate.", "周五没人清点，门口根本站不下。"),
                Say("Count the empty bags", "清点空袋"),
                Say("Visit to the northern hub", "走访城北站"),
                19,
            ),
            (
                Say("I scan twice because the first beep may be my neighbour's.", "我都扫两遍，第一声可能是旁边人的。"),
                Say("Scan each at the hub", "在站点逐个扫码"),
                Say("Group “Vans and bags”", "“车辆与循环袋”群"),
                6,
            ),
        ),
    ),
    "shelf": KnownCase(
        modules=(
            (
                Say("Photo check", "拍照核查"),
                Say("Judges a photo of the shelf against its plan.", "把货架照片和陈列图比对。"),
                Say("by chain", "按连锁品牌"),
                "https://docs.example.com/shelf/photo",
                40,
            ),
        ),
        process=(
            Say("Check a shelf", "核查货架"),
            Say(
                "Open the store's plan\nPhotograph each shelf\nMark what stands wrong\nTell the store",
                "打开门店陈列图\n逐个货架拍照\n标出放错的商品\n告知门店",
            ),
            Say("merchandiser, store manager", "巡店员、店长"),
            18_500,
            Say("A store that is being rebuilt is skipped for a week.", "改造中的门店跳过一周。"),
        ),
        feedback=(
            (
                Say("The plan on my phone is a month behind the one on the wall.", "手机上的陈列图比墙上的旧一个月。"),
                Say("Open the store's plan", "打开门店陈列图"),
                Say("Ticket 8812", "工单 8812"),
                11,
            ),
        ),
    ),
}

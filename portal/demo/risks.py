"""What the engineers of the demo company warn of, and how it is answered. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portal.demo.words import Say


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


CARRIER_DATA = RiskCase(
    Say("The carrier's interface is undocumented", "承运商接口没有文档"),
    Say("Half of the status messages are missing", "一半的状态消息缺失"),
    Say("Times shown to customers are wrong", "显示给客户的时间不对"),
    "0.60",
    "6",
    "45000",
    "plan_b",
    Say("Ask the carrier's site once an hour", "每小时查询一次承运商网站"),
    Say("Fewer than 9 of 10 parcels with a status by noon", "中午前有状态的包裹不到九成"),
)
STORES_BUSY = RiskCase(
    Say("Stores are short of hands at noon", "门店中午人手紧"),
    Say("Staff leave out the second shelf", "店员漏做第二排货架"),
    Say("The share correct looks better than it is", "合格率看上去比实际好"),
    "0.30",
    "2",
    "20000",
    "mitigation",
    Say("Ask for the second shelf first", "先查第二排货架"),
)
NEW_SHIFT = RiskCase(
    Say("A new shift starts in the month of launch", "上线当月开始新班次"),
    Say("Clerks keep to the paper list", "文员继续用纸质清单"),
    Say("Two lists disagree for weeks", "两份清单几周对不上"),
    "0.30",
    "4",
    "28000",
    "mitigation",
    Say("One clerk of each shift tries it a week before", "每班一名文员提前一周试用"),
)

"""The products of the demo company, its goals and metrics, and what is known of them. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.demo.words import Say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class ProductCase:
    """An internal system of the demo company, and the goal it serves."""

    name: Say
    purpose: Say
    users: Say
    direction: Say
    whom_to_ask: Say
    goal: str


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

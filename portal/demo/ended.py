"""Projects of the demo company that ended before they were launched. Pure data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.demo.cases import ProjectCase
from portal.demo.past import Past
from portal.demo.risks import SMALL_PRINTER
from portal.demo.words import Say

if TYPE_CHECKING:
    from collections.abc import Sequence

ENDED: Sequence[Past] = (
    Past(
        ProjectCase(
            "declined",
            "pm3",
            "ops",
            "vans",
            Say("Cameras in every van", "每辆车装摄像头"),
            Say("Cameras would show who loses bags.", "摄像头能看到是谁丢的袋子。"),
            "46",
            "900",
            Say("bags lost", "个丢失的袋子"),
            "0.30",
            "judgement",
            Say("", ""),
            "15",
            "180000",
            Say("300 cameras", "300 个摄像头"),
        ),
        ago=70,
        why=Say(
            "We do not film people to find bags; the scan at hand-over answers the same question.",
            "不为找袋子去拍人；交接扫码能回答同样的问题。",
        ),
    ),
    Past(
        ProjectCase(
            "cancelled",
            "pm2",
            "ops",
            "shelf",
            Say("Electronic labels in two stores", "两家店试电子价签"),
            Say("Paper labels are wrong on one shelf in fifty.", "纸价签每五十排错一处。"),
            "6",
            "800",
            Say("wrong labels", "个错价签"),
            "0.50",
            "peer",
            Say("A chain in Suzhou", "苏州一家连锁"),
            "12",
            "38000",
            Say("Labels for two stores", "两家店的价签"),
            (SMALL_PRINTER,),
            engineer="engineer2",
        ),
        ago=62,
        why=Say("The chain pays for its own labels from January on", "连锁方一月起自己出价签的钱"),
    ),
    Past(
        ProjectCase(
            "cancelled",
            "pm",
            "ops",
            "care",
            Say("Chat with pictures", "聊天可发图片"),
            Say("Customers describe what a picture would show.", "客户用文字描述一张图就能说清的事。"),
            "5",
            "3000",
            Say("long chats", "次长聊天"),
            "0.30",
            "judgement",
            Say("", ""),
            "14",
        ),
        ago=95,
        why=Say("The chat tool's next version brings it", "聊天工具的下个版本自带"),
    ),
)

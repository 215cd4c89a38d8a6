"""Projects of the demo company that are over, with what was learned from them. Pure data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.demo.boards import Noted
from portal.demo.cases import ProjectCase, Weighed
from portal.demo.past import Past
from portal.demo.risks import CARRIER_DATA, DRIVERS_SKIP, NEW_SHIFT, SMALL_PRINTER, STORES_BUSY
from portal.demo.words import Say
from retros.enums import Lane

if TYPE_CHECKING:
    from collections.abc import Sequence


CLOSED: Sequence[Past] = (
    Past(
        ProjectCase(
            "closed",
            "pm2",
            "ops",
            "vans",
            Say("Red crates for torn bags", "破损袋专用红筐"),
            Say(
                "Torn bags went back into circulation and lost parcels. A red crate at the gate and a scan take them out.",
                "破损的袋子又回到流转中，弄丢包裹。门口放红筐，扫码后退出流转。",
            ),
            "46",
            "380",
            Say("torn bags", "个破损袋"),
            "0.55",
            "measured",
            Say("Counted at two hubs in February", "二月在两个网点清点"),
            "6",
            "4200",
            Say("60 crates", "60 个筐"),
            (SMALL_PRINTER,),
            engineer="engineer2",
        ),
        ago=182,
        work=9,
        used="1",
        measured=("3100", "43000"),
        said=(
            Say("Everybody understood a red crate without a word.", "红筐一看就懂，不用解释。"),
            Say(
                "Nobody had counted torn bags before, so the first week looked like a disaster.",
                "以前没人数过破损袋，第一周看着很吓人。",
            ),
            Say("Count for a week before the change.", "改之前先数一周。"),
        ),
        lesson=Say(
            "Count one week before the change, or the first numbers frighten", "改动前先数一周，否则第一批数字吓人"
        ),
        applies=Say("nobody measured it before", "以前没人量过时"),
    ),
    Past(
        ProjectCase(
            "closed",
            "pm",
            "ops",
            "care",
            Say("One answer for the ten most frequent questions", "十个高频问题统一答复"),
            Say(
                "Agents write the same ten answers all day, each a little differently. Offer them as a choice.",
                "客服整天写同样的十种答复，每人写法不一。做成可选的标准答复。",
            ),
            "3.5",
            "21000",
            Say("answers", "条答复"),
            "0.60",
            "measured",
            Say("Time per answer, four agents, two days", "四名客服两天的答复用时"),
            "8",
            risks=(NEW_SHIFT,),
        ),
        ago=171,
        work=11,
        used="1.3",
        happened=True,
        measured=("405", "47100"),
        said=(
            Say("Agents proposed two of the ten answers themselves.", "十条里有两条是客服自己提的。"),
            Say("The new shift was trained on the old screen.", "新班次培训用的还是旧界面。"),
            Say("Ask operations for the calendar of trainings.", "先问运营要培训日历。"),
        ),
        lesson=Say("Look at the calendar of trainings before naming a launch date", "定上线日期前先看培训日历"),
        applies=Say("people must work in another way from one day to the next", "需要大家某天起换一种做法时"),
        promised=Say("Put trainings into the launch checklist", "把培训写进上线检查表"),
    ),
    Past(
        ProjectCase(
            "closed",
            "pm2",
            "ops",
            "shelf",
            Say("Plans by kind of store", "按门店类型的陈列图"),
            Say(
                "One plan for all stores fits none of the small ones, so merchandisers ignore it.",
                "一张陈列图给所有门店用，小店都不合适，巡店员就不看。",
            ),
            "12",
            "2400",
            Say("shelves set wrong", "个摆错的货架"),
            "0.30",
            "analogous",
            Say("Two regions that drew their own plans", "两个自己画图的区域"),
            "12",
            risks=(STORES_BUSY,),
            engineer="engineer3",
        ),
        ago=158,
        work=16,
        used="1.25",
        measured=("900", "1015"),
        said=(
            Say("Four kinds of stores were enough.", "四类门店就够了。"),
            Say("Drawing the plans took longer than the software.", "画图比写软件花的时间长。"),
            Say("Count the work of those who fill a tool, too.", "也要算上填内容的人的工作量。"),
        ),
        lesson=Say("Content takes as long as software: plan it with names", "内容准备和开发一样花时间：排上人"),
        applies=Say("a tool is empty until somebody fills it", "工具要有人填内容才有用时"),
    ),
    Past(
        ProjectCase(
            "closed",
            "pm3",
            "ops",
            "vans",
            Say("Fuel cards tied to the van", "油卡绑定车辆"),
            Say(
                "Fuel is paid with any card for any van, and nobody can say which van drinks. Tie card and van.",
                "任何油卡都能给任何车加油，说不清哪辆车费油。把卡和车绑定。",
            ),
            "310",
            "40",
            Say("doubtful fills", "次可疑加油"),
            "0.50",
            "measured",
            Say("Fuel bills of the first quarter", "一季度加油账单"),
            "10",
            risks=(DRIVERS_SKIP,),
        ),
        ago=140,
        work=12,
        used="0.9",
        measured=("2900", "42500"),
        said=(
            Say("The fuel company had the interface ready.", "油卡公司的接口是现成的。"),
            Say("Three vans had no card at all.", "有三辆车根本没有卡。"),
            Say("Take stock before switching.", "切换前先盘点。"),
        ),
        lesson=Say("Take stock of what is there before tying two lists together", "把两份清单绑定前先盘点实物"),
    ),
    Past(
        ProjectCase(
            "closed",
            "pm",
            "ops",
            "care",
            Say("Call back instead of waiting", "改排队为回电"),
            Say(
                "One caller in four hangs up while waiting and writes a complaint. Offer to call back.",
                "四个来电里有一个等不及挂断，随后投诉。改为可以预约回电。",
            ),
            "18",
            "3200",
            Say("callers who hang up", "个挂断的来电"),
            "0.25",
            "peer",
            Say("A bank's service line", "一家银行的客服热线"),
            "22",
            risks=(NEW_SHIFT, CARRIER_DATA),
            engineer="engineer2",
            weighed=Weighed(
                low_cost=Say("A form on the web page, called back by hand", "网页表单，人工回电"),
                gives_up=Say("Callers who have no computer at hand", "手边没有电脑的来电者"),
                low_days="6",
                engineers=("engineer2", "engineer"),
                agreed=("0.30", "6", Say("The operator named the limit in writing", "运营商书面确认了上限")),
            ),
        ),
        ago=121,
        work=22,
        used="1.4",
        happened=True,
        measured=("380", "48100"),
        said=(
            Say("Callers were friendlier when called back.", "回电时客户态度好很多。"),
            Say("The telephone system allowed fewer lines than its contract says.", "电话系统的实际线路比合同少。"),
            Say("Try the limit of a bought system before the plan is made.", "做计划前先试外购系统的上限。"),
        ),
        lesson=Say("Try a bought system at its limit before promising a date", "承诺日期前先把外购系统压到上限试一试"),
        applies=Say("the effect depends on a system of somebody else", "效果取决于别人的系统时"),
        promised=Say("List the limits of bought systems", "列出外购系统的上限"),
        board=(
            Noted(
                "engineer2", Lane.HINDERED, Say("The contract said more lines than there were", "合同线路数比实际多"), 4
            ),
            Noted("ops", Lane.HELPED, Say("Callers were friendlier when called back", "回电时客户态度好很多"), 1),
            Noted("engineer", Lane.UNFORESEEN, Say("Night calls came in twice", "夜间来电重复进线"), 3),
            Noted("pm", Lane.HELPED, Say("The agents wrote the words themselves", "话术由客服自己写"), 0),
            Noted("pm", Lane.HINDERED, Say("Testing needed the real telephone system", "测试离不开真实电话系统"), 2),
        ),
    ),
    Past(
        ProjectCase(
            "closed",
            "pm3",
            "ops",
            "sort",
            Say("Weigh parcels on the belt", "在输送带上称重"),
            Say(
                "Parcels are lifted onto a scale by hand, 7 seconds each. Weigh them while they move.",
                "包裹要人工搬到秤上，每件 7 秒。改为在输送带上边走边称。",
            ),
            "0.28",
            "310000",
            Say("parcels", "个包裹"),
            "0.65",
            "measured",
            Say("Stopwatch, two shifts", "两个班次掐表"),
            "15",
            "14000",
            Say("Two belt scales", "两台皮带秤"),
            (SMALL_PRINTER,),
            engineer="engineer3",
        ),
        ago=104,
        work=19,
        used="1.15",
        measured=("360", "49800"),
        said=(
            Say("The scale's maker sent somebody for two days.", "秤厂派人驻场两天。"),
            Say("Round parcels roll.", "圆的包裹会滚。"),
            Say("Bring the strangest ten parcels to the test.", "测试时带上最怪的十个包裹。"),
        ),
        lesson=Say("Bring the ten strangest cases to the first test", "第一次测试就带上最怪的十个样本"),
        applies=Say("a machine meets things of all shapes", "机器要处理各种形状的东西时"),
    ),
    Past(
        ProjectCase(
            "closed",
            "pm2",
            "ops",
            "vans",
            Say("Morning list of vans that did not return", "未归车辆晨报"),
            Say(
                "Vans left at a customer's are missed at noon, when the route fails. A list at six tells before.",
                "停在客户处的车中午出不了车才发现。早上六点列出来，提前知道。",
            ),
            "160",
            "55",
            Say("routes that fail", "条失败路线"),
            "0.40",
            "measured",
            Say("Dispatch log, six weeks", "六周调度日志"),
            "4",
            risks=(DRIVERS_SKIP,),
        ),
        ago=88,
        work=7,
        used="0.75",
        measured=("2750", "41800"),
        said=(
            Say("Ready in a week, used the next day.", "一周做完，第二天就用上了。"),
            Say("The list was empty on Sundays and looked broken.", "周日清单是空的，像是坏了。"),
            Say("Say “nothing missing” in words.", "用文字写明“没有缺车”。"),
        ),
        lesson=Say("An empty list must say that it is empty", "空清单也要写明是空的"),
    ),
)

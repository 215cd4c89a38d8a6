import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone, translation

from portal.common.components import Condition, Facet, Figure, Link, Mark, Moment, Share, StageStep, Tab, Term
from portal.common.dates import end_of_day
from portal.common.errors import Reason
from portal.common.icons import ICONS
from portal.common.marks import due_mark

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LIN = SimpleNamespace(name="Lin <Yue>", initials="LY")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False), timezone.override(SHANGHAI), translation.override("en"):
        yield


def render(source, **context):
    return Template("{% load ui %}" + source).render(Context(context)).replace("\n", "")


def words_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.mark.parametrize(
    ("source", "english", "chinese"),
    [
        ("{{ x|money }}", "¥76,960", "76,960 元"),
        ("{{ x|money_short:2 }}", "¥77,000", "7.7 万元"),
        ("{{ share|percent }}", "15%", "15%"),
        ("{{ share|percent_short }}", "15%", "15%"),
        ("{{ effort|days }}", "14 person-days", "14 人天"),
        ("{{ effort|working_days }}", "14 working days", "14 个工作日"),
        ("{{ x|number }}", "76,960", "76,960"),
        ("{{ day|date_short }}", "Wed 25 Nov", "11-25 周三"),
        ("{{ day|date_long }}", "25 Nov", "11 月 25 日"),
        ("{% money_range effort x %}", "¥14 to ¥77,000", "14 元至 7.7 万元"),
    ],
)
def test_figures_are_written_as_the_reader_writes_them(source, english, chinese):
    values = {"x": Decimal(76960), "share": Decimal("0.15"), "effort": Decimal(14), "day": date(2026, 11, 25)}
    assert render(source, **values) == english
    with translation.override("zh-hans"):
        assert render(source, **values) == chinese


@pytest.mark.parametrize(
    "source",
    ["{{ x|money }}", "{{ x|money_short }}", "{{ x|percent }}", "{{ x|percent_short }}", "{{ x|days }}", "{{ x|number }}",
     "{{ x|working_days }}", "{{ x|date_short }}", "{{ x|date_long }}", "{{ x|clock }}", "{{ x|moment }}",
     "{% money_range x x %}", "{% unknown %}"],
)  # fmt: skip
def test_unknown_is_words_never_zero(source):
    assert render(source, x=None) == '<span class="fs-mute">not known yet</span>'


def test_a_moment_of_today_has_its_hour_for_the_reader():
    assert render("{{ x|moment }} {{ x|clock }}", x=NOW) == "Today 14:00 14:00"
    assert render("{{ x|moment }}", x=NOW - timedelta(days=3)) == "Fri 20 Nov"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 11, 21), Mark("2 days past", "red", "exclamation-circle")),
        (date(2026, 11, 22), Mark("1 day past", "red", "exclamation-circle")),
        (date(2026, 11, 23), Mark("today", "amber", "clock")),
        (date(2026, 11, 24), Mark("tomorrow", "line")),
        (date(2026, 11, 30), Mark("Mon 30 Nov", "line")),
        (date(2026, 12, 1), Mark("1 Dec")),
        (date(2027, 1, 15), Mark("15 Jan 2027")),
        (datetime(2026, 11, 23, 10, tzinfo=UTC), Mark("today 18:00", "amber", "clock")),
        (datetime(2026, 11, 23, 5, tzinfo=UTC), Mark("since 13:00", "red", "exclamation-circle")),
        (datetime(2026, 11, 25, 1, tzinfo=UTC), Mark("Wed 25 Nov", "line")),
    ],
)
def test_a_due_day_says_how_near_it_is(value, expected):
    assert due_mark(value, NOW, SHANGHAI) == expected


def test_the_whole_due_day_counts():
    due_at = end_of_day(date(2026, 11, 23), SHANGHAI)
    assert due_mark(due_at, NOW, SHANGHAI) == Mark("today", "amber", "clock")
    assert due_mark(due_at, due_at, SHANGHAI) == Mark("today", "amber", "clock")
    assert due_mark(due_at, due_at + timedelta(microseconds=1), SHANGHAI) == Mark(
        "1 day past", "red", "exclamation-circle"
    )


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"])
def test_late_is_the_same_for_every_reader(zone):
    due_at = end_of_day(date(2026, 11, 23), SHANGHAI)
    assert due_mark(due_at, due_at - timedelta(seconds=1), ZoneInfo(zone)).tone != "red"
    assert due_mark(due_at, due_at + timedelta(seconds=1), ZoneInfo(zone)).tone == "red"


def test_the_end_of_a_day_elsewhere_is_a_full_hour_here():
    due_at = end_of_day(date(2026, 11, 23), SHANGHAI)
    assert due_mark(due_at, NOW, ZoneInfo("Europe/London")).words == "today 16:00"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% icon "risk" %}', '<i class="bi bi-shield-exclamation" aria-hidden="true"></i>'),
        ('{% icon "rulers" "fs-green" %}', '<i class="bi bi-rulers fs-green" aria-hidden="true"></i>'),
        ('{% tag "Draft" %}', '<span class="fs-tag">Draft</span>'),
        (
            '{% tag script "red" "raise" %}',
            '<span class="fs-tag is-red"><i class="bi bi-flag" aria-hidden="true"></i>&lt;script&gt;alert(1)&lt;/script&gt;</span>',
        ),
        ("{{ mark|chip }}", '<span class="fs-tag is-line">occurred</span>'),
        ('{% tier "light" %}', '<span class="fs-tag is-line">Light</span>'),
        ('{% tier "strategic" %}', '<span class="fs-tag is-plum">Strategic</span>'),
        (
            '{% basis "measured" %}',
            '<span class="fs-tag is-green"><i class="bi bi-rulers" aria-hidden="true"></i>measured</span>',
        ),
        ('{% basis "last_time" %}', '<span class="fs-tag">as last time</span>'),
        (
            '{% health "watch" %}',
            '<span class="fs-rag fs-amber"><i class="bi bi-triangle-fill" aria-hidden="true"></i>Watch</span>',
        ),
        ("{% person lin %}", '<span class="fs-who"><span aria-hidden="true">LY</span>Lin &lt;Yue&gt;</span>'),
        ("{% person lin you=lin %}", '<span class="fs-who"><span aria-hidden="true">LY</span>You</span>'),
        ("{% person nobody %}", '<span class="fs-mute">nobody yet</span>'),
        (
            "{% segs 2 3 %}",
            '<span class="fs-segs" aria-hidden="true"><i class="on"></i><i class="on"></i><i></i></span>',
        ),
        (
            "{% segs 2 3 2 %}",
            '<span class="fs-segs" aria-hidden="true"><i class="on"></i><i class="off"></i><i></i></span>',
        ),
        ("{% due nobody %}", ""),
    ],
)
def test_marks_are_a_word_and_a_shape(source, expected):
    assert render(source, script=SCRIPT, lin=LIN, nobody=None, mark=Mark("occurred", "line")) == expected


def test_a_number_opens_its_formula():
    terms = [Term("14 × ¥1,600", "− ¥22,400", "rate card"), Term("Net", "¥1", is_sum=True)]
    html = render("{% number '¥76,960' terms group='n' %}", terms=terms)
    assert words_of(html) == "¥76,960 how this is computed 14 × ¥1,600 rate card − ¥22,400 Net ¥1"
    assert html.startswith('<details class="fs-open" name="n"><summary class="fs-big">')


def test_figures_open_by_formula_or_by_page_or_not_at_all():
    items = [
        Figure("Return", "344%", terms=[Term("a", "b")]),
        Figure("Payback", "2.7", url="/x/"),
        Figure("Pays", "3.4%", note="of losses"),
    ]
    html = render("{% figures items %}", items=items)
    assert re.findall(r"<(details|a) ", html) == ["details", "a"]
    assert words_of(html) == "Return 344% a b Payback 2.7 Pays 3.4% of losses"


def test_the_stage_line_names_where_a_project_stands():
    steps = [
        StageStep("Draft", "1 Sep", "done"),
        StageStep("Approved", state="current"),
        StageStep("x", "till May", mark=Mark("On hold", "line", "pause")),
        StageStep("Close"),
    ]
    html = render("{% stages steps %}", steps=steps)
    assert html.count("is-done") == html.count('aria-current="step"') == 1
    assert words_of(html) == "Draft 1 Sep Approved On hold till May Close"


def test_tabs_are_links_with_the_current_one_marked():
    html = render(
        "{% tabs items label='Views' %}", items=[Tab("Mine", "/?a", count=0), Tab("All", "/", is_current=True)]
    )
    assert (
        html
        == '<ul class="fs-views" aria-label="Views"><li><a href="/?a">Mine <small>0</small></a></li><li><a href="/" aria-current="page">All</a></li></ul>'
    )


def test_the_evidence_bar_draws_judgement_as_a_hole():
    html = render(
        "{% evidence shares %}", shares=[Share("measured", 52), Share("analogous", 0), Share("judgement", 48)]
    )
    assert re.findall(r'<rect class="(\w+)" x="(\d+)%" width="(\d+)%"', html) == [
        ("f1", "0", "52"),
        ("hole", "52", "48"),
    ]
    assert 'aria-label="What the benefit rests on: measured 52%, judgement 48%"' in html
    assert render("{% evidence shares %}", shares=[]) == ""


def test_a_gate_says_what_is_met_and_what_mends_the_rest():
    conditions = [
        Condition("Review held", is_met=True),
        Condition("No answer", links=[Link("hub", "/r/1"), Link("key", "/r/2")]),
        Reason("t", "No target", "/m/"),
    ]
    html = render("{% gate conditions %}", conditions=conditions)
    assert words_of(html) == "met: Review held missing: No answer: hub , key missing: No target"
    assert re.findall(r'href="([^"]+)"', html) == ["/r/1", "/r/2", "/m/"]


def test_a_timeline_strikes_the_old_and_shows_the_new():
    html = render(
        "{% timeline moments %}",
        moments=[
            Moment(NOW, "Moved", old="10 Dec", new="16 Dec"),
            Moment(date(2026, 11, 11), "Pilot", is_key=True, url="/p/"),
        ],
    )
    assert words_of(html) == "Today 14:00 Moved 10 Dec 16 Dec 11 Nov Pilot"
    assert '<time datetime="2026-11-23T14:00:00+08:00">' in html
    assert '<time datetime="2026-11-11">' in html


def test_a_task_has_one_button_and_ways_out():
    task = SimpleNamespace(
        sentence=SCRIPT,
        detail="Launched",
        url="/r/",
        button="Pick a time",
        ways_out=(("later", "/later/"), ("held", "/held/")),
    )
    html = render("{% task_row task due_at=day icon='retro' is_first=True %}", task=task, day=date(2026, 11, 23))
    assert words_of(html) == "&lt;script&gt;alert(1)&lt;/script&gt; Launched later · held today Pick a time"
    assert html.count("btn-primary") == 1


def test_a_filter_that_is_set_says_its_value_and_how_to_drop_it():
    items = [Facet("State", "open", "/?x"), Facet("Owner", choices=[Link("Lin", "/?o=1")])]
    html = render("{% facets items clear_url='/' %}", items=items)
    assert words_of(html) == "State: open remove this filter Owner Lin Clear"
    assert "Clear" not in render("{% facets items clear_url='/' %}", items=items[1:])


def test_more_says_how_much_is_shown():
    assert words_of(render("{% more 9 38 '/?page=2' %}")) == "9 of 38 shown Show 25 more"
    assert words_of(render("{% more 38 38 %}")) == "38 of 38 shown"
    assert 'hx-target="#rows"' in render("{% more 9 '10,000+' '/?a' target='#rows' %}")


def test_blocks_take_what_stands_inside_as_it_is():
    assert render("{% say 'red' role='alert' %}<b>{{ x }}</b>{% endsay %}", x=SCRIPT) == (
        '<div class="fs-say is-red" role="alert"><i class="bi bi-exclamation-octagon" aria-hidden="true"></i><div><b>&lt;script&gt;alert(1)&lt;/script&gt;</b></div></div>'
    )
    assert render("{% card x small='7' %}in{% endcard %}", x=SCRIPT) == (
        '<section class="fs-card"><h2>&lt;script&gt;alert(1)&lt;/script&gt; <small>7</small></h2>in</section>'
    )
    assert render("{% empty 'Nothing.' %}in{% endempty %}") == '<div class="fs-empty"><p><b>Nothing.</b></p>in</div>'


def test_a_form_key_is_new_each_time_a_form_is_shown():
    keys = re.findall(r'name="_key" value="([0-9a-f-]{36})"', render("{% form_key %}{% form_key %}"))
    assert len(set(keys)) == 2


def test_every_icon_exists():
    with open("node_modules/bootstrap-icons/font/bootstrap-icons.css", encoding="utf-8") as css:  # noqa: PTH123 -- one line
        drawn = set(re.findall(r"\.bi-([\w-]+)::before", css.read()))
    assert sorted(set(ICONS.values()) - drawn) == []

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from portal.common.charts import (
    Anchor,
    CumulativeWords,
    Label,
    cumulative,
    edges_of,
    metric_line,
    range_band,
    shortened,
    ticks_of,
    tornado,
    whole_percents,
)
from portal.common.formats import money_short, number

figures = st.decimals(-(10**7), 10**7, places=2)
DAYS = [date(2026, 8, 3) + timedelta(weeks=week) for week in range(16)]
COMPLAINTS = [Decimal(count) / 10 for count in (85, 84, 87, 82, 86, 83, 85, 81, 86, 83, 77, 73, 69, 71, 67, 68)]


ANCHORS: tuple[Anchor, ...] = ("", "m", "e")


def yuan(amount: Decimal) -> str:
    return money_short(amount, "en")


def day(value: date) -> str:
    return f"{value.day}/{value.month}"


def test_whole_percents_add_up():
    amounts = {"measured": Decimal(1), "analogous": Decimal(1), "peer": Decimal(1), "judgement": Decimal(0)}

    assert whole_percents(amounts) == {"measured": 34, "analogous": 33, "peer": 33, "judgement": 0}
    assert whole_percents({"measured": Decimal("0.52"), "judgement": Decimal("0.48")}) == {
        "measured": 52,
        "judgement": 48,
    }


@pytest.mark.parametrize("amounts", [{}, {"measured": Decimal(0)}])
def test_percents_of_nothing_are_none(amounts):
    assert whole_percents(amounts) == {}


@given(st.dictionaries(st.text(max_size=3), st.decimals(0, 10**6, places=2), min_size=1, max_size=6))
def test_whole_percents_stay_within_one_of_the_share(amounts):
    percents = whole_percents(amounts)
    whole = sum(amounts.values())

    if whole:
        assert sum(percents.values()) == 100
        assert all(abs(percents[key] - amounts[key] * 100 / whole) < 1 for key in amounts)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 100, [0, 50, 100]),
        (-22400, 76960, [-50000, 0, 50000, 100000]),
        (5, 44, [0, 20, 40, 60]),
        ("4.9", "8.7", [4, 6, 8, 10]),
        ("0.051", "0.087", ["0.05", "0.06", "0.07", "0.08", "0.09"]),
        (0, 0, [0, "0.5", 1]),
        (8, 8, [4, 6, 8, 10, 12]),
        (-8, -8, [-12, -10, -8, -6, -4]),
    ],
)
def test_ticks_are_round_figures_around_the_span(low, high, expected):
    assert ticks_of(Decimal(low), Decimal(high)) == tuple(map(Decimal, expected))


@given(figures, figures)
def test_ticks_enclose_the_span_and_are_five_at_most(one, other):
    low, high = sorted((one, other))
    ticks = ticks_of(low, high)

    assert 2 <= len(ticks) <= 5
    assert ticks[0] <= low <= high <= ticks[-1]
    assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1


def test_range_band_lies_between_its_ends_beside_zero():
    chart = range_band(
        (Decimal(37_000), Decimal(77_000), Decimal(120_000)),
        to_words=yuan,
        names=("cautious", "middle", "hopeful"),
    )

    assert (chart.width, chart.height) == (306, 62)
    assert float(chart.zero_x) < float(chart.band_x) < float(chart.middle_x)
    assert float(chart.band_x) + float(chart.band_width) <= 306
    assert [figure.words for figure in chart.figures] == ["¥0", "¥37,000", "¥77,000", "¥120,000"]
    assert [name.words for name in chart.names] == ["cautious", "middle", "hopeful"]
    assert chart.own is None


def test_range_band_has_zero_inside_where_money_may_be_lost():
    chart = range_band((Decimal(-30_000), Decimal(10_000), Decimal(50_000)), to_words=yuan)

    assert float(chart.band_x) < float(chart.zero_x) < float(chart.middle_x)
    assert (chart.height, chart.names) == (50, ())


def test_range_band_of_one_figure_is_no_failure():
    chart = range_band((Decimal(0),) * 3, to_words=yuan)

    assert (chart.band_width, chart.band_x) == ("0", chart.zero_x)


def test_range_band_shows_the_figure_of_another_above():
    low, middle, high = Decimal(600_000), Decimal(1_280_000), Decimal(2_100_000)
    chart = range_band((low, middle, high), to_words=yuan, own=(Decimal(650_000), "you ¥650,000"))
    far = range_band((low, middle, high), to_words=yuan, own=(Decimal(3_000_000), "you ¥3 m"))

    assert chart.own is not None
    assert float(chart.band_x) < float(chart.own.x) < float(chart.middle_x)
    assert (chart.own.label.words, chart.own.label.anchor) == ("you ¥650,000", "")
    assert far.own is not None
    assert float(far.own.x) > float(far.band_x) + float(far.band_width)
    assert far.own.label.anchor == "e"


@given(st.lists(figures, min_size=3, max_size=3))
def test_labels_of_a_range_never_touch_nor_leave_the_picture(values):
    low, middle, high = sorted(values)
    chart = range_band((low, middle, high), to_words=yuan, width=330)
    edges = sorted(edges_of(figure) for figure in chart.figures)

    assert all(right <= left for (_, right), (left, _) in pairwise(edges))
    assert edges[0][0] >= -1
    assert edges[-1][1] <= 331


def test_cumulative_runs_from_the_money_spent_through_zero():
    totals = [Decimal(-22_400) + 8280 * month for month in range(13)]
    chart = cumulative(
        totals,
        to_words=yuan,
        words=CumulativeWords("start", "month 12", "pays back in month 3"),
        payback=Decimal("2.7053"),
    )

    points = [tuple(map(float, point.split(","))) for point in chart.points.split()]
    assert len(points) == 13
    assert points == sorted(points)
    assert points[0][1] > float(chart.zero_y or "nan") > points[-1][1]
    (mark,) = chart.marks
    assert (mark.y, mark.label.words) == (chart.zero_y, "pays back in month 3")
    assert points[2][0] < float(mark.x) < points[3][0]
    assert chart.last.label.words == "¥77,000"
    assert [line.words for line in chart.gridlines] == ["−¥50,000", "¥0", "¥50,000", "¥100,000"]
    assert [label.words for label in chart.days] == ["start", "month 12"]


def test_cumulative_that_never_pays_back_has_no_mark():
    chart = cumulative([Decimal(-100), Decimal(-90)], to_words=yuan, words=CumulativeWords("start", "end"))

    assert chart.marks == ()
    assert chart.zero_y is not None


def test_cumulative_of_one_month_is_no_failure():
    chart = cumulative([Decimal(0)], to_words=yuan, words=CumulativeWords("start", "end"))

    assert len(chart.points.split()) == 1


def test_the_band_of_a_cumulative_goes_out_at_the_top_and_back_at_the_bottom():
    chart = cumulative(
        [Decimal(-100), Decimal(0), Decimal(100)],
        to_words=yuan,
        words=CumulativeWords("start", "end"),
        band=[(Decimal(-100), Decimal(-100)), (Decimal(-50), Decimal(50)), (Decimal(-20), Decimal(300))],
    )
    corners = [tuple(map(Decimal, corner.split(","))) for corner in chart.band.split()]
    line = [tuple(map(Decimal, place.split(","))) for place in chart.points.split()]

    assert [x for x, _ in corners] == [x for x, _ in (*line, *reversed(line))]
    assert all(top <= middle <= bottom for (_, top), (_, middle), (_, bottom) in zip(corners, line, corners[::-1], strict=False))  # fmt: skip
    assert all(Decimal(chart.top) <= y <= Decimal(chart.bottom) for _, y in corners)
    assert cumulative([Decimal(0), Decimal(1)], to_words=yuan, words=CumulativeWords("", "")).band == ""


def test_a_tornado_has_a_bar_on_each_side_of_the_middle():
    chart = tornado(
        [("Probability", Decimal(300), Decimal(2200)), ("Effort", Decimal(1300), Decimal(1200))],
        (Decimal(1280), "middle 1,280"),
        to_words=number,
    )
    first, second = chart.swings

    assert Decimal(first.low_x) + Decimal(first.low_width) == Decimal(chart.middle_x) == Decimal(first.high_x)
    assert (first.low.anchor, first.high.anchor) == ("e", "")
    # More effort brings less: its low end lies at the right.
    assert Decimal(second.low_x) == Decimal(chart.middle_x)
    assert (second.low.anchor, second.high.anchor) == ("", "e")
    assert (chart.height, chart.bottom) == (78, "58")


@given(
    st.lists(st.tuples(st.text("ab丢失", max_size=80), figures, figures), max_size=5),
    figures,
)
def test_nothing_of_a_tornado_leaves_the_picture(inputs, middle):
    chart = tornado(inputs, (middle, "middle"), to_words=lambda value: money_short(value, "en", 2))

    for swing in chart.swings:
        for label in (swing.low, swing.high):
            start, end = edges_of(label)
            assert start >= edges_of(swing.name)[1] - 1
            assert end <= chart.width + 1


def test_words_are_cut_to_the_room_there_is():
    assert shortened("Unit benefit", Decimal(200)) == "Unit benefit"
    assert shortened("Unit benefit of a bag", Decimal(80)) == "Unit benefi…"


def test_words_that_would_leave_the_picture_hang_to_the_left():
    totals = [Decimal(-100), Decimal(0), Decimal(100)]
    words = CumulativeWords("start", "end", "pays back in month 2")

    late = cumulative(totals, to_words=yuan, words=words, payback=Decimal("1.9"))
    assert late.marks[0].label.anchor == "e"


def metric(**options):
    return metric_line(
        list(zip(DAYS, COMPLAINTS, strict=True)),
        to_words=number,
        to_day=day,
        target=(Decimal(5), "target 5"),
        **options,
    )


def test_metric_line_stands_against_its_target():
    chart = metric(events=[(date(2026, 10, 7), "pilot, 2 hubs")])

    assert len(chart.points.split()) == 16
    assert chart.target is not None
    assert float(chart.target.y) > float(chart.last.y)
    assert (chart.target.label.words, chart.last.label.words) == ("target 5", "6.8")
    assert [(mark.label.words, mark.label.anchor) for mark in chart.marks] == [("pilot, 2 hubs", "")]
    assert [line.words for line in chart.gridlines] == ["5", "6", "7", "8", "9"]
    assert [label.words for label in chart.days] == ["3/8", "16/11", "28/9"]
    assert chart.zero_y is None


@pytest.mark.parametrize(("goal", "side"), [("6.7", 1), ("6.8", 1), ("6.9", -1)])
def test_target_gives_way_to_the_figure_it_is_close_to(goal, side):
    chart = metric_line(
        list(zip(DAYS, COMPLAINTS, strict=True)), to_words=number, to_day=day, target=(Decimal(goal), "target")
    )

    assert chart.target is not None
    assert float(chart.target.label.y) - float(chart.last.label.y) == 14 * side


def test_metric_line_of_one_measurement_has_one_day():
    chart = metric_line([(DAYS[0], Decimal("0.08"))], to_words=number, to_day=day, target=(Decimal("0.05"), "target"))

    assert len(chart.points.split()) == 1
    assert [label.words for label in chart.days] == ["3/8"]


def test_metric_line_from_zero_draws_zero():
    chart = metric_line(
        [(DAYS[0], Decimal(0)), (DAYS[1], Decimal(3))], to_words=number, to_day=day, target=(Decimal(5), "target")
    )

    assert chart.zero_y == chart.bottom
    assert [label.words for label in chart.days] == ["3/8", "10/8"]


def test_label_edges_follow_the_anchor():
    edges = [edges_of(Label("100", "0", "元元", anchor)) for anchor in ANCHORS]

    assert edges == [(Decimal(100), Decimal(124)), (Decimal(88), Decimal(112)), (Decimal(76), Decimal(100))]


@pytest.mark.parametrize(
    ("template", "chart"),
    [
        (
            "chart_range",
            range_band(
                (Decimal(600_000), Decimal(1_280_000), Decimal(2_100_000)),
                to_words=yuan,
                names=("low", "<middle>", "high"),
                own=(Decimal(650_000), "you"),
            ),
        ),
        (
            "chart_cumulative",
            cumulative(
                [Decimal(-100), Decimal(100)],
                to_words=yuan,
                words=CumulativeWords("start", "<middle>", "back"),
                payback=Decimal("0.5"),
            ),
        ),
        (
            "chart_cumulative",
            cumulative(
                [Decimal(-100), Decimal(100)],
                to_words=yuan,
                words=CumulativeWords("start", "<middle>"),
                band=[(Decimal(-100), Decimal(-100)), (Decimal(0), Decimal(200))],
            ),
        ),
        (
            "chart_tornado",
            tornado([("<middle>", Decimal(0), Decimal(2))], (Decimal(1), "middle"), to_words=yuan),
        ),
        ("chart_metric", metric(events=[(DAYS[3], "<middle>")])),
    ],
)
def test_charts_are_drawn_with_attributes_and_say_their_finding(template, chart):
    drawn = render_to_string(f"components/{template}.html", {"chart": chart, "finding": 'Eight in ten: "good"'})

    assert 'role="img" aria-label="Eight in ten: &quot;good&quot;"' in drawn
    assert "&lt;middle&gt;" in drawn
    assert "<middle>" not in drawn
    assert "style=" not in drawn

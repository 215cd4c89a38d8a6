"""Numerator over denominator, the way from baseline to target, and the benefit that really came.

Pure arithmetic. Unknown is None and stays None; it never turns into zero.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from portal.common.amounts import CENT


def ratio(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """Numerator over denominator; None where one is not known or the denominator is 0."""
    if numerator is None or not denominator:
        return None
    return numerator / denominator


def progress(baseline: Decimal | None, target: Decimal | None, actual: Decimal | None) -> Decimal | None:
    """Share of the way from baseline to target that was gone, whichever way is the better one.

    0 at the baseline, 1 at the target; below 0 when it got worse, above 1 beyond the target. None where a figure is
    missing or the target is the baseline, so that there was no way to go.
    """
    if baseline is None or target is None or actual is None or baseline == target:
        return None
    return (actual - baseline) / (target - baseline)


def benefit_by_progress(
    benefit_per_month: Decimal | None, way_gone: Decimal | None, months: Decimal | None
) -> Decimal | None:
    """Money that came, to the cent, where the metric does not count the occurrences the benefit is made of.

    Takes the planned benefit as what comes at the target, and of it the share of the way that was gone.
    """
    if benefit_per_month is None or way_gone is None or months is None:
        return None
    return (benefit_per_month * way_gone * months).quantize(CENT, ROUND_HALF_UP)

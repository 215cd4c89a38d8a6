"""Metrics and their measurements; they know no project."""

from metrics.models.metric import Measurement, Metric

__all__ = ["Measurement", "Metric"]

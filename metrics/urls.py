"""Addresses of the metrics."""

from django.urls import path

from metrics.views import metric

app_name = "metrics"

urlpatterns = [
    path("metrics/", metric.metrics, name="list"),
    path("metrics/<int:pk>/", metric.metric_detail, name="detail"),
]

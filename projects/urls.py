from django.urls import path

from projects.views import change, deferred, follow_up, metric, move, pitch, project, resources, submission

app_name = "projects"
urlpatterns = [
    path("projects/", project.project_list, name="list"),
    path("projects/new/", project.project_new, name="new"),
    path("projects/<code:pk>/pitch/", pitch.pitch, name="pitch"),
    path("projects/<code:pk>/pitch/save/", pitch.pitch_save, name="pitch_save"),
    path("projects/<code:pk>/submit/", pitch.submit, name="submit"),
    path("projects/<code:pk>/submissions/<int:number>/", submission.submission, name="submission"),
    path("projects/<code:pk>/decisions/", submission.decisions, name="decisions"),
    path("projects/<code:pk>/decisions/<int:step_pk>/", submission.decide, name="decide"),
    path("approvals/", submission.approvals, name="approvals"),
    path("projects/<code:pk>/move/<str:transition>/", move.move, name="move"),
    path("projects/<code:pk>/metric/", metric.metric, name="metric"),
    path("projects/<code:pk>/metric/measure/", metric.measure, name="measure"),
    path("projects/<code:pk>/resources/", resources.resources, name="resources"),
    path("projects/<code:pk>/resources/<int:line_pk>/", resources.record_actual, name="record_actual"),
    path("projects/<code:pk>/change/", change.change, name="change"),
    path("projects/<code:pk>/deferred/", deferred.defer, name="defer"),
    path("projects/<code:pk>/deferred/none/", deferred.nothing_deferred, name="nothing_deferred"),
    path("projects/<code:pk>/deferred/<int:item_pk>/settle/", deferred.settle, name="settle_deferred"),
    path("projects/<code:pk>/follow-ups/", follow_up.follow_ups, name="follow_ups"),
    path("projects/<code:pk>/follow-ups/<int:follow_up_pk>/", follow_up.follow_up, name="follow_up"),
]

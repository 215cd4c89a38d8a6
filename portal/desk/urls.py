from django.urls import path

from portal.desk import health_page, messages_page, owed, policy_page, saved_views, search, views, weekly

urlpatterns = [
    path("", views.desk, name="desk"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read, name="inbox_read"),
    path("projects/<code:pk>/", views.project, name="project"),
    path("projects/<code:pk>/activity/", views.project_activity, name="project_activity"),
    path("weekly/", weekly.weekly, name="weekly"),
    path("weekly/report/", weekly.weekly_report, name="weekly_report"),
    path("projects/<code:pk>/weekly/", weekly.weekly_status, name="weekly_status"),
    path("policy/", policy_page.policy, name="policy"),
    path("policy/messages/", messages_page.ledger, name="ledger"),
    path("policy/messages/held/", messages_page.held_mail, name="held_mail"),
    path("policy/ahead/", messages_page.ahead, name="ahead"),
    path("health/", health_page.health, name="health"),
    path("metrics", health_page.metrics, name="metrics"),
    path("activity/", views.activity_feed, name="activity"),
    path("search/", search.search, name="search"),
    path("views/new/<str:name>/", saved_views.view_new, name="view_new"),
    path("views/<int:pk>/", saved_views.view_edit, name="view_edit"),
    path("views/<int:pk>/drop/", saved_views.view_drop, name="view_drop"),
    path("desk/team/", views.team, name="team"),
    path("desk/owed/<int:pk>/", owed.owed, name="owed"),
    path("desk/owed/<int:pk>/time/", owed.owed_time, name="owed_time"),
    path("desk/owed/<int:pk>/more/", owed.owed_more, name="owed_more"),
    path("desk/extension/<int:pk>/", owed.extension, name="extension"),
    path("process/", views.process_page, name="process"),
]

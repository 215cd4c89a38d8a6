from django.urls import path

from portal.desk import policy_page, views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read, name="inbox_read"),
    path("projects/<code:pk>/", views.project, name="project"),
    path("projects/<code:pk>/activity/", views.project_activity, name="project_activity"),
    path("policy/", policy_page.policy, name="policy"),
    path("process/", views.process_page, name="process"),
]

from django.urls import path

from portal.links import views

app_name = "links"

urlpatterns = [
    path("link/done/", views.done, name="done"),
    path("link/<str:token>/", views.signed_link, name="open"),
    path("link/<str:token>/<slug:part>/", views.signed_link, name="part"),
]

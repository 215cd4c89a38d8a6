from django.urls import path

from portal.privacy import views

app_name = "privacy"

urlpatterns = [
    path("people/<int:pk>/erase/", views.person_erase, name="person_erase"),
    path("settings/data/", views.own_data, name="own_data"),
]

from django.urls import path

from portal.accounts.views import me, password, setup, sign_in

app_name = "accounts"

urlpatterns = [
    path("login/", sign_in.sign_in, name="sign_in"),
    path("login/as/<int:pk>/", sign_in.sign_in_as, name="sign_in_as"),
    path("logout/", sign_in.sign_out, name="sign_out"),
    path("look/", me.look, name="look"),
    path("more/", me.more, name="more"),
    path("password/reset/", password.password_reset, name="password_reset"),
    path("password/reset/<str:uid>/<str:token>/", password.password_reset_confirm, name="password_reset_confirm"),
    path("settings/", me.settings_page, name="settings"),
    path("settings/password/", password.password_change, name="password_change"),
    path("settings/sessions/end/", me.session_end, name="session_end"),
    path("setup/", setup.first_admin, name="setup"),
]

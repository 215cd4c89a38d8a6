from django.urls import path

from portal.accounts.views import (
    api_token,
    delegation,
    me,
    organisation,
    password,
    people,
    person,
    pick,
    setup,
    sign_in,
)

app_name = "accounts"

urlpatterns = [
    path("login/", sign_in.sign_in, name="sign_in"),
    path("login/as/<int:pk>/", sign_in.sign_in_as, name="sign_in_as"),
    path("logout/", sign_in.sign_out, name="sign_out"),
    path("look/", me.look, name="look"),
    path("more/", me.more, name="more"),
    path("password/reset/", password.password_reset, name="password_reset"),
    path("password/reset/<str:uid>/<str:token>/", password.password_reset_confirm, name="password_reset_confirm"),
    path("people/", people.people, name="people"),
    path("people/pick/", pick.people_pick, name="people_pick"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/deactivate/", person.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/reactivate/", person.person_reactivate, name="person_reactivate"),
    path("people/<int:pk>/delegations/new/", delegation.delegation_new, name="delegation_new"),
    path("people/<int:pk>/delegations/<int:delegation_pk>/end/", delegation.delegation_end, name="delegation_end"),
    path("people/new/", person.person_new, name="person_new"),
    path("people/organisation/", organisation.organisation, name="organisation"),
    path("people/organisation/departments/new/", organisation.department_new, name="department_new"),
    path("people/organisation/departments/<int:pk>/", organisation.department, name="department"),
    path("people/organisation/sites/new/", organisation.site_new, name="site_new"),
    path("people/organisation/sites/<int:pk>/", organisation.site, name="site"),
    path("settings/", me.settings_page, name="settings"),
    path("settings/password/", password.password_change, name="password_change"),
    path("settings/tokens/", api_token.tokens, name="tokens"),
    path("settings/tokens/new/", api_token.token_new, name="token_new"),
    path("settings/tokens/<int:pk>/revoke/", api_token.token_revoke, name="token_revoke"),
    path("settings/sessions/end/", me.session_end, name="session_end"),
    path("setup/", setup.first_admin, name="setup"),
]

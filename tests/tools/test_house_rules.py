import pytest

from tools.house_rules import breaches


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("templates/projects/project_list.html", "<p>\n<script>alert(1)</script>"),
        ("templates/projects/project_list.html", '<script src="/static/x.js"></script>'),
        ("templates/projects/project_list.html", '<p style="color: red">'),
        ("templates/projects/project_list.html", "<style>p {}</style>"),
        ("templates/projects/project_list.html", '<button type="button" onclick="go()">'),
        ("templates/projects/project_list.html", '<button hx-on:click="go()">'),
        ("templates/projects/project_list.html", '<a href="javascript:go()">'),
        ("templates/projects/project_list.html", "<div hx-vals='js:{a: 1}'>"),
        ("templates/projects/project_list.html", "{% blocktranslate %}one\ntwo{% endblocktranslate %}"),
        ("templates/projects/project_list.html", "{{ note|safe }}"),
        ("projects/apps.py", "from django.db.models.signals import post_save"),
        ("projects/apps.py", "x = 1  # noqa"),
        ("projects/apps.py", "x = 1  # noqa: F401"),
        ("projects/apps.py", "import x  # noqa: E402 -- after the set-up\n\n\n\n\n\n\nimport y  # noqa: E402"),
        ("projects/apps.py", "import x  # noqa: E402 -- after the set-up\nimport y  # noqa: F401"),
        ("projects/apps.py", "# TODO: later"),
        ("projects/apps.py", "from django.contrib import admin"),
    ],
)
def test_each_rule_bites(path, text):
    assert breaches(path, text) != []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "templates/projects/project_list.html",
            '<script src="/static/x.js" nonce="{{ request.csp_nonce }}"></script>',
        ),
        ("templates/projects/project_list.html", "{% blocktranslate trimmed %}one\ntwo{% endblocktranslate %}"),
        ("templates/projects/project_list.html", "{% blocktranslate %}one{% endblocktranslate %}\n<p>"),
        ("templates/projects/project_list.html", '<p class="style" data-on="x">'),
        ("templates/emails/projects/asked.html", '<p style="color: red">'),
        ("projects/apps.py", "import x  # noqa: F401 -- registers its checks"),
        ("projects/apps.py", "import x  # noqa: E402 -- after the set-up\nimport y  # noqa: E402"),
        ("projects/migrations/0001_initial.py", "post_save"),
    ],
)
def test_what_is_right_passes(path, text):
    assert breaches(path, text) == []


def test_a_breach_names_file_and_line():
    (breach,) = breaches("templates/a.html", "<p>\n\n<style>")
    assert breach.startswith("templates/a.html:3: ")

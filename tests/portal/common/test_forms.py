import re
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from django import forms
from django.http import QueryDict

from portal.accounts.models import Department, User
from portal.common.components import Mark
from portal.common.errors import StaleObjectError
from portal.common.forms import PortalForm, VersionedForm
from portal.common.http import attempt
from tests.factories.accounts import DepartmentFactory, UserFactory

NOW = datetime(2026, 11, 23, 6, 6, tzinfo=UTC)


class PitchForm(PortalForm):
    origins = {"product": Mark("as last time")}
    units = {"amount": "¥"}
    wide = ("title",)

    title = forms.CharField()
    product = forms.CharField(help_text="Where it runs & for whom.")
    evidence = forms.CharField(required=False)
    problem = forms.CharField(widget=forms.Textarea)
    amount = forms.DecimalField(required=False)
    basis = forms.ChoiceField(choices=[("a", "Measured"), ("b", "A <guess>")], required=False)
    way = forms.ChoiceField(choices=[("pilot", "Pilot"), ("full", "Full")], widget=forms.RadioSelect)
    counts = forms.BooleanField(required=False)


def field(form, name):
    return form[name].as_field_group().replace("\n", "")


def test_a_label_stands_above_its_control():
    assert field(PitchForm(), "title") == (
        '<div class="fs-field is-wide"><label class="form-label" for="id_title">Title</label>'
        '<input type="text" name="title" class="form-control" required id="id_title"></div>'
    )


def test_hint_and_error_are_tied_to_the_control():
    html = field(PitchForm({}), "product")
    assert 'aria-describedby="id_product_helptext id_product_error"' in html
    assert 'aria-invalid="true"' in html
    assert "form-control is-invalid" in html
    assert re.search(r'<p class="fs-err" id="id_product_error"><i [^>]*></i> This field is required.</p>', html)
    assert '<p class="fs-hint" id="id_product_helptext">Where it runs &amp; for whom.</p>' in html


def test_the_origin_of_a_value_stands_at_the_right_of_its_label():
    assert 'Product <span class="fs-tag">as last time</span></label>' in field(PitchForm(), "product")


@pytest.mark.parametrize(
    ("name", "said"), [("evidence", True), ("amount", True), ("title", False), ("basis", False), ("counts", False)]
)
def test_optional_is_said_where_it_can_be_left_open(name, said):
    assert ("optional" in field(PitchForm(), name)) == said


def test_a_unit_stands_in_front_of_its_control():
    assert '<div class="input-group"><span class="input-group-text">¥</span><input type="number"' in field(
        PitchForm(), "amount"
    )


def test_text_areas_take_both_columns():
    assert [PitchForm()[name].is_wide for name in ("title", "problem", "product")] == [True, True, False]


def test_choices_escape_their_words():
    html = field(PitchForm(), "basis")
    assert 'class="form-select"' in html
    assert "A &lt;guess&gt;" in html


def test_radios_are_a_group_with_a_legend():
    html = field(PitchForm({"way": "full"}), "way")
    assert html.startswith('<div class="fs-field"><fieldset><legend class="form-label">Way</legend>')
    assert re.findall(r'type="radio" name="way" value="(\w+)"[^>]*?( checked)?>', html) == [
        ("pilot", ""),
        ("full", " checked"),
    ]


def test_a_tick_stands_in_front_of_its_label():
    html = field(PitchForm(), "counts")
    assert re.search(
        r'<input type="checkbox"[^>]* class="form-check-input"[^>]*> <label class="form-check-label" for="id_counts">Counts</label>',
        html,
    )


def test_typed_text_is_escaped_in_every_place():
    html = str(
        PitchForm(
            {"title": '"><script>alert(1)</script>', "problem": "</textarea><script>alert(2)</script>", "basis": "<x>"}
        )
    )
    assert "<script" not in html


def test_a_whole_form_says_what_is_wrong_with_it_as_a_whole():
    form = PitchForm({})
    form.add_error(None, "It is <closed>.")
    assert '<div class="fs-say is-red" role="alert">' in str(form)
    assert "It is &lt;closed&gt;." in str(form)


# ── the conflict of two edits ───────────────────────────────────────────


class PersonForm(VersionedForm):
    """Over people, who have a field of each kind; a version is played by the manager's id."""

    name = forms.CharField(max_length=80)
    email = forms.EmailField()
    language = forms.ChoiceField(choices=[("en", "English"), ("zh-hans", "中文")])
    department = forms.ModelChoiceField(Department.objects.all(), required=False)
    wants_mail = forms.BooleanField(required=False)

    def saved_values(self, obj):
        return {**super().saved_values(obj), "department": obj.department_id}


def opened(person, version):
    """The form as a browser shows it, and what it would send."""
    initial = {name: getattr(person, name) for name in ("name", "email", "language", "wants_mail")}
    form = PersonForm(initial=initial | {"department": person.department_id, "version": version})
    return sent(str(form))


def sent(html):
    """What a browser sends for this form, without touching it."""
    data = QueryDict(mutable=True)
    for tag in re.findall(r"<input[^>]*>", html):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        data.appendlist(attributes["name"], attributes.get("value", "on"))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        data.appendlist(name, chosen.group(1) if chosen else "")
    return data


@pytest.fixture
def person(db):
    setattr(User, "version", 7)  # noqa: B010 -- people have none of their own
    yield UserFactory(name="Lin Yue", email="lin@example.com", department=DepartmentFactory(name="Hubs"))
    delattr(User, "version")


def lose(form, person):
    def deed():
        raise StaleObjectError(person)

    return attempt(form, deed, saved_by=lambda _obj: ("Chen Siyuan", NOW))


def conflict_of(person, theirs, **typed):
    data = opened(person, version=6)
    for name, value in typed.items():
        data.pop(name, None)
        if value is not None:
            data[name] = value
    type(person).objects.filter(pk=person.pk).update(**theirs)
    form = PersonForm(data)
    assert lose(form, person) == HTTPStatus.CONFLICT
    return form


def test_a_conflict_shows_both_sides_and_prefers_whoever_touched_the_field(person):
    other = DepartmentFactory(name="Shops")
    form = conflict_of(
        person, {"name": "Lin Y.", "department": other, "wants_mail": False}, name="Lin Yue-Li", email="yue@example.com"
    )
    assert [(line.name, line.saved, line.typed, line.keeps_typed) for line in form.conflict.lines] == [
        ("name", "Lin Y.", "Lin Yue-Li", True),
        ("email", "lin@example.com", "yue@example.com", True),
        ("department", "Shops", "Hubs", False),
        ("wants_mail", "no", "yes", False),
    ]
    assert (form.conflict.saved_by, form.conflict.saved_at) == ("Chen Siyuan", NOW)


def test_a_conflict_can_be_sent_again_as_it_stands_and_loses_nothing(person):
    form = conflict_of(person, {"language": "zh-hans", "wants_mail": False}, name="Lin Yue-Li")
    again = PersonForm(sent(str(form)))
    assert again.is_valid(), again.errors
    assert again.cleaned_data == {
        "version": 7,
        "name": "Lin Yue-Li",
        "email": "lin@example.com",
        "language": "zh-hans",
        "department": person.department,
        "wants_mail": False,
    }
    # Seen from what is saved now, only the own change is left.
    assert [name for name in again.changed_data if name != "version"] == ["name"]


def test_a_conflict_over_the_same_words_is_none(person):
    form = conflict_of(person, {"name": "Lin Yue-Li"}, name="Lin Yue-Li")
    assert form.conflict.lines == []
    assert "Your fields say the same as theirs" in str(form)


def test_a_conflict_escapes_what_was_typed(person):
    form = conflict_of(person, {"name": "<b>theirs</b>"}, name='"><script>alert(1)</script>')
    html = str(form)
    assert "<script" not in html
    assert "<b>theirs" not in html


def test_a_conflict_is_told_by_name_and_hour(person):
    html = str(conflict_of(person, {"name": "Lin Y."}, name="L."))
    assert "Chen Siyuan saved this" in html
    assert "while you were typing" in html


def test_without_a_witness_somebody_was_faster(person):
    form = PersonForm(opened(person, 6))

    def deed():
        raise StaleObjectError(person)

    attempt(form, deed)
    assert "Somebody saved this while you were typing." in str(form)


def test_a_field_of_several_values_is_sent_again_as_typed(person):
    class ListForm(VersionedForm):
        name = forms.CharField()
        tags = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B"), ("c", "C")])

        def saved_values(self, obj):
            return {"name": obj.name, "tags": ["c"]}

    form = ListForm(QueryDict("version=6&name=Other&tags=a&tags=b"))
    assert lose(form, person) == HTTPStatus.CONFLICT
    assert form.conflict is not None
    assert [line.name for line in form.conflict.lines] == ["name"]
    assert ListForm(sent(str(form)))["tags"].data == ["a", "b"]

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import translation

from portal.audit.models import AuditEntry
from projects.actions.pitch import save_pitch, snapshot, start_pitch
from projects.forms.steps import StepForm
from projects.labelled import LABELS
from projects.models import CostLine, Product, Project
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, WANTED, ProductFactory, draft, submitted
from tests.projects.views.conftest import boxes

pytestmark = pytest.mark.django_db

TEXT = """标题: Fewer bags
Product: bag tracker
Problem and approach: One bag in seven is lost.
单次收益：0.12万
Reach: 3,000 bags
Probability: 15%
依据：类比
Evidence: Count of October
工作量：3人月
Wanted by: 2027-01-29
业务对接人：Pat Partner
Asked for by the hub in Lyon
"""


@pytest.fixture
def project(people):
    ProductFactory(name="Bag tracker")
    return start_pitch("Bags", by=people.pm, now=NOW)


@pytest.fixture
def sent(client, people, project):
    """Send a text, to look at it or to take it in."""
    client.force_login(people.pm)

    def send(text, do=False, version=None):
        data = {"text": text, "version": version or Project.objects.get(pk=project.pk).version, "_key": "k"}
        return client.post(url(project), data | ({"do": "1"} if do else {}))

    return send


def url(project):
    return reverse("projects:pitch_paste", args=[project.pk])


def values_of(project):
    return snapshot(Project.objects.get(pk=project.pk))


def test_labels_are_those_of_the_form():
    for language, place in (("en", 0), ("zh-hans", 1)):
        with translation.override(language):
            shown = {name: str(StepForm.base_fields[name].label) for name in LABELS}
        assert shown == {name: labels[place] for name, labels in LABELS.items()}


def test_it_is_looked_at_first(sent, project):
    before = values_of(project)

    answer = sent(TEXT)

    assert answer.status_code == HTTPStatus.OK
    html = answer.content.decode()
    assert "11 values of the pitch would change" in html
    assert "¥1,200" in html
    assert "60 person-days" in html
    assert boxes(html, "paste").values["text"] == TEXT
    assert values_of(project) == before


def test_then_taken_in_with_the_rest_in_the_description(sent, people, project):
    answer = sent(TEXT, do=True)

    assert answer["Location"] == reverse("projects:pitch", args=[project.pk])
    product = Product.objects.get()
    expected = {
        "title": "Fewer bags",
        "problem": "One bag in seven is lost.\n\nAsked for by the hub in Lyon",
        "product": product.pk,
        "goal": product.goal_id,
        "unit_benefit_amount": Decimal(1200),
        "reach": Decimal(3000),
        "reach_unit": "bags",
        "probability": Decimal("0.15"),
        "basis": "analogous",
        "evidence": "Count of October",
        "person_days": Decimal(60),
        "wanted_on": WANTED,
        "business_partner": people.partner.pk,
    }
    assert {name: values_of(project)[name] for name in expected} == expected
    entry = AuditEntry.objects.filter(verb="pitch.saved").latest("pk")
    assert (entry.actor, entry.after["title"]) == (people.pm, "Fewer bags")


def test_again_it_changes_nothing(sent):
    sent(TEXT, do=True)
    assert "0 values of the pitch would change" in sent(TEXT).content.decode()


def test_what_is_not_understood_is_said_and_kept_in_the_description(sent, project):
    text = "Effort: a while\nProduct: No such\nBasis: gut\nIt cannot be undone: perhaps\nSponsor: Nobody\nWanted by: soon\n"

    looked = sent(text)
    assert [bool(row.error) for row in looked.context["form"].rows] == [True] * 6 + [False]
    assert "Write a number and a unit" in looked.content.decode()

    sent(text, do=True)
    kept = values_of(project)["problem"]
    assert sorted(kept.split("\n\n")) == sorted(text.strip().splitlines())


def test_what_is_left_empty_stays_and_not_known_is_an_answer(sent, project, people):
    save_pitch(
        project, {"evidence": "Count", "probability": Decimal("0.2")}, version=project.version, by=people.pm, now=NOW
    )
    sent("Evidence:\nProbability: not known yet\n", do=True)
    values = values_of(project)
    assert (values["evidence"], values["probability"]) == ("Count", None)


def test_the_values_of_a_standard_pitch(sent, project, people):
    sent(
        "支持人: Lea Lead\nIs it in the scope of the product?: yes\n别处还能复用吗：否\n需要特殊许可：是\n"
        "Money beside people: 1.5m\nWhat the money is for: Scanners\nIt cannot be undone: yes",
        do=True,
    )
    values = values_of(project)
    assert (values["sponsor"], values["is_in_scope"], values["is_reusable"]) == (people.lead.pk, True, False)
    assert (values["needs_permit"], values["is_reversible"]) == (True, False)
    assert (values["material_amount"], values["material_label"]) == (Decimal(1_500_000), "Scanners")


def test_a_purpose_without_its_money_is_not_lost(sent, project):
    sent("What the money is for: Scanners", do=True)
    assert values_of(project)["problem"] == "What the money is for: Scanners"


def test_two_of_one_name_are_asked_for_by_number(sent, project, people):
    UserFactory(name="Pat Partner", site=people.site)
    assert "Several colleagues have this name" in sent("Business partner: Pat Partner").content.decode()


def test_the_skill_of_a_line_stays(sent, project, people):
    save_pitch(project, {"person_days": Decimal(3)}, version=project.version, by=people.pm, now=NOW)
    CostLine.objects.filter(project=project).update(skill="Frontend")
    sent("Effort: 2人天", do=True)
    assert CostLine.objects.values_list("skill", "person_days").get(project=project) == ("Frontend", Decimal(2))


def test_somebody_was_faster(sent, project, people):
    seen = project.version
    save_pitch(project, {"title": "Theirs"}, version=seen, by=people.pm, now=NOW)

    answer = sent(TEXT, do=True, version=seen)

    assert answer.status_code == HTTPStatus.CONFLICT
    html = answer.content.decode()
    assert "<del>Theirs</del>" in html
    sent_back = boxes(html, "paste").values
    assert (sent_back["text"], int(sent_back["version"])) == (TEXT, seen + 1)
    assert values_of(project)["title"] == "Theirs"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste the text first."),
        ("x" * 4001, "at most 4000 characters"),
        ("x" * 20_001, "at most 20000 characters"),
    ],
    ids=["nothing", "too long for the description", "too long"],
)
def test_a_text_that_cannot_be_taken_in_stays_in_its_box(sent, text, words):
    answer = sent(text, do=True)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    html = answer.content.decode()
    assert words in html
    assert boxes(html, "paste").values["text"] == text


def test_nothing_for_the_pitch(sent):
    assert sent("Title: ", do=True).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_sent_twice_it_acts_once(sent, project):
    version = project.version
    statuses = [sent(TEXT, do=True, version=version).status_code for _time in range(2)]
    assert statuses == [HTTPStatus.FOUND] * 2
    assert AuditEntry.objects.filter(verb="pitch.saved").count() == 1


def test_what_was_submitted_does_not_change(client, people):
    project = submitted(draft(people))
    client.force_login(people.pm)
    assert client.get(url(project))["Location"] == project.get_absolute_url()


def test_only_the_owner_pastes(client, people, project, outsider):
    client.force_login(outsider)
    assert client.post(url(project), {"text": TEXT}).status_code == HTTPStatus.FORBIDDEN


def kind(client, project, **changed):
    html = client.get(url(project)).content.decode()
    return client.post(url(project), boxes(html, "kind").values | {"do": "kind", "template": "loss"} | changed)


def test_a_draft_takes_the_names_of_a_kind_and_keeps_what_is_written(client, people, project):
    version = Project.objects.get(pk=project.pk).version
    save_pitch(project, {"reach": Decimal(3000), "reach_unit": "bags"}, version=version, by=people.pm, now=NOW)
    client.force_login(people.pm)
    before = values_of(project)

    assert kind(client, project)["Location"] == reverse("projects:pitch", args=[project.pk])

    assert values_of(project) == before
    stored = Project.objects.get(pk=project.pk)
    line = stored.benefit_lines.get()
    assert (stored.template, line.label, line.reach_unit) == ("loss", "Less is lost or damaged", "bags")
    assert (
        "What one loss costs, with what follows from it"
        in client.get(reverse("projects:pitch", args=[project.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"template": "guess"}, HTTPStatus.UNPROCESSABLE_ENTITY), ({"version": "0"}, HTTPStatus.CONFLICT)],
)
def test_a_kind_that_is_none_or_a_stale_draft_changes_nothing(client, people, project, changed, status):
    client.force_login(people.pm)
    before = values_of(project)

    assert kind(client, project, **changed).status_code == status

    assert (values_of(project), Project.objects.get(pk=project.pk).template) == (before, "")

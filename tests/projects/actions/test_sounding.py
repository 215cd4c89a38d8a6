import pytest
from django.core.exceptions import PermissionDenied

from portal.common.errors import IllegalStateError, InvalidInputError
from projects.actions.sounding import comment_draft, invite_reader, resolve_comment, uninvite_reader
from projects.actions.stage import move
from projects.lifecycle import Transition
from projects.models import DraftComment, DraftReader, Project
from projects.permissions import can_comment, people_of
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, draft, owed, submitted, told, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(people):
    return draft(people, is_restricted=True)


@pytest.fixture
def colleague(people):
    return UserFactory(name="Cora Colleague", site=people.site)


def sees(person, project):
    return Project.objects.visible_to(person).filter(pk=project.pk).exists()


def test_who_is_asked_sees_the_restricted_draft_until_it_is_submitted(people, project, colleague):
    assert not sees(colleague, project)
    invite_reader(project, colleague, by=people.pm, now=NOW)
    assert sees(colleague, project)
    assert colleague not in people_of(project)

    sent = submitted(project)
    assert not sees(colleague, project)
    move(sent, Transition.WITHDRAW, by=people.pm, now=NOW)
    assert sees(colleague, project)

    uninvite_reader(DraftReader.objects.get(), by=people.pm, now=NOW)
    assert not sees(colleague, project)


def test_the_line_above_a_reader_does_not_see_it(people, project, colleague):
    manager = UserFactory(site=people.site)
    colleague.manager = manager
    colleague.save()
    invite_reader(project, colleague, by=people.pm, now=NOW)
    assert not sees(manager, project)


def test_a_comment_is_news_to_the_owner_and_changes_nothing(people, project, colleague):
    invite_reader(project, colleague, by=people.pm, now=NOW)
    before = owed(project)
    comment = comment_draft(project, "Which bags?", step="benefits", by=colleague, now=NOW)
    resolve_comment(comment, "Only ours", by=people.pm, now=NOW)

    comment.refresh_from_db()
    assert (comment.resolved_at, comment.answer) == (NOW, "Only ours")
    assert told(project)[-3:] == [
        ("draft_shared", "Cora Colleague"),
        ("draft_commented", "Pia Manager"),
        ("draft_resolved", "Cora Colleague"),
    ]
    assert verbs(project)[-3:] == ["draft.shared", "draft.commented", "draft.resolved"]
    assert owed(project) == before
    assert Project.objects.get(pk=project.pk).version == project.version


def test_what_is_submitted_does_not_carry_comments(people, project, colleague):
    invite_reader(project, colleague, by=people.pm, now=NOW)
    comment_draft(project, "Which bags?", step="", by=colleague, now=NOW)
    frozen = submitted(project).submissions.get()
    assert "Which bags" not in frozen.content
    with pytest.raises(IllegalStateError):
        comment_draft(project, "Too late", step="", by=people.pm, now=NOW)
    with pytest.raises(IllegalStateError):
        invite_reader(project, people.engineer, by=people.pm, now=NOW)


def test_asked_or_taken_back_twice_is_once(people, project, colleague):
    readers = [invite_reader(project, colleague, by=people.pm, now=NOW) for _time in range(2)]
    assert readers[0] == readers[1]
    assert told(project).count(("draft_shared", "Cora Colleague")) == 1
    for _time in range(2):
        uninvite_reader(readers[0], by=people.pm, now=NOW)
    assert verbs(project).count("draft.unshared") == 1


def test_a_comment_is_resolved_once(people, project):
    comment = comment_draft(project, "Remember the hubs", step="", by=people.pm, now=NOW)
    resolve_comment(comment, "", by=people.pm, now=NOW)
    with pytest.raises(IllegalStateError):
        resolve_comment(comment, "Again", by=people.pm, now=NOW)
    assert DraftComment.objects.get().answer == ""


def test_only_the_owner_asks_and_resolves(people, project, colleague):
    reader = invite_reader(project, colleague, by=people.pm, now=NOW)
    comment = comment_draft(project, "Which bags?", step="", by=colleague, now=NOW)
    for deed in (
        lambda: invite_reader(project, people.engineer, by=colleague, now=NOW),
        lambda: uninvite_reader(reader, by=colleague, now=NOW),
        lambda: resolve_comment(comment, "", by=colleague, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_only_who_was_asked_comments(people, project, colleague):
    assert [can_comment(person, project) for person in (people.pm, people.lead, people.partner, colleague)] == [
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(PermissionDenied):
        comment_draft(project, "I happen to see it", step="", by=people.lead, now=NOW)


@pytest.mark.parametrize(("text", "step"), [(" ", ""), ("x" * 1001, ""), ("Fine", "nowhere")])
def test_a_comment_says_something_about_a_step(people, project, text, step):
    with pytest.raises(InvalidInputError):
        comment_draft(project, text, step=step, by=people.pm, now=NOW)


def test_nobody_is_asked_who_left_or_wrote_it(people, project):
    for person in (people.pm, UserFactory(is_active=False)):
        with pytest.raises(InvalidInputError):
            invite_reader(project, person, by=people.pm, now=NOW)

from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connections, transaction
from django.http import QueryDict

from portal.accounts.actions.form_keys import forget_form_keys, once
from portal.accounts.models import Department, FormKey
from portal.common.errors import InvalidInputError, KeyReuseError
from tests.factories.accounts import UserFactory


def make_department(name="Logistics"):
    return f"/departments/{Department.objects.create(name=name).pk}/"


@pytest.mark.django_db
def test_the_second_time_leads_where_the_first_led():
    person = UserFactory()
    first = once(person, "key", {"name": "Logistics"}, make_department)
    second = once(person, "key", {"name": "Logistics"}, make_department)
    assert first == second
    assert Department.objects.count() == 1


@pytest.mark.django_db
def test_keys_are_of_one_person_and_one_form():
    for person in UserFactory.create_batch(2):
        for key in ("one", "two"):
            once(person, key, {}, partial(make_department, f"{person.pk} {key}"))
    assert Department.objects.count() == 4


@pytest.mark.django_db
def test_another_payload_under_the_same_key_is_refused():
    person = UserFactory()
    location = once(person, "key", {"name": "Logistics"}, make_department)
    with pytest.raises(KeyReuseError) as refusal:
        once(person, "key", {"name": "Other"}, make_department)
    assert refusal.value.location == location
    assert Department.objects.count() == 1


@pytest.mark.django_db
def test_a_deed_that_fails_leaves_the_key_free():
    person = UserFactory()

    def fail():
        make_department()
        raise InvalidInputError({"name": "no"})

    with pytest.raises(InvalidInputError):
        once(person, "key", {"name": "bad"}, fail)
    assert (Department.objects.count(), FormKey.objects.count()) == (0, 0)
    once(person, "key", {"name": "good"}, make_department)
    assert Department.objects.count() == 1


@pytest.mark.django_db
def test_the_token_against_forgery_is_not_part_of_the_payload():
    person = UserFactory()
    for token in ("a", "b"):
        once(person, "key", QueryDict(f"csrfmiddlewaretoken={token}&name=x&name=y"), make_department)
    with pytest.raises(KeyReuseError):
        once(person, "key", QueryDict("csrfmiddlewaretoken=a&name=x&name=z"), make_department)


@pytest.mark.django_db
def test_without_a_key_nothing_is_kept():
    person = UserFactory()
    once(person, "", {}, make_department)
    once(person, "", {}, lambda: make_department("Other"))
    assert (Department.objects.count(), FormKey.objects.count()) == (2, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x" * 65, "a\x00b"])
def test_a_key_no_form_of_ours_has_is_refused(key):
    with pytest.raises(InvalidInputError):
        once(UserFactory(), key, {}, make_department)


@pytest.mark.django_db
def test_old_keys_are_forgotten():
    person, now = UserFactory(), datetime.now(UTC)
    once(person, "key", {}, make_department)
    assert forget_form_keys(now=now + timedelta(days=6)) == 0
    assert forget_form_keys(now=now + timedelta(days=8)) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_deed():
    person = UserFactory()
    together = Barrier(6)
    answers = []

    def send():
        together.wait()
        try:
            answers.append(once(person, "key", {"name": "Logistics"}, make_department))
        finally:
            connections.close_all()

    threads = [Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [f"/departments/{Department.objects.get().pk}/"] * 6


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_one_who_waited_takes_over_from_one_who_failed():
    person = UserFactory()
    inside, done = Barrier(2), []

    def fail():
        inside.wait()
        raise InvalidInputError({"name": "no"})

    def first():
        try:
            with transaction.atomic():
                once(person, "key", {}, fail)
        except InvalidInputError:
            done.append("failed")
        finally:
            connections.close_all()

    thread = Thread(target=first)
    thread.start()
    inside.wait()
    done.append(once(person, "key", {}, make_department))
    thread.join()
    assert set(done) == {"failed", f"/departments/{Department.objects.get().pk}/"}

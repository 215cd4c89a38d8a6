"""What is owed and sent. Rows are made by the actions, so that they look as they really do."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from portal.notifications.enums import Channel, DeliveryState
from portal.notifications.models import Delivery, Obligation
from tests.factories.accounts import UserFactory

OPENED = datetime(2026, 11, 22, 8, tzinfo=UTC)


class ObligationFactory(DjangoModelFactory):
    """An open one whose next rung is as given; for a planned one use `owe`."""

    class Meta:
        model = Obligation

    kind = "report"
    object_id = factory.Sequence(lambda n: n + 1)
    person = factory.SubFactory(UserFactory)
    opened_at = OPENED
    due_at = datetime(2026, 11, 25, 15, 59, 59, 999999, tzinfo=UTC)
    ladder = factory.LazyFunction(lambda: [{"working_days": days} for days in (-2, 0, 1, 3)])
    next_rung_at = datetime(2026, 11, 23, 1, tzinfo=UTC)


class DeliveryFactory(DjangoModelFactory):
    """A message about an event; mail that waits, unless told otherwise."""

    class Meta:
        model = Delivery

    event = "launched"
    object_id = factory.Sequence(lambda n: n + 1)
    person = factory.SubFactory(UserFactory)
    channel = Channel.MAIL
    state = DeliveryState.PENDING
    created_at = OPENED
    next_try_at = OPENED
    message_id = factory.Sequence(lambda n: f"<{n}@portal.test>")

import pytest

from tests.portal.notifications.fake_process import STATE, State
from tests.portal.notifications.smtp_server import running


@pytest.fixture(autouse=True)
def world(settings) -> State:
    """The state of the fake process that all tests of this folder run in."""
    settings.PROCESS = "tests.portal.notifications.fake_process.PROCESS"
    settings.BASE_URL = "https://portal.example.com"
    STATE.clear()
    return STATE


@pytest.fixture
def mail_server(settings):
    """A mail server of our own, which the portal sends to while the test runs."""
    with running() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server

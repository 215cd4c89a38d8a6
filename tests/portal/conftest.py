from pathlib import Path

import pytest

PROBE = Path(__file__).parent / "probe"


@pytest.fixture
def probe(settings):
    """A small portal with a view for each thing a view can do; the frame is tested apart from the pages in it."""
    settings.ROOT_URLCONF = "tests.portal.probe.urls"
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], PROBE / "templates"]}]
    return settings

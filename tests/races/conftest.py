import pytest

from tests.factories.projects import Cast, cast


@pytest.fixture
def people(db: None) -> Cast:
    """The people of a project."""
    return cast()

"""What the tests share."""

from typing import Iterator

import crm
import pytest


@pytest.fixture
def db() -> Iterator[crm.Database]:
    """A database in memory."""
    with crm.open(country="DE", zone="Europe/Berlin") as database:
        yield database


@pytest.fixture
def session(db: crm.Database) -> crm.Session:
    """A session of the system."""
    return db.session()

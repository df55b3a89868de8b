"""What tests of delivery leave as it was."""

import logging
from collections.abc import Iterator

import pytest

from tickglass.delivery.remote import TALKATIVE


@pytest.fixture(autouse=True)
def loggers() -> Iterator[None]:
    """The libraries that are silenced may talk again in the next test."""
    before = {name: logging.getLogger(name).level for name in TALKATIVE}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)

"""What all tests share: the folder of the package, and the profile of the property tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, print_blob=True)  # the same examples every run
settings.load_profile("steady")


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parents[1]

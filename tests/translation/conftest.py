"""The backend's services with a model that a test directs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backend.config import Config
from backend.services import Services, build

MakeServices = Callable[..., Services]


@pytest.fixture
def make_services(settings: dict[str, Any]) -> Iterator[MakeServices]:
    """Builds services; keyword arguments change settings."""
    built: list[Services] = []

    def make(**changes: Any) -> Services:
        built.append(build(Config(**(settings | changes))))
        return built[-1]

    yield make
    for services in built:
        services.close()


@pytest.fixture
def services(make_services: MakeServices) -> Services:
    return make_services()

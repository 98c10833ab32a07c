"""Fixtures of the pages of surveys."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope


@pytest.fixture
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def client_of(sign_in: Callable[..., Client], workspace: Any) -> Client:
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.factories import TouchpointFactory

    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace, name="Coffee bar")
    return sign_in("analyst")

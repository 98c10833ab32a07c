"""What every test may ask for: workspaces, people of each role, the real data, a browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django_scopes import scope, scopes_disabled

os.environ.setdefault("CXM_DATA", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ.setdefault("CXM_PG_FAST", "1")
# Named here, not in pyproject.toml: pytest-django would read the settings before the lines above.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxm.settings")
# Playwright's own event loop would otherwise forbid the ORM in browser tests.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("cxm", deadline=None)
hypothesis.settings.load_profile("cxm")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shared", help="folder with the real answers (data/airport)")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    from cxm import postgres

    # Reading a setting tells pytest-django that there are settings.
    data: Path = settings.DATA
    if not os.environ.get("DATABASE_URL"):
        postgres.ensure_running(data)


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> Path:
    """The folder of the airport survey; the option may name it or the folder above."""
    given = Path(request.config.getoption("--shared") or "absent")
    for folder in (given, given / "data" / "airport"):
        if (folder / "golden.py").is_file():
            return folder
    pytest.skip("the real answers are not here: pass --shared=FOLDER")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One run at a time on a database, and nothing in it that a killed run left behind.

    Tests with ``transaction=True`` store for everybody to see and are cleaned up afterwards: a
    second run on the same database would meet their rows, and so would the run after a killed one.
    """
    from django.core.management import call_command
    from django.db import connection

    from cxm.models import User, Workspace

    with django_db_blocker.unblock():
        lock = connection.copy()
        with lock.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(1, 1)")
            if cursor.fetchone() != (True,):
                pytest.fail("another run uses this database: give this one a folder, CXM_DATA=…")
        if Workspace.objects.exists() or User.objects.exists():
            call_command("flush", interactive=False, verbosity=0)
    yield
    with django_db_blocker.unblock():
        lock.close()


@pytest.fixture(autouse=True)
def fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def workspace(db: None) -> Any:
    from tests.factories import WorkspaceFactory

    return WorkspaceFactory(slug="firm", name="Firm")


@pytest.fixture
def other_workspace(db: None) -> Any:
    from tests.factories import WorkspaceFactory

    return WorkspaceFactory(slug="rival", name="Rival")


@pytest.fixture
def in_scope(workspace: Any) -> Iterator[Any]:
    """Run the test inside of the workspace's scope."""
    with scope(workspace=workspace):
        yield workspace


@pytest.fixture
def everywhere() -> Iterator[None]:
    with scopes_disabled():
        yield


@pytest.fixture
def sign_in(client: Any, workspace: Any) -> Callable[..., Any]:
    """``sign_in("analyst")`` → a client of a member with this role; "outsider": of no member."""
    from tests.factories import MembershipFactory, UserFactory

    def enter(role: str, to: Any = None) -> Any:
        user = UserFactory()
        if role != "outsider":
            MembershipFactory(workspace=to or workspace, user=user, role=role)
        client.force_login(user)
        return client

    return enter

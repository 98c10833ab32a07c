"""Fixtures of the private PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cxm.private_server import Holder, clean_up


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXM_PG_FAST", "1")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    clean_up(folder)


@pytest.fixture
def hold(data: Path) -> Iterator[Callable[..., Holder]]:
    holders: list[Holder] = []

    def start(*prefix: str) -> Holder:
        holders.append(Holder(data, *prefix))
        return holders[-1]

    yield start
    for holder in holders:
        if holder.process.poll() is None:
            holder.leave()

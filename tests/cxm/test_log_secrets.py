"""Whoever reads the log cannot open anybody's answers with it."""

import logging

import pytest

from cxm.log_secrets import HideSecrets


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/m/7KQ4XP/XF-t6yID--pUnwfq35sRlQ/40/", "/m/7KQ4XP/…/40/"),
        ("/m/i/12.BDtsKCeOMDEvVhT0KC8W-nGNhROx0c0Vi_m3V049lXI/", "/m/i/…/"),
        ("/u/12.uOdK9I4BhPolV51pv5AVq6hOVD39GvJSrEbt46vqevc/", "/u/…/"),
        ("/m/7KQ4XP/", "/m/7KQ4XP/"),
        ("/w/firm/surveys/1/results/", "/w/firm/surveys/1/results/"),
    ],
)
def test_secret_parts_of_addresses_are_hidden(path: str, said: str) -> None:
    record = logging.LogRecord("django", 30, "", 0, "%s: %s", ("Bad Request", path), None)
    assert HideSecrets().filter(record)
    assert record.getMessage() == f"Bad Request: {said}"

"""German is complete: every text that a person reads has its translation, and it is compiled."""

import re
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "cxm" / "locale" / "de" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def test_german_is_complete() -> None:
    catalogue = polib.pofile(str(LOCALE / "django.po"))
    missing = [entry.msgid for entry in catalogue.untranslated_entries()]
    assert not missing
    assert not [entry.msgid for entry in catalogue.fuzzy_entries()]


def test_german_keeps_every_placeholder() -> None:
    for entry in polib.pofile(str(LOCALE / "django.po")):
        source = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
        texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) <= source, entry.msgid
        assert set(PLACEHOLDER.findall("".join(texts))) == source, entry.msgid


def test_what_is_compiled_is_what_is_written() -> None:
    written = {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural
        for entry in polib.pofile(str(LOCALE / "django.po"))
        if not entry.obsolete
    }
    compiled = {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural
        for entry in polib.mofile(str(LOCALE / "django.mo"))
    }
    assert compiled == written

"""One table of the TOML: takes keys out with their type and tells what was left over."""

from typing import Any, Final, Self

from django.utils.translation import gettext as _

from surveys.scales import code

_CODE: Final = 40
_LABEL: Final = 200  # what stands in a cell and has a label, a score


class Reader:
    """``problems`` is shared by all tables of one file."""

    def __init__(self, values: dict[str, Any], place: str, problems: list[str]) -> None:
        self.values = values
        self.left = dict(values)
        self.place = place
        self.problems = problems
        self.known: list[str] = []

    def name_it(self, name: str) -> None:
        """Add a name that helps to find the table."""
        if name:
            self.place = f"{self.place} ({name[:60]})"

    def problem(self, words: str) -> None:
        self.problems.append(f"{self.place}: {words}" if self.place else words)

    def has(self, key: str) -> bool:
        return key in self.values

    def take(self, key: str, required: bool = True) -> Any:
        self.known.append(key)
        if key not in self.left:
            if required:
                self.problem(_("%(key)s is missing.") % {"key": key})
            return None
        return self.left.pop(key)

    def child(self, key: str, values: dict[str, Any]) -> Self:
        return type(self)(values, f"{self.place} {key}", self.problems)

    def table(self, key: str, required: bool = True) -> Self:
        value = self.take(key, required=False)
        if value is None and required:
            self.problem(_("The table [%(key)s] is missing.") % {"key": key})
        if value is not None and not isinstance(value, dict):
            self.problem(_("[%(key)s] is a table.") % {"key": key})
        is_there = isinstance(value, dict)
        # A missing table is one problem, not one for each of its keys.
        problems = self.problems if is_there or not required else []
        return type(self)(value if is_there else {}, f"[{key}]", problems)

    def tables(self, key: str) -> list[Self]:
        value = self.take(key, required=False)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(_("[[%(key)s]] is a list of tables.") % {"key": key})
            return []
        return [
            type(self)(item, f"[[{key}]] {number}", self.problems)
            for number, item in enumerate(value, 1)
        ]

    def text(self, key: str, *, required: bool = True, limit: int = 1000, trim: bool = True) -> str:
        value = self.take(key, required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problem(_("%(key)s is a text in quotes.") % {"key": key})
            return ""
        value = value.strip() if trim else value
        if (required and not value) or "\0" in value or len(value) > limit:
            self.problem(
                _("%(key)s is a text of 1 to %(limit)d characters.") % {"key": key, "limit": limit}
            )
        return value

    def flag(self, key: str) -> bool:
        value = self.take(key, required=False)
        if value is not None and not isinstance(value, bool):
            self.problem(_("%(key)s is true or false.") % {"key": key})
        return value is True

    def number(self, key: str, *, default: int, low: int, high: int) -> int:
        value = self.take(key, required=False)
        if value is None:
            return default
        if not _is_whole(value) or not low <= value <= high:
            self.problem(
                _("%(key)s is a whole number from %(low)d to %(high)d.")
                % {"key": key, "low": low, "high": high}
            )
            return default
        return int(value)

    def pair(self, key: str, *, low: int, high: int) -> tuple[int, int] | None:
        value = self.take(key, required=False)
        if value is None:
            return None
        if (
            not isinstance(value, list)
            or len(value) != 2
            or not all(_is_whole(item) and low <= item <= high for item in value)
            or not value[0] < value[1]
        ):
            self.problem(_("%(key)s is [lowest, highest], two whole numbers.") % {"key": key})
            return None
        return (value[0], value[1])

    def codes(self, key: str) -> tuple[str, ...]:
        value = self.take(key, required=False)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(_is_code(item) for item in value):
            self.problem(_('%(key)s is a list of codes, such as [0, ""].') % {"key": key})
            return ()
        return tuple(dict.fromkeys(code(str(item)) for item in value))

    def labels(self, key: str, *, required: bool = True, limit: int = 120) -> dict[str, str]:
        value = self.take(key, required)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(
            _is_code(name, _LABEL) and _is_label(label, limit) for name, label in value.items()
        ):
            self.problem(
                _('%(key)s says for each code what it stands for, such as { 1 = "Yes" }.')
                % {"key": key}
            )
            return {}
        return {code(name): label.strip() for name, label in value.items()}

    def numbers(self, key: str, *, low: int, high: int) -> dict[str, int]:
        """What stands for which whole number, such as { "Very good" = 5 }."""
        value = self.take(key, required=False)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(
            _is_code(name, _LABEL) and _is_whole(number) and low <= number <= high
            for name, number in value.items()
        ):
            self.problem(
                _('%(key)s says for each text its whole number, such as { "Very good" = 5 }.')
                % {"key": key}
            )
            return {}
        return {code(name): number for name, number in value.items()}

    def words(self, key: str, *, limit: int, most: int) -> tuple[str, ...]:
        value = self.take(key, required=False)
        if value is None:
            return ()
        if (
            not isinstance(value, list)
            or len(value) > most
            or not all(_is_label(item, limit) for item in value)
        ):
            self.problem(_("%(key)s is a list of words.") % {"key": key})
            return ()
        return tuple(dict.fromkeys(value))

    def items(self, key: str, *, most: int) -> list[Any]:
        """A list of texts or tables."""
        value = self.take(key, required=False)
        if value is None:
            return []
        if (
            not isinstance(value, list)
            or len(value) > most
            or not all(isinstance(item, dict) or _is_label(item, 500) for item in value)
        ):
            self.problem(_("%(key)s is a list of texts or tables.") % {"key": key})
            return []
        return value

    def finish(self) -> None:
        """Name every key that nobody asked for."""
        for key in self.left:
            self.problem(
                _("unknown key “%(key)s”; known are %(known)s.")
                % {"key": key[:60], "known": ", ".join(self.known)}
            )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_code(value: Any, limit: int = _CODE) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    text = str(value)
    return len(text) <= limit and "\0" not in text


def _is_label(value: Any, limit: int) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= limit and "\0" not in value

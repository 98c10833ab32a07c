"""What the frame around every page needs; nothing is asked of the database before it is drawn."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cxm.models import Theme, Workspace

_RAIL: tuple[tuple[str, str, str, Promise], ...] = (
    ("home", "journeys:home", "house", _("Home")),
    ("maps", "journeys:journeys", "map", _("Maps")),
    ("curve", "journeys:insights", "activity", _("Emotion curve")),
    ("heatmap", "journeys:heatmap", "grid-3x3", _("Heatmap")),
    ("touchpoints", "touchpoints:catalogue", "shapes", _("Touchpoints")),
    ("surveys", "surveys:surveys", "clipboard-list", _("Surveys")),
    ("cases", "care:cases", "message-square", _("Cases")),
)
# Places that not everybody may go to; and those that a phone has no room for: it finds the cases
# at home, among the surveys and in mails.
_RIGHTS = {"cases": "verbatims"}
_WIDE = frozenset({"cases"})
_SETTINGS = ("settings", "cxm:members", "settings", _("Settings"))

# Which place in the rail a page belongs to: by its own name first, then by its app.
_PLACES = {
    "journeys:home": "home",
    "cxm": "settings",
    "journeys:insights": "curve",
    "journeys:curve": "curve",
    "journeys:compare": "curve",
    "journeys:heatmap": "heatmap",
    "journeys:touchpoint-merge": "touchpoints",
    "journeys": "maps",
    "touchpoints": "touchpoints",
    "surveys": "surveys",
    "care:cases": "cases",
    "care:case": "cases",
    "care:case-edit": "cases",
    "care:case-note": "cases",
    "care:people-data": "settings",
    "care:person-file": "settings",
    "care:person-erasure": "settings",
    "care:erasures": "settings",
    "care:retention": "settings",
    "care": "surveys",
}


@dataclass(frozen=True)
class RailLink:
    key: str
    url: str
    icon: str
    label: Promise
    current: bool
    is_wide: bool = False


class Frame:
    """Rail, workspace switcher and preferences for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.workspace: Workspace | None = getattr(request, "workspace", None)
        self.languages: Sequence[tuple[str, str]] = settings.LANGUAGES
        self.themes = Theme.choices

    @cached_property
    def place(self) -> str:
        """Key of the rail link that the page belongs to; empty outside of the application."""
        match = self.request.resolver_match
        if match is None:
            return ""
        return _PLACES.get(match.view_name) or _PLACES.get(match.namespace, "")

    @cached_property
    def rail(self) -> list[RailLink]:
        may = self._capabilities
        listed = [entry for entry in _RAIL if _RIGHTS.get(entry[0], "read") in may]
        return [link for entry in listed if (link := self._link(*entry))]

    @property
    def _capabilities(self) -> Collection[str]:
        """Who has no membership here (a page of an error, a guest) is shown what all may see."""
        member = getattr(self.request, "member", None)
        return member.capabilities if member else frozenset({"read"})

    @cached_property
    def settings(self) -> RailLink | None:
        """Only for who may open them."""
        return self._link(*_SETTINGS) if "manage" in self._capabilities else None

    def _link(self, key: str, name: str, icon: str, label: Promise) -> RailLink | None:
        if self.workspace is None:
            return None
        try:
            url = reverse(name, kwargs={"workspace": self.workspace.slug})
        except NoReverseMatch:
            # A part of the application that is not installed has no place in the rail.
            return None
        return RailLink(key, url, icon, label, key == self.place, key in _WIDE)

    @cached_property
    def workspaces(self) -> list[Workspace]:
        """The workspaces of the person, for the switcher: one query."""
        user = self.request.user
        return list(Workspace.objects.of(user)) if user.is_authenticated else []

    @cached_property
    def theme(self) -> str:
        """light, dark or system: the person's choice, before sign-in the browser's cookie."""
        user = getattr(self.request, "user", None)
        chosen = getattr(user, "theme", "") or self.request.COOKIES.get("theme", "")
        return chosen if chosen in Theme.values else Theme.SYSTEM.value


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Context processor: ``frame`` in every template."""
    return {"frame": Frame(request)}

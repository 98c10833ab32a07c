"""Words, choices and addresses that the modules of the map page need, in the reader's language.

``{name}`` in a word is filled in by the browser; two forms are for one and for several.
"""

from collections.abc import Callable
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cxm.access import WorkspaceRequest
from journeys.map_key_words import keys
from journeys.map_menu_words import menu_words
from journeys.models import BLUEPRINT, LINES, CardStatus, Evidence, LaneKind, Mark, Tag
from touchpoints.models import MediaType


def for_page(request: WorkspaceRequest) -> dict[str, Any]:
    """Everything for ``<script type="application/json" id="map-words">``."""
    return {
        "words": {**_words(), **menu_words()},
        "choices": {
            "marks": _choices(Mark),
            "tags": _choices(Tag),
            "statuses": _choices(CardStatus),
            "evidence": _choices(Evidence),
            "lanes": _lanes(),
            "keys": keys(),
        },
        "urls": _urls(request.workspace.slug),
        "can": {
            "catalogue": "catalogue" in request.member.capabilities,
            "kinds": _choices(MediaType),
        },
    }


def _choices(kinds: Any) -> list[tuple[str, str]]:
    return [(kind.value, str(kind.label)) for kind in kinds]


def _lanes() -> list[dict[str, Any]]:
    """The kinds of lanes in three groups: the journey, the blueprint, lines across the map."""
    rest = [k for k in LaneKind if k not in BLUEPRINT and k not in LINES]
    boxes = [k for k in LaneKind if k in BLUEPRINT and k not in LINES]
    lines = [k for k in LaneKind if k in LINES]
    groups = [(_("Journey"), rest), (_("Service blueprint"), boxes), (_("Lines"), lines)]
    return [{"name": name, "kinds": _choices(kinds)} for name, kinds in groups]


def _urls(slug: str) -> dict[str, str]:
    return {
        "icons": static("icons.svg"),
        "touchpoints": reverse("journeys:touchpoint-options", args=[slug]),
        "quick": reverse("journeys:touchpoint-quick", args=[slug]),
        "maps": reverse("journeys:map-options", args=[slug]),
        "search": reverse("journeys:search", args=[slug]),
        "upload": reverse("journeys:upload-create", args=[slug]),
        "touchpoint": reverse("touchpoints:touchpoint", args=[slug, 0]),
    }


def forms(words: Callable[[int], str]) -> list[str]:
    """A word for one and for several."""
    return [words(1), words(2)]


def _words() -> dict[str, str | list[str]]:
    return {**_counted(), **_said(), **_placed(), **_chosen(), **_pasted()}


def _counted() -> dict[str, str | list[str]]:
    return {
        "cards": forms(lambda n: ngettext("{n} card", "{n} cards", n)),
        "steps": forms(lambda n: ngettext("{n} step", "{n} steps", n)),
        "cells": forms(lambda n: ngettext("{n} cell", "{n} cells", n)),
        "selected": forms(lambda n: ngettext("{n} cell selected", "{n} cells selected", n)),
        "copied": forms(lambda n: ngettext("{n} cell copied", "{n} cells copied", n)),
        "cards_removed": forms(lambda n: ngettext("{n} card deleted", "{n} cards deleted", n)),
        "cards_merged": forms(lambda n: ngettext("{n} card merged", "{n} cards merged", n)),
        "cards_pasted": forms(lambda n: ngettext("{n} card pasted", "{n} cards pasted", n)),
        "evidence_set": forms(
            lambda n: ngettext("Evidence of {n} card set", "Evidence of {n} cards set", n)
        ),
        "offline": forms(
            lambda n: ngettext("Offline, {n} change kept here", "Offline, {n} changes kept here", n)
        ),
        "needs_decision": forms(
            lambda n: ngettext("{n} change needs a decision", "{n} changes need a decision", n)
        ),
        "with_cells": forms(
            lambda n: ngettext("With the {n} selected cell", "With the {n} selected cells", n)
        ),
        "merge_n": forms(lambda n: ngettext("Merge {n} card", "Merge {n} cards", n)),
    }


def _said() -> dict[str, str | list[str]]:
    """What happened, and the state of saving."""
    return {
        "saving": _("Saving"),
        "saved": _("Saved {time}"),
        "kept_here": _("kept here, {time}"),
        "two_versions": _("two versions"),
        "taken_back": _("Taken back"),
        "nothing_to_take_back": _("Nothing to take back"),
        "brought_back": _("Brought back"),
        "nothing_to_bring_back": _("Nothing to bring back"),
        "no_right": _("You may no longer change this map."),
        "signed_out": _("You are signed out. Sign in in another tab; your changes are kept here."),
        "map_gone": _("This map is not there any more."),
        "failed": _("That did not work. Try again."),
        "no_line": _("The server cannot be reached. Try again in a moment."),
        "upload_failed": _("The file could not be sent. Try again."),
        "copy_text": _("Copy the text"),
        "as_new_card": _("As a new card"),
        "card_removed": _("“{name}” deleted"),
        "phase_removed": _("Phase “{name}” deleted"),
        "step_removed": _("Step “{name}” deleted"),
        "persona_added": _("“{name}” now goes through this map"),
        "persona_removed": _("“{name}” taken off the map"),
        "lane_removed": _("Lane “{name}” deleted"),
        "lane_added": _("Lane “{name}” added"),
        "lane_hidden": _("Lane “{name}” hidden"),
        "step_merged": _("“{name}” joined; its answers count here"),
        "phase_moved": _("Phase “{name}” is now number {n}"),
        "step_moved": _("“{name}” is now step {n}, {phase}"),
        "lane_moved": _("Lane “{name}” is now number {n}"),
        "moved_to": _("Moved. {place}"),
        "is_moment": _("“{name}” is a moment of truth"),
        "no_moment": _("“{name}” is no moment of truth"),
        "details_saved": _("Details saved"),
        "touchpoint_on": _("{name} added to {step}"),
        "touchpoint_off": _("{name} taken off {step}"),
        "opens_now": _("Opens “{name}”"),
        "selection_off": _("Selection removed"),
        "copy_failed": _("The browser did not allow copying. Press Ctrl C."),
        "text_too_long": _("The text has {n} characters; at most 4,000 fit on a card."),
        "removed_meanwhile": _("Deleted meanwhile. Your text will be offered back."),
        "changed_meanwhile": _("{who} changed this meanwhile. Save to see both."),
        "somebody": _("Somebody"),
    }


def _placed() -> dict[str, str | list[str]]:
    """Where something is or would land."""
    return {
        "place": _("Step {n} {step}, {lane}"),
        "place_short": _("Step {n}, {lane}"),
        "step_n": _("Step {n} · {name}"),
        "lane_n": _("Lane {name}"),
        "phase_n": _("Phase {name}"),
        "n_of_m": _("{n} of {m}"),
        "empty": _("empty"),
        "edge": _("The map ends here"),
        "lifted": _("Lifted. Esc puts it back."),
        "stays": _("Stays where it was"),
        "not_here": _("not here"),
        "back": pgettext("Esc while dragging", "back"),
        "drop_in": _("into step {n}, {lane}"),
        "drop_above": _("into step {n}, {lane}, above “{name}”"),
        "drop_on_step": _("onto step {n} · {name}"),
        "drop_in_phase": _("into phase {phase}"),
        "drop_before": _("before “{name}”"),
        "drop_after": _("after “{name}”"),
        "drop_over": _("above “{name}”"),
        "drop_below": _("below “{name}”"),
        "drag_or": pgettext("+1.0 drag, or ↑ ↓", "drag, or"),
        "not_assumed": _("not assumed"),
        "no_cards_here": _("This lane holds no cards"),
    }


def _chosen() -> dict[str, str | list[str]]:
    """Dialogs: two versions, details, pickers, the command menu."""
    return {
        "conflict_title": _("Two versions of the same card"),
        "conflict_place": _("{place}. {who} wrote at {time}, while you were writing."),
        "which_version": _("Which version?"),
        "mine": _("Yours"),
        "merged": _("Merged"),
        "merged_hint": _("can be edited, common words only once"),
        "take_merged": _("Take the merged text"),
        "take_mine": _("Take yours"),
        "take_theirs": _("Take {who}’s"),
        "other_stays": _("The other version stays in the history."),
        "decide_later": _("Decide later"),
        "mark": _("Mark"),
        "colour": _("Colour"),
        "owner": _("Owner"),
        "status": _("Status"),
        "due": _("Due"),
        "evidence": _("Evidence"),
        "source": _("Source"),
        "as_of": _("As of"),
        "link": _("Link"),
        "choose_file": _("Choose a picture or file"),
        "no_file": _("no file"),
        "file_kept": _("a file is attached"),
        "remove_file": _("Remove the file"),
        "find_touchpoint": _("Find a touchpoint"),
        "touchpoints_of": _("Touchpoints of “{step}”"),
        "on_step": _("on this step"),
        "create_touchpoint": _("Create touchpoint “{name}”"),
        "create_card": _("Create card “{name}”"),
        "find_map": _("Find a map"),
        "opens_none": _("Opens no map"),
        "nothing_found": _("Nothing found"),
        "search_or_command": _("Search, or say what to do"),
        "with_this": _("With this: {name}"),
        "found": _("Found"),
        "create": _("Create"),
        "commands": _("Commands"),
        "jump_here": _("jump there"),
        "opens_page": _("opens its page"),
        "choose": pgettext("keys of a list", "choose"),
        "run": pgettext("keys of a list", "run"),
        "hits_and_commands": _("{hits} found, {commands} commands"),
    }


def _pasted() -> dict[str, str | list[str]]:
    """The preview of a table from the clipboard."""
    return {
        "paste_table": _("Insert a table"),
        "from_table": forms(
            lambda n: ngettext(
                "From the table: {n} cell into “{lane}”, from step {step} on",
                "From the table: {n} cells into “{lane}”, from step {step} on",
                n,
            )
        ),
        "n_new": forms(lambda n: ngettext("{n} is new", "{n} are new", n)),
        "n_replaced": forms(lambda n: ngettext("{n} is replaced", "{n} are replaced", n)),
        "n_same": forms(lambda n: ngettext("{n} is the same", "{n} are the same", n)),
        "adds_steps": forms(lambda n: ngettext("adds {n} step", "adds {n} steps", n)),
        "adds_lanes": forms(lambda n: ngettext("adds {n} lane", "adds {n} lanes", n)),
        "rows_left_out": forms(
            lambda n: ngettext("{n} empty row is left out", "{n} empty rows are left out", n)
        ),
        "same_stays": _("same, stays"),
        "as_one_card": _("As one card"),
        "as_new_lane": _("Insert as new lane instead"),
        "discard": _("Discard"),
        "discarded": _("Nothing inserted"),
        "insert": _("Insert"),
        "pasted": forms(lambda n: ngettext("{n} text inserted", "{n} texts inserted", n)),
        "too_many_cells": _("The table has {n} cells; at most {max} can be inserted at once."),
    }

"""The words of menus, buttons and fields on the map."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def menu_words() -> dict[str, str]:
    """Rows of menus and buttons, as infinitives in German."""
    return {**_buttons(), **_cards(), **_structure()}


def _buttons() -> dict[str, str]:
    return {
        "undo": _("Undo"),
        "redo": _("Redo"),
        "close": _("Close"),
        "sign_in": _("Sign in"),
        "cancel": _("Cancel"),
        "save": pgettext("Enter in a text field", "save"),
        "leave": pgettext("Esc in a text field", "undo"),
        "copy": _("Copy"),
        "clear": _("Clear"),
        "menu": _("Menu"),
        "map": _("Map"),
        "card": _("Card"),
        "cell": _("Cell"),
        "selection": _("Selected cells"),
        "steps_from_to": _("Steps {from} to {to}"),
        "key_ctrl": pgettext("key of the keyboard", "Ctrl"),
        "key_delete": pgettext("key of the keyboard", "Del"),
        "keys_title": _("Keys of the map"),
        "single_keys": _("Single keys act (off: every letter begins a text)"),
        "present": _("Present"),
    }


def _cards() -> dict[str, str]:
    return {
        "edit": _("Edit"),
        "details": _("Details …"),
        "details_of": _("Details of the card"),
        "save_all": _("Save"),
        "set_evidence": _("Set evidence …"),
        "comment": _("Comment"),
        "card_above": _("New card above"),
        "new_card": _("New card"),
        "add_file": _("Add a picture or file …"),
        "duplicate": _("Duplicate"),
        "split": _("Split at line breaks"),
        "merge": _("Merge"),
        "draw_arrow": _("Draw an arrow from here …"),
        "arrow_to": _("Choose the card that the arrow leads to: click or Enter. Esc leaves it."),
        "arrow_set": _("Arrow drawn"),
        "arrow_off_to": _("Remove the arrow to “{name}”"),
        "arrow_off_from": _("Remove the arrow from “{name}”"),
        "move_left": _("Move left"),
        "move_right": _("Move right"),
        "move_up": _("Move up"),
        "move_down": _("Move down"),
        "move_lane_up": _("Move to the lane above"),
        "move_lane_down": _("Move to the lane below"),
        "delete_card": _("Delete the card"),
        "clear_cell": _("Clear the cell"),
        "clear_cells": _("Clear the cells"),
        "copy_table": _("Copy as a table"),
        "not_assumed": _("Not assumed"),
        "open_touchpoint": _("Open its page"),
        "remove_touchpoint": _("Take off this step"),
        "add_touchpoint": _("Add a touchpoint"),
    }


def _structure() -> dict[str, str]:
    return {
        "rename": _("Rename"),
        "rename_map": _("Rename the map"),
        "rename_phase": _("Name of the phase"),
        "rename_step": _("Name of the step"),
        "rename_lane": _("Name of the lane"),
        "name_it": _("Type its name"),
        "new_phase": _("New phase"),
        "new_step": _("New step"),
        "set_moment": _("Make it a moment of truth"),
        "unset_moment": _("No moment of truth"),
        "touchpoints": _("Touchpoints …"),
        "merge_next": _("Merge with the next step"),
        "ask_step": _("Ask about this step"),
        "opens_map": _("Opens a map …"),
        "add_step": _("Add a step"),
        "add_phase": _("Add a phase"),
        "add_lane": _("Add a lane …"),
        "step_before": _("Step before"),
        "step_after": _("Step after"),
        "phase_before": _("Phase before"),
        "phase_after": _("Phase after"),
        "lane_below": _("Lane below …"),
        "fold": _("Fold"),
        "unfold": _("Unfold"),
        "hide_lane": _("Hide"),
        "delete_step": _("Delete the step"),
        "delete_phase": _("Delete the phase"),
        "delete_lane": _("Delete the lane"),
    }

"""The list of keys that the map shows with "?"."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def keys() -> list[dict[str, Any]]:
    """Groups of rows: the keys, and what they do."""
    ctrl = pgettext("key of the keyboard", "Ctrl")
    delete = pgettext("key of the keyboard", "Del")
    return [
        {
            "name": _("Move"),
            "rows": [
                (["←", "→", "↑", "↓"], _("to the next cell")),
                (["Home", "End"], _("to the beginning, the end of the lane")),
                ([ctrl, "Home"], _("to the beginning of the map")),
                (["PageUp", "PageDown"], _("five lanes")),
                (["⇧", "←", "→", "↑", "↓"], _("select a block of cells")),
                (["Esc"], _("out of the card, the selection")),
            ],
        },
        {
            "name": _("Write"),
            "rows": [
                (["Enter"], _("edit, and save")),
                (["⇧", "Enter"], _("break the line")),
                (["Tab"], _("save and go on")),
                (["A", "…", "Z"], _("begin a new text")),
                ([delete], _("clear the cell, delete")),
                ([ctrl, "D"], _("duplicate")),
                ([ctrl, "C"], _("copy as a table")),
                ([ctrl, "V"], _("insert a text or a table")),
            ],
        },
        {
            "name": _("Arrange"),
            "rows": [
                (["+"], _("step after")),
                (["Alt", "+"], _("lane below (also ⇧ +)")),
                (["Alt", "←", "→", "↑", "↓"], _("move the card, step, phase or lane")),
                ([ctrl, "Z"], _("undo")),
                ([ctrl, "⇧", "Z"], _("redo")),
                (["⇧", "F10"], _("menu")),
            ],
        },
        {
            "name": _("Emotion"),
            "rows": [
                (["Enter"], _("to the team's point, and back")),
                (["↑", "↓"], _("0.1 up, down")),
                (["PageUp", "PageDown"], _("0.5 up, down")),
                ([delete], _("not assumed")),
            ],
        },
        {
            "name": _("Single keys"),
            "rows": [
                (["e"], _("edit")),
                (["c"], _("comment")),
                (["b"], _("evidence of the selection")),
                (["p"], _("present")),
                (["/"], _("filter")),
                ([ctrl, "K"], _("search and commands")),
                (["?"], _("this list")),
            ],
        },
    ]

"""The tables of maps: structure, lanes, personas, the log, talk and sharing."""

from journeys.models.lanes import (
    BLUEPRINT,
    DERIVED,
    LINES,
    Arrow,
    Card,
    CardStatus,
    Evidence,
    Lane,
    LaneKind,
    Mark,
    Tag,
    Upload,
)
from journeys.models.log import Event, Snapshot, Version
from journeys.models.maps import Journey, Phase, Step, StepQuestion, StepTouchpoint
from journeys.models.personas import Assumption, JourneyPersona, Persona
from journeys.models.talk import Comment, Notification, ShareLink

__all__ = [
    "BLUEPRINT",
    "DERIVED",
    "LINES",
    "Arrow",
    "Assumption",
    "Card",
    "CardStatus",
    "Comment",
    "Event",
    "Evidence",
    "Journey",
    "JourneyPersona",
    "Lane",
    "LaneKind",
    "Mark",
    "Notification",
    "Persona",
    "Phase",
    "ShareLink",
    "Snapshot",
    "Step",
    "StepQuestion",
    "StepTouchpoint",
    "Tag",
    "Upload",
    "Version",
]

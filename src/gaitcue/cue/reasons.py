"""Why a cue starts, changes and ends."""

from enum import StrEnum


class StartReason(StrEnum):
    """Why a cue starts."""

    FREEZE = "freeze"
    """A freezing episode began."""
    DRAWN = "drawn"
    """A freezing episode began, and the walker's trial drew a cue for it."""
    RESCUE = "rescue"
    """The freeze whose cue the walker's trial withheld went on for too long."""
    PRESSED = "pressed"
    """Somebody asked for it."""
    WALKING = "walking"
    """Walking began, and the whole walk is to be cued."""


FOR_A_FREEZE = frozenset({StartReason.FREEZE, StartReason.DRAWN, StartReason.RESCUE})
"""Why a cue starts that answers a freeze which the detector found."""


class ChangeReason(StrEnum):
    """Why a running cue goes on in another way."""

    FREEZE = "freeze"
    """A freezing episode began under the beat."""
    NO_PROGRESS = "no_progress"
    """The freeze goes on: the cue becomes clearer."""
    OTHER_WAY = "other_way"
    """The cue has not helped for so long that another kind of cue is tried, once."""
    STEPPING = "stepping"
    """The freeze is over, and the beat of the whole walk goes on."""
    PROGRAMME = "programme"
    """The next part of the training programme begins."""


class EndReason(StrEnum):
    """Why a cue ends."""

    STEPPING = "stepping"
    """The freeze is over and effective stepping has returned."""
    NO_STEPPING = "no_stepping"
    """The freeze is over, but no stepping followed."""
    LIMIT = "limit"
    """It went on for so long that it does not help."""
    STANDING = "standing"
    """The walking that it accompanied is over."""
    PROGRAMME_OVER = "programme_over"
    """The training programme is over."""
    DISMISSED = "dismissed"
    """Somebody said that it is no freeze."""
    STOPPED = "stopped"
    """Somebody stopped everything."""
    NO_OUTPUT = "no_output"
    """Nothing is left that could make it perceptible."""
    SENSOR_GAP = "sensor_gap"
    """Samples were missing for so long that the tracking began afresh."""
    STALE_DATA = "stale_data"
    """No good sample came for over a second."""
    WALK_END = "walk_end"
    """The walk ended."""

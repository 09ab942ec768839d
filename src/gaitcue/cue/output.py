"""What can make a cue perceptible: a loudspeaker, the sensor's own vibration, a file, nothing."""

from typing import Protocol

from gaitcue.events import CueChange, CueEnd, CuePlayed, CueStart, OutputChange

Command = CueStart | CueChange | CueEnd
"""What the coach tells the outputs."""

Report = CuePlayed | OutputChange
"""What an output tells of itself."""


class Output(Protocol):
    """Plays cues. No method waits, and none raises: what goes wrong is reported.

    Attributes
    ----------
    name
        As shown to people and given in its reports.
    """

    name: str

    @property
    def delay(self) -> float:
        """From being told to a beat being heard or felt at the soonest, s, as far as known."""

    def take(self, command: Command, at: float) -> None:
        """Begin, change or end a cue; its first beat is to be perceived at `at` s (host clock).

        An end is obeyed at once, whatever `at` says.
        """

    def reports(self) -> list[Report]:
        """What happened since this was last asked."""

    def close(self) -> None:
        """Silence, and let go of what it holds. May be called twice."""

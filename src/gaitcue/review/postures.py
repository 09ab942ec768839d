"""How long the walker held in which posture, and when the sensor slipped on the body."""

from gaitcue.events import Event, MountingSlip, Posture, PostureChange
from gaitcue.review.episodes import LISTED

WORDS = {
    Posture.UPRIGHT: "trunk upright (standing, walking or sitting)",
    Posture.LYING: "lying",
    Posture.STANDING: "standing or walking",
    Posture.SITTING: "sitting or lying",
}


class PostureFold:
    """Gathers the time in each posture, s, and the first `LISTED` slips."""

    def __init__(self) -> None:
        self._times: dict[Posture, float] = {}
        self._held: PostureChange | None = None
        self.slips: list[MountingSlip] = []

    def add(self, event: Event) -> None:
        """Take in the next event."""
        if isinstance(event, PostureChange):
            self._close(event.time)
            self._held = event
        elif isinstance(event, MountingSlip) and len(self.slips) < LISTED:
            self.slips.append(event)

    def result(self, end: float) -> dict[Posture, float] | None:
        """The time in each posture up to `end` s; None when none was known."""
        self._close(end)
        self._held = None
        return self._times or None

    def _close(self, time: float) -> None:
        if self._held is not None:
            held, posture = max(time - self._held.time, 0.0), self._held.posture
            self._times[posture] = self._times.get(posture, 0.0) + held

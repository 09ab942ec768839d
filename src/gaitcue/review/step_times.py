"""How long left and right steps take, where the feet can be told apart."""

from collections.abc import Sequence

from gaitcue.events import Step
from gaitcue.gait.stretch import ONE_LEG
from gaitcue.gait.strides import LONGEST_STEP
from gaitcue.imu import Side
from gaitcue.recording.model import Sensor
from gaitcue.review.spread import Spread, SpreadFold


class StepTimesFold:
    """Gathers the times from a contact of one foot to the next of the other, s.

    They are told only where `sensors` tell the feet apart by more than a guess from the trunk.
    """

    def __init__(self, sensors: Sequence[Sensor]) -> None:
        legs = any(sensor.placement in ONE_LEG for sensor in sensors)
        self._told = legs and len(sensors) > 1
        self._last: Step | None = None
        self._times = {side: SpreadFold(0.01, 10.0) for side in (Side.LEFT, Side.RIGHT)}

    def add(self, step: Step) -> None:
        """Take in the next step."""
        before, self._last = self._last, step
        if before is None or {before.side, step.side} != set(self._times):
            return
        if 0 < step.time - before.time <= LONGEST_STEP:
            self._times[step.side].add(step.time - before.time)

    def result(self) -> tuple[Spread | None, Spread | None]:
        """Those that end with the left foot's contact, and with the right one's."""
        if not self._told:
            return None, None
        return self._times[Side.LEFT].result(), self._times[Side.RIGHT].result()

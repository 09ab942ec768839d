"""The gait tracker: samples of one sensor in, events out, as they are decided."""

from gaitcue.events import Event, Profile
from gaitcue.gait.freezing import LARGEST_SENSITIVITY, Correction
from gaitcue.gait.intake import Intake
from gaitcue.gait.posture import BodyPosture
from gaitcue.gait.quality import Quality
from gaitcue.gait.stretch import Setup, Stretch
from gaitcue.imu import Placement, Samples, Side

SLOWEST_RATE = 16.0
"""Hz: below this the freeze band (3-8 Hz) is no longer in the signal."""


class Tracker:
    """Follows the gait of one walker through one sensor.

    Causal and streaming: each event is decided from samples up to its `decided` time, the events
    do not depend on how the samples are cut into blocks, and memory does not grow with the walk.

    Parameters
    ----------
    placement, side
        Where the sensor is worn. Shank and foot see one leg's contacts, all others both legs'.
    rate
        Hz, at least `SLOWEST_RATE`.
    gyroscope, gravity
        Whether samples have angular rate, and whether their acceleration includes gravity.
    height
        Of the walker, m, for step length; an average one is taken when None.
    speed_factor
        By which a trunk sensor's speed and stride length are multiplied, from a walk of known
        distance; above 0.
    profile
        Operating point of the freeze detector.
    sensitivity
        Log-odds that its threshold lies below the profile's, within `LARGEST_SENSITIVITY` of 0;
        above 0, more freezes are found and more cues are false.
    correction
        Of the freezing model for the walker at this placement, if any.

    Raises
    ------
    ValueError
        When the sensor cannot serve: too slow, or without what its placement needs; when the
        sensitivity is out of range; or when the correction belongs to another freezing model.
    """

    def __init__(
        self,
        *,
        placement: Placement,
        rate: float,
        side: Side = Side.NONE,
        gyroscope: bool,
        gravity: bool = True,
        height: float | None = None,
        speed_factor: float = 1.0,
        profile: Profile = Profile.QUIET,
        sensitivity: float = 0.0,
        correction: Correction | None = None,
    ) -> None:
        if rate < SLOWEST_RATE:
            raise ValueError(f"tracking needs at least {SLOWEST_RATE:g} Hz, got {rate:g} Hz")
        if not abs(sensitivity) <= LARGEST_SENSITIVITY:
            raise ValueError(
                f"the sensitivity must be within {LARGEST_SENSITIVITY:g} of 0, got {sensitivity:g}"
            )
        self._setup = Setup(
            placement=placement,
            side=side,
            rate=rate,
            gyroscope=gyroscope,
            gravity=gravity,
            height=height,
            speed_factor=speed_factor,
            profile=profile,
            sensitivity=sensitivity,
            correction=correction,
        )
        self._intake = Intake(rate, gyroscope=gyroscope)
        self._quality = Quality(rate, gravity=gravity)
        self._posture = BodyPosture(placement)
        self._stretch = Stretch(self._setup, self._posture)
        self._now = 0.0

    def update(self, samples: Samples) -> list[Event]:
        """Take in the next samples; give the events now decided, in order of decision."""
        motions, events = self._intake(samples)
        for motion in motions:
            if motion.fresh:
                events += self._stretch.end(float(motion.known[0]))
                self._stretch = Stretch(self._setup, self._posture)
            events += self._stretch(motion)
            events += self._quality(motion)
            self._now = float(motion.known[-1])
        return _in_order(events)

    def finish(self) -> list[Event]:
        """End whatever is under way, because no more samples follow."""
        events = self._intake.finish()
        now = max([self._now, *(event.decided for event in events)])
        events += self._stretch.end(now)
        events += self._quality.report(now)
        self._stretch = Stretch(self._setup, self._posture)
        return _in_order(events)


def _in_order(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.decided)

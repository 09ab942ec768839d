"""Posture, and whether the strap slipped: how the sensor hangs, against how it hangs in walking.

Whoever walks is upright. So the walker's own walking tells which way is up in the sensor's axes
when upright, however the strap sits, and the angle from there tells posture: of the trunk, upright
or lying (Karantonis et al. 2006); of the thigh, standing or sitting (Skotte et al. 2014). If a
steady walk has another up than before, it is the strap that has moved.
"""

import math
from collections.abc import Sequence

from gaitcue.events import Event, MountingSlip, Posture, PostureChange
from gaitcue.gait.contact import Contact
from gaitcue.gait.orientation import GRAVITY_CORNER
from gaitcue.gait.rhythm import LARGEST_TILT, LOOSEST_RATIO, Rhythm, opening
from gaitcue.gait.strides import LONGEST_STEP
from gaitcue.gait.ticks import TICKS_PER_SECOND
from gaitcue.imu import Placement

Vector = tuple[float, float, float]

TRUNK = (Placement.LOWER_BACK, Placement.WAIST, Placement.CHEST)
"""Placements that tell whether the walker lies."""

LARGEST_ANGLE = {Posture.UPRIGHT: math.radians(60.0), Posture.STANDING: math.radians(45.0)}
"""rad from the up of walking: the trunk's of an upright person (Karantonis et al. 2006, IEEE Trans
Inf Technol Biomed 10:156), and the thigh's of a standing one (Skotte et al. 2014, J Phys Act Health
11:76)."""

OPPOSITE = {Posture.UPRIGHT: Posture.LYING, Posture.STANDING: Posture.SITTING}

HYSTERESIS = math.radians(5.0)
"""rad to either side of the limit that a posture is held on to; our choice."""

HELD = {
    Posture.UPRIGHT: 1.0,
    Posture.STANDING: 1.0,
    Posture.SITTING: 2.0,
    Posture.LYING: 5.0,
}
"""s that a posture must be held to be told. Bending to the floor is over sooner than lying; who
gets up may be walking soon. Our choice."""

WALKING_WITHIN = 1.5
"""s since the last step in which one still walks: slower than 40 steps/min nobody is followed."""

LEARNT_AFTER = 3.0
"""s of steady walking that tell what is up; four times the delay of the estimate of up."""

STEADY = math.cos(math.radians(10.0))
"""Cosine of how far up may stray from its mean in steady walking; it sways by a few degrees."""

SLIPPED_BY = math.radians(25.0)
"""rad that the up of steady walking must differ by from before for a slip. People lean by less on
slopes and stairs and over a walking frame; beyond it postures would be mistaken. Our choice."""

FORGETS = 30.0
"""s of walking over which the up of walking follows the walker's slowly changing lean."""

DELAY = math.sqrt(2) / (2 * math.pi * GRAVITY_CORNER)
"""s: the low-frequency delay of the estimate of up."""

SURE = Rhythm(contacts=10, tilt=LARGEST_TILT, ratio=LOOSEST_RATIO, interval=LONGEST_STEP, size=0.0)
"""Contacts in a row, evenly paced and with the attitude held, that overrule a posture in which
nobody walks: then the sensor has moved on the body. More than fidgeting gives; our choice."""

LOOKS = int(LEARNT_AFTER * TICKS_PER_SECOND)
"""That many are `LEARNT_AFTER`; they are weighed together once a second."""


class BodyPosture:
    """Streaming, four looks a second; lives on when tracking begins afresh after a gap.

    Tells posture and slips at placements that can; at all others it says nothing and doubts
    nothing.
    """

    def __init__(self, placement: Placement) -> None:
        self._erect: Posture | None = None  # what walking is called here
        if placement in TRUNK:
            self._erect = Posture.UPRIGHT
        elif placement is Placement.THIGH:
            self._erect = Posture.STANDING
        self._watches = placement not in (Placement.WRIST, Placement.HEAD)
        self._reference: Vector | None = None  # unit vector: up in walking, in the sensor's axes
        self._recent: list[Vector] = []  # up in the walking under way, newest last
        self._posture: Posture | None = None
        self._since: float | None = None  # since when the other posture is held, s
        self._doubted: list[Contact] = []

    @property
    def walks(self) -> bool:
        """Whether the walker may be walking: not known to sit or lie."""
        return self._posture is None or self._posture is self._erect

    def begin_afresh(self) -> None:
        """Motion is missing: what was held before is not held on."""
        self._recent, self._since, self._doubted = [], None, []

    def screen(self, contact: Contact) -> tuple[list[Contact], list[Event]]:
        """The contacts that count by now: none while the walker sits or lies, unless they insist.

        Gives them, and what that tells of the strap.
        """
        if self.walks:
            return [contact], []
        self._doubted = [*self._doubted[-(SURE.contacts - 1) :], contact]
        if not opening(self._doubted, [SURE]):
            return [], []
        contacts, self._doubted = self._doubted, []
        up = contact.up
        if self._reference is None or up is None:
            return contacts, []
        angle, self._reference = _between(up, self._reference), up
        time, known = contacts[0].time, contact.decided
        return contacts, [
            MountingSlip(time=time, decided=known, angle=angle),
            *self._tell_erect(time, known),
        ]

    def __call__(
        self, time: float, known: float, up: Sequence[float], last_step: float | None
    ) -> list[Event]:
        """Look once: `up` is (3,), a unit vector; `last_step` the time of the latest step, s."""
        if not self._watches:
            return []
        now = (float(up[0]), float(up[1]), float(up[2]))
        walking = last_step is not None and time - last_step <= WALKING_WITHIN
        if walking:
            return self._walk(time, known, now)
        self._recent = []
        return self._rest(time, known, now)

    def _walk(self, time: float, known: float, up: Vector) -> list[Event]:
        """Learn from a moment of walking."""
        self._since = None
        self._recent.append(up)
        if len(self._recent) < LOOKS:
            return []
        mean = _unit(_sum(self._recent))
        steady = all(_dot(one, mean) >= STEADY for one in self._recent)
        self._recent = self._recent[TICKS_PER_SECOND:]
        if not steady:
            return []
        if self._reference is None:
            self._reference = mean
            return self._tell_erect(time, known)
        angle = _between(mean, self._reference)
        if angle < SLIPPED_BY:
            share = 1.0 / FORGETS
            self._reference = _unit(_sum([_times(1 - share, self._reference), _times(share, mean)]))
            return self._tell_erect(time, known) if self._posture is None else []
        self._reference = mean
        slipped = max(time - LEARNT_AFTER - DELAY, 0.0)
        return [MountingSlip(time=slipped, decided=known, angle=angle)]

    def _rest(self, time: float, known: float, up: Vector) -> list[Event]:
        """Look at how somebody holds who does not walk."""
        if self._reference is None or self._erect is None or self._posture is None:
            return []
        angle, limit = _between(up, self._reference), LARGEST_ANGLE[self._erect]
        if self._posture is self._erect:
            other = OPPOSITE[self._erect]
            leaves = angle > limit + HYSTERESIS
        else:
            other = self._erect
            leaves = angle < limit - HYSTERESIS
        if not leaves:
            self._since = None
            return []
        if self._since is None:
            self._since = time
        if time - self._since < HELD[other]:
            return []
        since, self._since, self._posture = self._since - DELAY, None, other
        self._doubted = []
        return [PostureChange(time=since, decided=known, posture=other)]

    def _tell_erect(self, time: float, known: float) -> list[Event]:
        """Somebody walks, so is upright."""
        if self._erect is None or self._posture is self._erect:
            return []
        self._posture = self._erect
        return [PostureChange(time=time, decided=known, posture=self._erect)]


def _between(a: Vector, b: Vector) -> float:
    """Angle between two unit vectors, rad."""
    return math.acos(min(max(_dot(a, b), -1.0), 1.0))


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _sum(vectors: Sequence[Vector]) -> Vector:
    x, y, z = zip(*vectors, strict=True)
    return math.fsum(x), math.fsum(y), math.fsum(z)


def _times(factor: float, vector: Vector) -> Vector:
    return factor * vector[0], factor * vector[1], factor * vector[2]


def _unit(vector: Vector) -> Vector:
    size = math.sqrt(vector[0] ** 2 + vector[1] ** 2 + vector[2] ** 2)
    return _times(1 / size, vector) if size > 0 else vector

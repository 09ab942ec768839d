"""Strides: from one initial contact to the next of the same foot, with length and speed."""

from collections import deque

import numpy as np

from gaitcue.events import Stride, Turn
from gaitcue.gait.contact import Contact
from gaitcue.gait.foot_turns import FootSwing, FootTurns
from gaitcue.gait.intake import Motion
from gaitcue.gait.lift import Swing
from gaitcue.gait.orientation import dot
from gaitcue.imu import STANDARD_GRAVITY, FloatArray, Placement

LONGEST_STEP = 2.0
"""s: 30 steps/min; contacts further apart do not belong to one stride."""

LEG_LENGTH_OF_HEIGHT = 0.53
"""Leg length over body height (Winter 2009, Biomechanics and Motor Control, table 4.1)."""

USUAL_HEIGHT = 1.70
"""m: taken when nobody said how tall the walker is."""

MEMORY = 10.0
"""s of the trunk's motion that are kept: the steps that begin a bout are told together, and a
stride begins with the first of them. Eight steps at 50 steps/min fit in; of a stride that began
earlier no speed is told."""

STEADY_SPEED_SD = 0.11
"""m/s: root mean square error of a stride's speed at the lower back where sway takes no more than
its usual part, over 1977 strides of 15 people (voisard497 against foot sensors, whose own error is
in it, mobgap_example). A good half of its square is the person's own and the same in every stride;
see docs."""

UNSTEADY_SPEED_SD = 0.21
"""m/s: the same of all other strides, of which 79 of 251 are from short bouts with turns and side
steps of 2 people (mobgap_example)."""

SHANK_SENSOR_HEIGHT = 0.25
"""m above the ankle, mid-shank: at mid-stance the sensor moves forward by this times its pitch
rate, because the shank then turns about the resting foot."""


class TrunkStrides:
    """Strides from a trunk sensor's contacts: any two steps in a row make one.

    Their speed is told by how the trunk swings (`gaitcue.gait.lift`), times `speed_factor`.
    """

    def __init__(
        self, placement: Placement, rate: float, height: float | None, speed_factor: float
    ) -> None:
        self._measured = placement is Placement.LOWER_BACK
        self._factor = speed_factor
        self._swing = Swing(LEG_LENGTH_OF_HEIGHT * (height or USUAL_HEIGHT), rate, MEMORY)
        self._contacts: deque[Contact] = deque(maxlen=3)

    def observe(self, motion: Motion) -> None:
        """Take in the motion that leads up to the next contacts."""
        if motion.fresh:
            self._contacts.clear()
        self._swing.observe(motion)

    def __call__(self, contact: Contact) -> Stride | None:
        """Take in the next contact; give the stride it completes."""
        self._contacts.append(contact)
        if len(self._contacts) < 3:
            return None
        first, second, third = self._contacts
        if max(second.time - first.time, third.time - second.time) > LONGEST_STEP:
            return None
        duration = third.time - first.time
        remembered = third.decided - first.time < MEMORY
        pace = self._swing.pace(first.time, third.time) if remembered else None
        speed = speed_sd = None
        if pace is not None:
            speed = self._factor * pace.speed
            if self._measured:
                speed_sd = STEADY_SPEED_SD if pace.steady else UNSTEADY_SPEED_SD
        return Stride(
            time=third.time,
            decided=third.decided,
            start=first.time,
            duration=duration,
            cadence=120 / duration,
            length=None if speed is None else speed * duration,
            speed=speed,
            speed_sd=speed_sd,
        )


class LegStrides:
    """Strides of one leg; their length by integrating from mid-stance to mid-stance.

    The length of a stride is known once the stance after it is over, so a stride is decided one
    contact late. Without a gyroscope, or without gravity, there is a duration but no length.
    The same way from mid-stance to mid-stance tells the `turns` of a foot.
    """

    def __init__(
        self, placement: Placement, rate: float, *, gyroscope: bool, gravity: bool
    ) -> None:
        self._rate = rate
        self._measures = gyroscope and gravity
        self._watches = gyroscope
        foot = placement is Placement.FOOT and gyroscope
        self._foot_turns = FootTurns(rate, gravity=gravity) if foot else None
        self.turns: list[Turn] = []
        """Turns that have been found since this list was last emptied."""
        self._sensor_height = 0.0 if placement is Placement.FOOT else SHANK_SENSOR_HEIGHT
        self._contacts: deque[Contact] = deque(maxlen=3)
        self._stance: int | None = None  # index of mid-stance after the first contact
        self._start = 0  # index of the first row that is kept
        self._rows = np.empty((0, 6))  # acc and gyr of the last strides
        self._origin = 0.0  # s, of index 0

    def observe(self, motion: Motion) -> None:
        """Take in the motion that leads up to the next contacts."""
        if motion.fresh:
            self._start, self._rows, self._stance = int(motion.index[0]), np.empty((0, 6)), None
            self._origin = float(motion.time[0]) - self._start / self._rate
            self._contacts.clear()
        if motion.gyr is None:
            return
        kept = int(3 * 2 * LONGEST_STEP * self._rate)
        old = self._rows[max(len(self._rows) - kept, 0) :]
        self._start += len(self._rows) - len(old)
        self._rows = np.concatenate([old, np.hstack([motion.acc, motion.gyr])])

    def __call__(self, contact: Contact) -> Stride | None:
        """Take in the next contact; give the stride that the one before it completed."""
        self._contacts.append(contact)
        if len(self._contacts) < 2:
            return None
        begun, self._stance = self._stance, None
        if contact.time - self._contacts[-2].time <= 2 * LONGEST_STEP:
            before = self._contacts[-2]
            self._stance = self._mid_stance(before, contact.time - before.time)
        if len(self._contacts) < 3:
            return None
        first, second, _ = self._contacts
        duration = second.time - first.time
        if duration > 2 * LONGEST_STEP:
            return None
        length = None
        if begun is not None and self._stance is not None:
            length = self._length(begun, self._stance)
            self._turn(begun, self._stance, contact.decided)
        return Stride(
            time=second.time,
            decided=contact.decided,
            start=first.time,
            duration=duration,
            cadence=120 / duration,
            length=length,
            speed=None if length is None else length / duration,
            speed_sd=None,
        )

    def rest(self, known: float) -> None:
        """No contact follows: the foot rests after the last one, and a turn is over."""
        if self._foot_turns is None:
            return
        if len(self._contacts) >= 2 and self._stance is not None:
            before, last = self._contacts[-2], self._contacts[-1]
            stance = self._mid_stance(last, last.time - before.time)
            if stance is not None:
                self._turn(self._stance, stance, known)
        self._stance = None
        self._contacts.clear()
        self.turns += self._foot_turns.end(known)

    def _mid_stance(self, contact: Contact, duration: float) -> int | None:
        """Index of the middle of the quietest tenth of a second in the first 60 % of a stride.

        The stride begins with `contact` and takes `duration` s. Stance is about 60 % of the gait
        cycle (Perry 1992).
        """
        if not self._watches:
            return None
        start = contact.index - self._start
        stop = start + int(0.6 * duration * self._rate)
        window = max(int(0.1 * self._rate), 1)
        if start < 0 or stop > len(self._rows) or stop - start <= window:
            return None
        gyr = self._rows[start:stop, 3:]
        energy = np.cumsum(dot(gyr, gyr))
        quietest = int(np.argmin(energy[window:] - energy[:-window]))
        return self._start + start + quietest + window // 2

    def _turn(self, start: int, stop: int, known: float) -> None:
        """Look for a turn on the way between two mid-stances."""
        if self._foot_turns is None or start < self._start or stop - start < 2:
            return
        rows = self._rows[start - self._start : stop - self._start]
        begun, ended = (self._origin + index / self._rate for index in (start, stop))
        swing = FootSwing(begun, ended, rows[:, :3], rows[:, 3:])
        self.turns += self._foot_turns(swing, known)

    def _length(self, start: int, stop: int) -> float | None:
        rows = self._rows[start - self._start : stop - self._start]
        if not self._measures or start < self._start or len(rows) < 2:
            return None
        return planar_displacement(rows[:, :3], rows[:, 3:], self._rate, self._sensor_height)


def planar_displacement(
    acc: FloatArray, gyr: FloatArray, rate: float, sensor_height: float
) -> float | None:
    """How far a leg sensor moved forward from one mid-stance to the next, m.

    The leg is taken to turn about one axis, the main direction of its angular rate, and to return
    to the attitude and velocity it began with, as walking does; so the mean acceleration over the
    stride, turned into a fixed frame, is gravity, and drift is taken out exactly.

    Parameters
    ----------
    acc, gyr
        (n, 3) m/s² with gravity and rad/s, in the sensor's axes.
    rate
        Hz.
    sensor_height
        m between the sensor and the point it turns about at mid-stance (0 for a resting foot).

    Returns
    -------
    float or None
        None when the mean acceleration is not that of gravity, so that the leg was not walking
        in a plane.
    """
    gyr = gyr - gyr.mean(axis=0)
    axis = np.linalg.eigh(gyr.T @ gyr).eigenvectors[:, 2]
    # Two axes that span the plane: any vector not along the axis, and their common normal.
    one = np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))])
    one /= np.linalg.norm(one)
    two = np.cross(axis, one)
    pitch_rate = gyr @ axis
    angle = np.cumsum(pitch_rate) / rate
    a, b, cos, sin = acc @ one, acc @ two, np.cos(angle), np.sin(angle)
    fixed = np.column_stack([a * cos - b * sin, a * sin + b * cos])
    gravity = fixed.mean(axis=0)
    size = float(np.hypot(gravity[0], gravity[1]))
    if abs(size - STANDARD_GRAVITY) > 0.2 * STANDARD_GRAVITY:
        return None
    forward = np.array([-gravity[1], gravity[0]]) / size
    velocity = np.cumsum(fixed @ forward) / rate
    swung = float(velocity.sum() / rate)
    carried = sensor_height * abs(float(pitch_rate[0])) * len(acc) / rate
    return abs(swung) + carried

"""One unbroken stretch of motion, followed by all detectors together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gaitcue.events import Event, Profile, WalkingBoutEnd
from gaitcue.gait.bouts import WalkingBouts
from gaitcue.gait.confidence import curve
from gaitcue.gait.contact import Contact
from gaitcue.gait.freezing import Correction, FreezeDetector, Inputs, Look, sees_rotation
from gaitcue.gait.intake import Motion
from gaitcue.gait.legs import ACCELERATION, ROTATION, LegContacts
from gaitcue.gait.orientation import Upright, Vertical, dot
from gaitcue.gait.posture import BodyPosture
from gaitcue.gait.rhythm import LEG, LEG_WITHOUT_GYROSCOPE, TRUNK, WRIST
from gaitcue.gait.sides import TrunkSides
from gaitcue.gait.strides import LegStrides, TrunkStrides
from gaitcue.gait.ticks import tick_rows
from gaitcue.gait.trunk import TrunkContacts
from gaitcue.gait.turns import RecentTurning, Turns
from gaitcue.imu import FloatArray, Placement, Side

ONE_LEG = (Placement.SHANK, Placement.FOOT)
"""Placements that see the contacts of one leg only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a tracker is told before the first sample (see `Tracker`)."""

    placement: Placement
    side: Side
    rate: float
    gyroscope: bool
    gravity: bool
    height: float | None
    speed_factor: float
    profile: Profile
    sensitivity: float
    correction: Correction | None

    def __post_init__(self) -> None:
        if not self.gravity and not (self.placement in ONE_LEG and self.gyroscope):
            raise ValueError(
                "acceleration without gravity can be tracked only from a shank or foot with a "
                "gyroscope"
            )


class Stretch:
    """Detectors that start anew together; made again after every gap they cannot bear."""

    def __init__(self, setup: Setup, posture: BodyPosture) -> None:
        rate, side = setup.rate, setup.side
        feet = 2 if setup.placement in ONE_LEG else 1
        self._setup = setup
        self._posture = posture
        posture.begin_afresh()
        self._vertical = Vertical(rate)
        self._strides: TrunkStrides | LegStrides
        sure = curve(setup.placement, gyroscope=setup.gyroscope)
        if setup.placement in ONE_LEG:
            burst = ROTATION if setup.gyroscope else ACCELERATION
            self._contacts: TrunkContacts | LegContacts = LegContacts(rate, side, burst, sure)
            self._strides = LegStrides(
                setup.placement, rate, gyroscope=setup.gyroscope, gravity=setup.gravity
            )
        else:
            self._contacts = TrunkContacts(rate, sure)
            self._strides = TrunkStrides(setup.placement, rate, setup.height, setup.speed_factor)
        one_leg = setup.placement in ONE_LEG
        leg = LEG if setup.gyroscope else LEG_WITHOUT_GYROSCOPE
        rhythms = leg if one_leg else WRIST if setup.placement is Placement.WRIST else TRUNK
        # Elsewhere on the trunk nobody has checked it.
        tells_sides = setup.placement is Placement.LOWER_BACK and setup.gyroscope
        self._sides = TrunkSides(rate) if tells_sides else None
        self._bouts = WalkingBouts(self._strides, rhythms, one_leg=one_leg, sides=self._sides)
        # A foot's come with its strides.
        sees_turns = setup.gyroscope and setup.gravity and setup.placement is not Placement.FOOT
        self._turns = Turns(rate, feet) if sees_turns else None
        self._turning = RecentTurning(rate) if sees_turns else None
        self._inputs = Inputs(
            rate, gyroscope=sees_rotation(setup.placement, gyroscope=setup.gyroscope)
        )
        # The model needs to know which way is down.
        self._freezes = (
            FreezeDetector(
                setup.placement,
                setup.profile,
                gyroscope=setup.gyroscope,
                sensitivity=setup.sensitivity,
                correction=setup.correction,
            )
            if setup.gravity
            else None
        )
        self._begun: float | None = None
        self._now = 0.0

    def __call__(self, motion: Motion) -> list[Event]:
        """Take in the next motion."""
        if self._begun is None:
            self._begun = float(motion.time[0])
        self._now = float(motion.time[-1])
        upright = self._vertical(motion.acc, motion.gyr)
        self._strides.observe(motion)
        if self._sides is not None:
            self._sides.observe(motion, upright)
        if isinstance(self._contacts, LegContacts):
            contacts = self._contacts(motion, _magnitude(motion, upright))
        else:
            contacts = self._contacts(motion, upright.vertical, upright.up)
        events = self._decide(motion, contacts, upright)
        if self._turns is not None and upright.yaw is not None:
            events += self._turns(motion, upright.yaw, events)
        return events

    def end(self, known: float) -> list[Event]:
        """End what is under way; known at `known` s."""
        events: list[Event] = []
        if self._begun is not None:
            if self._turns is not None:
                events += self._turns.end(self._now, known)
            if self._freezes is not None:
                events += self._freezes.end(self._now, known)
            events += self._with_turns(self._bouts.end(known))
        return events

    def _decide(self, motion: Motion, contacts: list[Contact], upright: Upright) -> list[Event]:
        """Put contacts and ticks through the rules in the order in which they were known."""
        events: list[Event] = []
        waiting = iter([*contacts, None])
        contact = next(waiting)
        ticks = tick_rows(motion, self._setup.rate)
        turned: list[float | None] = [None] * len(ticks)
        if self._turning is not None and upright.yaw is not None:
            turned = [*self._turning(upright.yaw, ticks)]
        rows = zip(
            motion.index[ticks].tolist(),
            motion.time[ticks].tolist(),
            motion.known[ticks].tolist(),
            self._looks(motion, upright, ticks),
            upright.up[ticks].tolist(),
            turned,
            strict=True,
        )
        for index, time, known, look, up, angle in rows:
            while contact is not None and contact.index <= index:
                events += self._contact(contact)
                contact = next(waiting)
            events += self._with_turns(self._bouts.pass_time(time, known))
            events += self._posture(time, known, up, self._bouts.last_step)
            if self._freezes is not None and look is not None:
                events += self._freezes(
                    time,
                    known,
                    look,
                    self._bouts.last_step,
                    may_walk=self._posture.walks,
                    turned=angle,
                )
        while contact is not None:
            events += self._contact(contact)
            contact = next(waiting)
        return events

    def _looks(
        self, motion: Motion, upright: Upright, ticks: NDArray[np.intp]
    ) -> Sequence[Look | None]:
        """What there is to see of freezing at every tick; None where it is not looked for."""
        if self._freezes is None:
            return [None] * len(ticks)
        rows = self._inputs(motion, upright, ticks)
        return self._freezes.look(rows) if len(rows) else []

    def _contact(self, contact: Contact) -> list[Event]:
        """Take in a contact, unless the walker sits or lies."""
        counted, events = self._posture.screen(contact)
        for one in counted:
            walked = self._bouts.contact(replace(one, decided=contact.decided))
            events += self._with_turns(walked)
        return events

    def _with_turns(self, events: list[Event]) -> list[Event]:
        """The events of walking, and the turns of a foot that they complete."""
        if not isinstance(self._strides, LegStrides):
            return events
        for end in events:
            if isinstance(end, WalkingBoutEnd):
                self._strides.rest(end.decided)
        turns, self._strides.turns = self._strides.turns, []
        return [*events, *turns]


def _magnitude(motion: Motion, upright: Upright) -> FloatArray:
    """What a leg's contacts are looked for in, (n,)."""
    vector = upright.moving if motion.gyr is None else motion.gyr
    return np.sqrt(dot(vector, vector))

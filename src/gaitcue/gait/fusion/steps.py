"""Which contacts are told: each once, by the sensor that tells it best.

A leg tells the contacts of its own foot; a sensor that sees both feet tells those that no leg does.
With one leg and the trunk, the trunk's contacts between those of the leg are the other foot's.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gaitcue.events import Step
from gaitcue.gait.fusion.members import Member
from gaitcue.gait.legs import SHORTEST_STRIDE
from gaitcue.imu import Side

SAME = 0.25
"""s between what two sensors tell of one contact at most: half a step at 120 steps/min, so that the
other foot's contact is not taken for it; the nearest one is."""

ANSWER = 0.45
"""s after a contact by which a leg with a gyroscope has told it: `SAME`, and twice the 0.1 s that
it needs. So long the trunk's contact waits for the leg's."""

MIDDLE = (0.25, 0.75)
"""Part of a leg's last stride, counted from its last contact, in which a contact of the trunk is
surely the other foot's: a limp of one step to two still lies within. It is told at once."""

REMEMBERED = 15.0
"""s that told contacts are kept to be known again: those that open a bout of slow walking are told
up to 10 s late at 50 steps/min."""

OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.NONE: Side.NONE}


@dataclass(slots=True, eq=False)
class Told:
    """A contact that was told.

    Attributes
    ----------
    foot
        Whose contact it was, as of `Member`, where a leg's sensor says so; the trunk's own guess of
        the side may be wrong and does not count.
    own
        Whether it is told by that foot's sensor.
    by
        Numbers of the sensors that told it.
    looking
        The sensors that were there and settled then.
    """

    time: float
    foot: str | None
    own: bool
    by: set[int]
    looking: tuple[Member, ...]


@dataclass(slots=True, eq=False)
class Waiting:
    """A contact that a better sensor may tell by `until` s; its own sensor tells it if `asks`."""

    member: Member
    step: Step
    until: float
    asks: bool


@dataclass(slots=True, eq=False)
class FusedSteps:
    """Streaming: the contacts of all sensors in, each of them once out.

    Attributes
    ----------
    unknown
        By sensor, the contacts that it alone told and that were left out since better ones would
        have seen them; counted since they were last taken.
    """

    members: Sequence[Member]
    unknown: dict[int, int] = field(default_factory=dict)
    _told: list[Told] = field(default_factory=list)
    _waiting: list[Waiting] = field(default_factory=list)
    _telling: set[int] = field(default_factory=set)
    _strides: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Of each sensor, the last contact that it told, s, and how long after the one before, s."""

    def take(self, member: Member, step: Step) -> list[tuple[Step, Told]]:
        """Take in a contact; give what is to be told now."""
        self._telling.discard(member.number)
        known = self._known(member, step.time)
        if known is not None:
            known.by.add(member.number)
            return []
        asks = self._asks(member, step.decided)
        if asks is None:
            self._telling.add(member.number)
            return [self._tell(member, step)]
        if asks and self._in_the_middle(member, step):
            return self._tell_other(member, step)
        until = max(step.decided, step.time + ANSWER)
        self._waiting.append(Waiting(member, step, until, asks))
        return []

    def pass_time(self, time: float) -> list[tuple[Step, Told]]:
        """Let the time come to `time` s: what nobody better told by then is told, or left out."""
        told = []
        while self._waiting:
            first = min(self._waiting, key=lambda one: one.until)
            if first.until > time:
                break
            self._waiting.remove(first)
            if first.asks:
                told += self._tell_other(first.member, replace(first.step, decided=first.until))
            else:
                self._leave_out(first.member)
        return told

    def tells(self, member: Member) -> bool:
        """Whether the strides of `member` are those that are told: its latest contact was."""
        return member.number in self._telling

    def _better(self, member: Member, now: float) -> list[Member]:
        return [
            one for one in self.members if one.by_contacts < member.by_contacts and one.settled(now)
        ]

    def _asks(self, member: Member, now: float) -> bool | None:
        """Whether a contact is told when no better sensor tells it; None: it is told at once."""
        better = self._better(member, now)
        if member.foot is not None:
            return False if any(one.foot == member.foot for one in better) else None
        if any(one.foot is None for one in better):
            return False
        walking = {one.foot for one in better if one.walking}
        if walking:
            return len(walking) == 1
        return False if len({one.foot for one in better}) > 1 else None

    def _leg(self, member: Member, now: float) -> Member | None:
        """The leg that is asked before a contact of `member` is told."""
        return next((one for one in self._better(member, now) if one.walking), None)

    def _tell_other(self, member: Member, step: Step) -> list[tuple[Step, Told]]:
        """Tell a contact that the leg does not as the other foot's, unless it is too soon."""
        leg = self._leg(member, step.decided)
        if leg is None:
            return [self._tell(member, step)]
        side = OTHER[leg.source.side]
        before = [one.time for one in self._told if one.foot == str(side)]
        if side is not Side.NONE and before and abs(step.time - before[-1]) < SHORTEST_STRIDE:
            self._leave_out(member)
            return []
        foot = None if side is Side.NONE else str(side)
        return [self._tell(member, replace(step, side=side), foot)]

    def _leave_out(self, member: Member) -> None:
        self.unknown[member.number] = self.unknown.get(member.number, 0) + 1

    def _in_the_middle(self, member: Member, step: Step) -> bool:
        """Whether a contact lies in the middle of the stride of the leg that is asked."""
        leg = self._leg(member, step.decided)
        if leg is None or leg.number not in self._strides:
            return False
        last, stride = self._strides[leg.number]
        return MIDDLE[0] * stride <= step.time - last <= MIDDLE[1] * stride

    def _tell(self, member: Member, step: Step, foot: str | None = None) -> tuple[Step, Told]:
        own = member.foot is not None
        foot = member.foot or foot
        last, _ = self._strides.get(member.number, (-math.inf, math.inf))
        self._strides[member.number] = (step.time, step.time - last)
        looking = tuple(one for one in self.members if one.settled(step.decided))
        told = Told(step.time, foot, own, {member.number}, looking)
        self._told = [one for one in self._told if one.time > step.time - REMEMBERED]
        self._told.append(told)
        self._absorb(told)
        return step, told

    def _absorb(self, told: Told) -> None:
        """Take what others told of the same contact out of those that wait: one of each."""
        for number in {one.member.number for one in self._waiting} - told.by:
            same = [
                one
                for one in self._waiting
                if one.member.number == number
                and one.member.foot in {None, told.foot}
                and abs(one.step.time - told.time) <= SAME
            ]
            if same:
                self._waiting.remove(min(same, key=lambda one: abs(one.step.time - told.time)))
                told.by.add(number)

    def _known(self, member: Member, time: float) -> Told | None:
        """The told contact that this one is."""
        same = [
            one
            for one in self._told
            if member.number not in one.by
            and abs(one.time - time) <= SAME
            and (one.foot is None or member.foot is None or one.foot == member.foot)
        ]
        return min(same, key=lambda one: abs(one.time - time), default=None)

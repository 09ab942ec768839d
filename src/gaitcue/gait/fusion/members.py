"""The sensors that are fused: where each is worn, what it sees best, and how it is doing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from gaitcue.events import FreezeStart
from gaitcue.gait.stretch import ONE_LEG
from gaitcue.imu import Placement, Side

CONTACTS = (
    Placement.FOOT,
    Placement.SHANK,
    Placement.LOWER_BACK,
    Placement.WAIST,
    Placement.CHEST,
    Placement.THIGH,
    Placement.HEAD,
    Placement.WRIST,
)
"""From the placement that tells contacts best to the one that tells them worst: a leg knows its
side; the others by their measured F1, and where there is none by how far they are from the legs."""

BODY = (
    Placement.LOWER_BACK,
    Placement.WAIST,
    Placement.CHEST,
    Placement.THIGH,
    Placement.SHANK,
    Placement.FOOT,
    Placement.HEAD,
    Placement.WRIST,
)
"""The same for what the body does as a whole: turns, freezes and whatever else is told once."""

SETTLED = 5.0
"""s that a sensor has been there before its silence counts against others: a bout from one leg is
told with its third contact, up to 4 s after the first at 30 steps/min."""


@dataclass(frozen=True, slots=True)
class Source:
    """A sensor's name in the walk, and where it is worn."""

    name: str
    placement: Placement
    side: Side = Side.NONE


@dataclass(slots=True, eq=False)
class Member:
    """One of the sensors that are fused.

    Attributes
    ----------
    foot
        Whose contacts it sees: a side, its own name when nobody knows the side, None for both feet.
    here
        Whether good samples come from it.
    since
        s, when it last began or began afresh.
    walking
        Whether it sees a walking bout.
    freeze
        The freeze that it sees, if any.
    judging
        Whether it has given a freeze score since it began afresh.
    """

    number: int
    source: Source
    foot: str | None = field(init=False)
    here: bool = False
    since: float = -math.inf
    walking: bool = False
    freeze: FreezeStart | None = None
    judging: bool = False

    def __post_init__(self) -> None:
        side = self.source.side
        own = self.source.name if side is Side.NONE else str(side)
        self.foot = own if self.source.placement in ONE_LEG else None

    @property
    def by_contacts(self) -> tuple[int, int]:
        """Sorts members by how well they tell contacts, the best first."""
        return CONTACTS.index(self.source.placement), self.number

    @property
    def by_body(self) -> tuple[int, int]:
        """Sorts members by how well they tell what the body does, the best first."""
        return BODY.index(self.source.placement), self.number

    def begin_afresh(self, time: float) -> None:
        """Note that its tracking begins anew at `time` s, with nothing known from before."""
        self.since, self.judging = time, False

    def settled(self, now: float) -> bool:
        """Whether at `now` s its silence counts."""
        return self.here and (self.walking or now - self.since >= SETTLED)


def speaker(members: Sequence[Member], *, judging: bool = False) -> Member:
    """The member that speaks for the body: the best that is there.

    Parameters
    ----------
    members
        At least one.
    judging
        Prefer those that have given a freeze score.
    """
    return min(members, key=lambda m: (not m.here, judging and not m.judging, m.by_body))

"""Whether a few contacts in a row are walking: even, alike, and with the sensor's attitude held.

Getting up, lying down, bending and clapping move the sensor as steps do, but they turn it against
the vertical, have no even pace, or are now large and now small. The less plain contacts are, the
more of them are asked for. Only the contacts that open a walking bout are asked; within a bout a
limp, a turn or a stumble must not end it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from gaitcue.gait.contact import Contact

ALIKE = 3.0
"""The size of a contact over that of the one before the last, either way, at most: of the same foot
where both are seen, so that a limp is no matter. The first contact of all is not asked, because a
first step is small. Our choice."""

LATE, SMALL = 1.4, 0.25
"""Times the last step's interval and size: what is later and smaller is no step; our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What contacts may open a walking bout.

    Attributes
    ----------
    contacts
        How many in a row.
    tilt
        rad that the estimate of up may move over them, in the sensor's axes.
    ratio
        Longest over shortest interval between them, at most.
    interval
        s, the longest interval.
    size
        Their median size at least, the first one's left out; in the contacts' unit.
    """

    contacts: int
    tilt: float
    ratio: float
    interval: float
    size: float


PLAIN = 0.2
"""m/s: how far people walking plainly fall before each contact; steps of 15 people at a lower back
are mostly of 0.2 to 0.6, others' clapping, bending and gesturing mostly below. Our choice."""

LOOSEST_RATIO = 2.5
"""Longest over shortest interval, so that a limp or one missed contact (2) passes; our choice."""

LARGEST_TILT = float(np.deg2rad(15.0))
"""rad: a trunk sways by a few degrees in walking and leans by some tens to get up from a chair; our
choice between the two."""

TRUNK = (
    # Two strides, even, at 60 steps/min or more: hardly anything else is.
    Rhythm(contacts=4, tilt=float(np.deg2rad(10)), ratio=1.6, interval=1.0, size=PLAIN),
    # Three strides, one contact missed or one side limping.
    Rhythm(contacts=6, tilt=LARGEST_TILT, ratio=LOOSEST_RATIO, interval=2.0, size=PLAIN),
    # Four strides of slow or shuffling walking.
    Rhythm(contacts=8, tilt=LARGEST_TILT, ratio=LOOSEST_RATIO, interval=2.0, size=0.0),
)
"""Round numbers between what walking and what other movement does; see docs."""

WRIST = TRUNK[1:2]
"""A wrist does much that is even for two strides; and slow walking hardly moves it."""

LEG = (
    # Two strides, even, at 60 steps/min or more, with a swing as of walking: of the contacts found
    # at feet in three walking sets 99 % are larger than 0.94 rad/s, and of those found in what else
    # shanks did three quarters are smaller.
    Rhythm(contacts=3, tilt=np.pi, ratio=1.6, interval=2.0, size=1.0),
    # Four strides of slow or shuffling walking.
    Rhythm(contacts=5, tilt=np.pi, ratio=LOOSEST_RATIO, interval=4.0, size=0.0),
)
"""Of contacts found by rotation, rad/s; their attitude is not asked, as legs turn."""

LEG_WITHOUT_GYROSCOPE = (
    Rhythm(contacts=3, tilt=np.pi, ratio=LOOSEST_RATIO, interval=4.0, size=0.0),
)
"""Two strides; no everyday movement is labelled where this could be told better."""


def opening(contacts: Sequence[Contact], rhythms: Sequence[Rhythm]) -> Sequence[Contact]:
    """The last of `contacts`, in order of time, with which a bout opens; none if it does not.

    Once it is known that somebody walks, earlier contacts that led up to it are steps, too.
    """
    for rhythm in rhythms:
        start = len(contacts) - rhythm.contacts
        if start >= 0 and _keeps(contacts[start:], rhythm):
            while start > 0 and _leads_up(contacts[start - 1], contacts[start:]):
                start -= 1
            return contacts[start:]
    return []


def is_settling(contact: Contact, last: Contact, interval: float) -> bool:
    """Whether `contact` is but the trunk, and the filter, coming to rest after the `last` step.

    It is when it comes late, by the `interval` s before the last step, and is far smaller.
    """
    return contact.time - last.time > LATE * interval and contact.size < SMALL * last.size


def _keeps(contacts: Sequence[Contact], rhythm: Rhythm) -> bool:
    intervals = [after.time - before.time for before, after in pairwise(contacts)]
    if max(intervals) > min(rhythm.ratio * min(intervals), rhythm.interval):
        return False
    if any(_between(contacts[0].up, one.up) > rhythm.tilt for one in contacts[1:]):
        return False
    sizes = [contact.size for contact in contacts[1:]]
    alike = all(max(a, b) <= ALIKE * min(a, b) for a, b in zip(sizes, sizes[2:], strict=False))
    return alike and median(sizes) >= rhythm.size


def _leads_up(contact: Contact, walking: Sequence[Contact]) -> bool:
    """Whether `contact` is an earlier step of the same walking, if less even."""
    shortest = min(after.time - before.time for before, after in pairwise(walking))
    interval = walking[0].time - contact.time
    if max(interval, shortest) > LOOSEST_RATIO * min(interval, shortest):
        return False
    if _between(contact.up, walking[0].up) > LARGEST_TILT:
        return False
    return ALIKE * contact.size >= walking[1].size


def _between(a: tuple[float, float, float] | None, b: tuple[float, float, float] | None) -> float:
    """Angle between two unit vectors, rad; zero where nobody knows which way is up."""
    if a is None or b is None:
        return 0.0
    return float(np.arccos(min(max(sum(x * y for x, y in zip(a, b, strict=True)), -1.0), 1.0)))

"""What a recording is, whatever file it came from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from gaitcue.bluetooth.latency import Latency
from gaitcue.events import DataProblem
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.raw import Damage, Record

BLOCK_ROWS = 8192
"""Rows a sensor yields at a time: large enough for vectorised work, small enough for any memory."""


class Kind(StrEnum):
    """What an annotation marks; written as `trial_type` in ``annotations.tsv``."""

    FREEZE = "freeze"
    """A freezing episode [onset, onset + duration)."""
    INITIAL_CONTACT = "initial_contact"
    FINAL_CONTACT = "final_contact"
    STRIDE = "stride"
    """One stride, with its length and speed where the reference gives them."""
    WALKING_BOUT = "walking_bout"
    """A stretch of walking, with its mean speed and stride length where known."""
    TURN = "turn"
    ACTIVITY = "activity"
    """What the person was doing, in `detail`."""
    EXCLUDED = "excluded"
    """Not part of the experiment: nothing in it is scored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A reference label: `onset` and `duration` s on the clock of the samples.

    `speed` m/s and `stride_length` m are given where the reference measured them; `detail` is the
    publisher's own word (a turn's or freeze's type, an activity code).
    """

    onset: float
    duration: float
    kind: Kind
    side: Side = Side.NONE
    speed: float | None = None
    stride_length: float | None = None
    detail: str = ""

    @property
    def end(self) -> float:
        """When it ends, s."""
        return self.onset + self.duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """One sensor of a recording; its motion is read block by block, so any length fits in memory.

    Attributes
    ----------
    name
        Unique within the recording, such as ``left_shank``.
    placement
        None when the file does not tell; it must then be given before the walk can be tracked.
    rate
        Sampling rate, Hz.
    latency
        How late its motion came, where it could be measured: the times of its samples are late by
        so much.
    read
        Called for a fresh pass over the motion: blocks of samples in order, and between them a
        problem for whatever in the file was not as it should be.
    records
        Of a live walk: called for a fresh pass over its raw log, which knows when what came; None
        for all others.
    """

    name: str
    placement: Placement | None
    side: Side = Side.NONE
    rate: float
    gyroscope: bool
    gravity: bool = True
    device: str = ""
    latency: Latency | None = None
    read: Callable[[], Iterator[Samples | DataProblem]] = field(repr=False, compare=False)
    records: Callable[[], Iterator[Record | Damage]] | None = field(
        default=None, repr=False, compare=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recorded walk: sensors, reference annotations where there are any, and who and how.

    Attributes
    ----------
    name
        What people call it: the folder's or file's name.
    subject
        The person's pseudonym; recordings with the same one belong together.
    annotated
        The kinds of label that were looked for. A kind in here without an annotation means that
        it did not happen; a kind not in here is unknown.
    height
        Of the person, m.
    condition
        Such as a medication state or test, in the publisher's words.
    source
        The data set or file format it was read from.
    begun
        When it was made, local time in ISO 8601; empty when unknown.
    settings
        With which the walk was made, as they are in ``walk.json``; empty when there were none.
    note
        What was guessed about the file, in words to be shown; empty when nothing was.
    """

    name: str
    subject: str
    sensors: tuple[Sensor, ...]
    annotations: tuple[Annotation, ...] = ()
    annotated: frozenset[Kind] = frozenset()
    height: float | None = None
    condition: str = ""
    source: str = ""
    begun: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def of_kind(self, kind: Kind) -> list[Annotation]:
        """The annotations of one kind, in order of onset."""
        return sorted((a for a in self.annotations if a.kind is kind), key=lambda a: a.onset)


def read_all(sensor: Sensor) -> tuple[Samples, list[DataProblem]]:
    """Read a whole sensor into one block; for recordings known to be short.

    Raises
    ------
    ValueError
        When there is not a single sample.
    """
    blocks: list[Samples] = []
    problems: list[DataProblem] = []
    for item in sensor.read():
        if isinstance(item, Samples):
            blocks.append(item)
        else:
            problems.append(item)
    return concatenate(blocks), problems


def concatenate(blocks: Sequence[Samples]) -> Samples:
    """Join consecutive blocks of one sensor."""
    if not blocks:
        raise ValueError("no samples to join")
    first = blocks[0]
    gyr = (
        None if first.gyr is None else np.concatenate([b.gyr for b in blocks if b.gyr is not None])
    )
    return Samples(
        time=np.concatenate([b.time for b in blocks]),
        acc=np.concatenate([b.acc for b in blocks]),
        gyr=gyr,
        placement=first.placement,
        rate=first.rate,
        side=first.side,
        gravity=first.gravity,
    )

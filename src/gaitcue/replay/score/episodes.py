"""One reference episode, and what the cues made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from gaitcue.recording.model import Annotation

TOLERANCES = (0.0, 0.3, 2.0)
"""s that a reference episode is widened by at both ends when it is asked whether a cue met it: not
at all, by how far labels are off (some tenths of a second in Daphnet), and as Bächlin 2010 (IEEE
Trans Inf Technol Biomed 14:436) and many after them did."""

LONG = 5.0
"""s from which an episode is long enough for a cue to be of use; about half of freezes are shorter
(Bächlin 2010)."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Episode:
    """A reference episode of `duration` s, and what the cues made of it.

    Attributes
    ----------
    found
        For each of `TOLERANCES`, whether a cue sounded at some time in the episode so widened,
        even one that had begun before it.
    latency
        From its onset to the first cue that started in it, s; None when none did.
    stop_delay
        From its end to the end of the cue that sounded then, s; None when none did, when that cue
        had not ended by the end of the walk, or when the next episode began before it ended.
    """

    duration: float
    found: tuple[bool, ...]
    latency: float | None
    stop_delay: float | None


def episode(
    freeze: Annotation, freezes: Sequence[Annotation], cues: Sequence[Span], *, last: float
) -> Episode:
    """What became of `freeze`.

    Parameters
    ----------
    freezes
        All reference episodes of the walk.
    cues
        [start, end) of every cue, s.
    last
        When the walk ended, s.
    """
    starts = [start for start, _ in cues if freeze.onset <= start < freeze.end]
    return Episode(
        duration=freeze.duration,
        found=tuple(
            bool(starts) or any(a < freeze.end + t and b > freeze.onset - t for a, b in cues)
            for t in TOLERANCES
        ),
        latency=min(starts) - freeze.onset if starts else None,
        stop_delay=_stop_delay(freeze, freezes, cues, last),
    )


def _stop_delay(
    freeze: Annotation, freezes: Sequence[Annotation], cues: Sequence[Span], last: float
) -> float | None:
    ends = [end for start, end in cues if start < freeze.end <= end]
    if not ends or max(ends) >= last:
        return None
    if any(freeze.end <= other.onset <= max(ends) for other in freezes if other is not freeze):
        return None
    return max(ends) - freeze.end

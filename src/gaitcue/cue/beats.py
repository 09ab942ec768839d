"""When the beats of a cue fall: the coach counts and the metronome plays by this one rule."""

import math

SECONDS_PER_MINUTE = 60.0


def beat_time(start: float, tempo: float, beat: int) -> float:
    """Time of beat number `beat` (the first is 0), s, of a cue from `start` s at `tempo` steps/min.

    Each beat is reckoned from the start, so that no rounding adds up.
    """
    return start + beat * SECONDS_PER_MINUTE / tempo


def beats_before(start: float, tempo: float, end: float) -> int:
    """How many beats of a cue fall in [start, end)."""
    count = max(math.ceil((end - start) * tempo / SECONDS_PER_MINUTE), 0)
    # Division and multiplication round differently; let `beat_time` decide at the edge.
    while count > 0 and beat_time(start, tempo, count - 1) >= end:
        count -= 1
    while beat_time(start, tempo, count) < end:
        count += 1
    return count


def between_beats(start: float, tempo: float, time: float) -> float:
    """The first moment from `time` s on that is midway between two beats, where no tick sounds."""
    beat = max(math.ceil((time - start) * tempo / SECONDS_PER_MINUTE - 0.5), 0)
    return start + (beat + 0.5) * SECONDS_PER_MINUTE / tempo

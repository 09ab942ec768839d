"""What a metronome plays: its plan, the cue that sounds, and a tempo from taps. Pure."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from gaitcue.cue.beats import SECONDS_PER_MINUTE, Beats
from gaitcue.cue.level import DEFAULT_LEVEL, check_level
from gaitcue.cue.output import Command
from gaitcue.cue.settings import FASTEST_TEMPO, SLOWEST_TEMPO
from gaitcue.errors import InputError
from gaitcue.events import CueChange, CueEnd, CuePattern, CueStart, CueStrength

REASON = "metronome"

TAPS = 5
"""Taps whose intervals make a tempo, by their median: one that slips changes nothing."""

LONGEST_TAP = 2.0
"""s after which a tap begins anew: twice the slowest beat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to play.

    Attributes
    ----------
    tempo
        At first, steps/min.
    ramp
        Tempo to which it goes evenly over the duration, steps/min; None keeps it.
    duration
        s; None goes on until it is ended.
    level
        1 to 10.

    Raises
    ------
    InputError
        When a value is out of range, or there is a ramp without a duration.
    """

    tempo: float
    ramp: float | None = None
    duration: float | None = None
    level: int = DEFAULT_LEVEL

    def __post_init__(self) -> None:
        check_level(self.level)
        for tempo in (self.tempo, self.tempo if self.ramp is None else self.ramp):
            if not SLOWEST_TEMPO <= tempo <= FASTEST_TEMPO:
                raise InputError(
                    f"the tempo must be from {SLOWEST_TEMPO:.0f} to {FASTEST_TEMPO:.0f} "
                    f"steps a minute, not {tempo:g}"
                )
        if self.duration is not None and not 0 < self.duration < float("inf"):
            raise InputError(f"--duration must be above 0 s, not {self.duration:g}")
        if self.ramp is not None and self.duration is None:
            raise InputError("--ramp needs to know over what time: give --duration as well")

    def changes(self) -> Iterator[tuple[float, float]]:
        """When, in s from the start, the ramp takes which tempo: 1 step/min at a time."""
        if self.ramp is None or self.duration is None:
            return
        steps = max(round(abs(self.ramp - self.tempo)), 1)
        for step in range(1, steps + 1):
            tempo = self.tempo + (self.ramp - self.tempo) * step / steps
            yield self.duration * step / (steps + 1), tempo


class Taps:
    """A tempo from taps in its rhythm."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=TAPS)

    def add(self, time: float) -> float | None:
        """Take in a tap at `time` s; gives the tempo in whole steps/min, None after the first."""
        if self._times and time - self._times[-1] > LONGEST_TAP:
            self._times.clear()
        self._times.append(time)
        if len(self._times) < 2:
            return None
        interval = median(after - before for before, after in pairwise(self._times))
        return allowed(SECONDS_PER_MINUTE / interval) if interval > 0 else FASTEST_TEMPO


class Beat:
    """The cue that sounds, and the commands that begin, change and end it.

    Only `start` may be called while `sounds` is false.
    """

    def __init__(self, tempo: float) -> None:
        self.tempo = tempo
        self.beats = Beats(0.0, tempo)
        self.sounds = False
        self._began = 0.0

    def start(self, now: float) -> CueStart:
        """Begin at `now` s."""
        self.beats, self._began, self.sounds = Beats(now, self.tempo), now, True
        return CueStart(
            time=now, decided=now, reason=REASON, tempo=self.tempo, latency=0.0,
            pattern=CuePattern.BEAT, strength=CueStrength.CLEAR,
        )  # fmt: skip

    def change(self, now: float, tempo: float) -> CueChange:
        """Take another tempo from the next beat on."""
        self.tempo, self.beats = tempo, self.beats.changed(now, tempo)
        return CueChange(
            time=self.beats.start, decided=now, start=self._began, reason=REASON, tempo=tempo,
            pattern=CuePattern.BEAT, strength=CueStrength.CLEAR,
        )  # fmt: skip

    def end(self, now: float) -> CueEnd:
        """End at `now` s."""
        self.sounds = False
        heard = self.beats.before(now)
        return CueEnd(time=now, decided=now, start=self._began, beats=heard, reason=REASON)


def plan_commands(plan: Plan, duration: float) -> Iterator[Command]:
    """The commands of a plan that begins at 0 s and lasts for so many s."""
    beat = Beat(plan.tempo)
    yield beat.start(0.0)
    for at, tempo in plan.changes():
        yield beat.change(at, tempo)
    yield beat.end(duration)


def allowed(tempo: float) -> float:
    """The nearest tempo in whole steps/min that a cue may have."""
    return min(max(float(round(tempo)), SLOWEST_TEMPO), FASTEST_TEMPO)

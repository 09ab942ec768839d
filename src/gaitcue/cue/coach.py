"""The coach: decides from events when a cue starts, at what tempo, and when it ends.

The rules, which follow the evidence on cueing in Parkinson's disease:

- A freeze starts a cue at once, its first beat when the freeze is decided. There is no waiting
  time after the last cue, and one cue at most runs at a time.
- The tempo is the walker's own steady cadence times a factor, since faster and slower cues each
  helped some who freeze (Willems 2006; Arias & Cudeiro 2010) and harmed others. It is kept from
  the hastened steps that lead into a freeze, and within 60 to 140 steps/min.
- A cue lasts 10 beats or 5 s, whichever is sooner, and as long as the freeze does. It ends when
  effective stepping has returned, which by the agreed definition takes two steps (PMC8591418),
  and a short tail has passed.
- It ends too when no stepping follows the end of the freeze, and when it has not helped for long:
  a beat that does not help is not repeated for ever.
- Nothing is started on stale data, and stale data or a gap that reset the tracking ends a cue.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from gaitcue.cue.beats import Beats
from gaitcue.cue.tempo import SteadyCadence
from gaitcue.errors import InputError
from gaitcue.events import (
    CueEnd,
    CuePattern,
    CueStart,
    CueStrength,
    Event,
    FreezeEnd,
    FreezeStart,
    SensorGap,
    Step,
    Stride,
)

SLOWEST_TEMPO, FASTEST_TEMPO = 60.0, 140.0
"""steps/min that a cue stays within. A beat of 4 Hz provoked freezing of the feet (47 % of trials
against 14 % without, PMC5590736); 140 keeps well below it, 60 is one step a second."""

SLOWEST_FACTOR, FASTEST_FACTOR = 0.90, 1.10
"""Range of the tempo factor: the two sides that were studied (Willems 2006: 10 % slower; Arias &
Cudeiro 2010: 10 % faster)."""

UNKNOWN_CADENCE = 100.0
"""steps/min taken as the cadence before any steady walking was seen: the middle of the allowed
range, as nothing is known of the walker yet."""

SHORTEST_BEATS, SHORTEST_TIME = 10, 5.0
"""A cue lasts this many beats or this many s, whichever is sooner. Ten beats on demand steadied
cadence as well as continuous cueing without its fatigue (Ginis 2017, PMC5382170)."""

EFFECTIVE_STEPS = 2
"""Steps after a freeze that show effective stepping (definition in PMC8591418)."""

TAIL = 0.75
"""s a cue goes on after stepping has returned, so that it does not break off under the second
step. Our choice: about one step."""

PATIENCE = 5.0
"""s after the end of a freeze in which stepping may follow; then the walker is standing, and the
cue ends. Our choice: as long as the shortest cue."""

LONGEST = 30.0
"""s after the last freeze began when a cue ends though nothing changed. Of the 2359 annotated
episodes of the tDCS-FOG set 95 % are shorter."""

STALE_AFTER = 1.0
"""s without a good sample after which data are stale."""


class StartReason(StrEnum):
    """Why a cue starts."""

    FREEZE = "freeze"
    """A freezing episode began."""


class EndReason(StrEnum):
    """Why a cue ends."""

    STEPPING = "stepping"
    """The freeze is over and effective stepping has returned."""
    NO_STEPPING = "no_stepping"
    """The freeze is over, but no stepping followed."""
    LIMIT = "limit"
    """The freeze went on for so long that the beat does not help."""
    SENSOR_GAP = "sensor_gap"
    """Samples were missing for so long that the tracking began afresh."""
    STALE_DATA = "stale_data"
    """No good sample came for over a second."""
    WALK_END = "walk_end"
    """The walk ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachSettings:
    """What the walker or the physio may set.

    Attributes
    ----------
    tempo_factor
        Tempo of a cue over the walker's own steady cadence, 0.90 to 1.10.

    Raises
    ------
    InputError
        When a value is outside its range.
    """

    tempo_factor: float = 1.0

    def __post_init__(self) -> None:
        if not SLOWEST_FACTOR <= self.tempo_factor <= FASTEST_FACTOR:
            raise InputError(
                f"the tempo factor must be from {SLOWEST_FACTOR:.2f} to {FASTEST_FACTOR:.2f}, "
                f"not {self.tempo_factor:g}"
            )


@dataclass(slots=True)
class _Cue:
    """The running cue and what is known of the freeze it answers (times in s)."""

    start: float
    tempo: float
    frozen_since: float
    frozen_until: float | None = None  # when the freeze ended; None while it lasts
    over_known: float = 0.0  # when that end was decided
    stepping_known: float | None = None  # when effective stepping was decided

    def due(self) -> tuple[float, EndReason]:
        """When the cue ends if nothing more happens, and why."""
        limit = self.frozen_since + LONGEST
        beats = Beats(self.start, self.tempo)
        last_of_the_shortest = beats.time(SHORTEST_BEATS - 1)
        shortest = min(last_of_the_shortest, self.start + SHORTEST_TIME)
        if self.frozen_until is None:
            time, reason = limit, EndReason.LIMIT
        elif self.stepping_known is None:
            time, reason = self.over_known + PATIENCE, EndReason.NO_STEPPING
        else:
            time, reason = self.stepping_known + TAIL, EndReason.STEPPING
        time = min(max(time, shortest), limit)
        return beats.between(time), reason


class Coach:
    """Decides on cues. Pure and deterministic; times are those of the motion samples, s.

    For every event, in order of `decided`, call `advance` with that time and then `update`. Call
    `advance` also when the first good sample after a gap comes, with the last one before it, and
    otherwise as often as you like: an end falls due at its own scheduled time, whenever that is
    noticed.
    """

    def __init__(self, settings: CoachSettings | None = None) -> None:
        self._settings = settings or CoachSettings()
        self._cadence = SteadyCadence()
        self._steps: deque[Step] = deque(maxlen=EFFECTIVE_STEPS)
        self._frozen = False
        self._cue: _Cue | None = None
        self._fresh = -float("inf")

    def advance(self, now: float, fresh: float) -> list[CueEnd]:
        """Let the time come to `now` s, with the latest good sample at `fresh` s, at most `now`."""
        self._fresh = fresh
        stale = fresh + STALE_AFTER
        ends: list[CueEnd] = []
        if self._cue is not None:
            due, reason = self._cue.due()
            if due <= min(now, stale):
                ends = self._end(due, reason)
        if stale <= now:
            ends += self._interrupt(stale, EndReason.STALE_DATA)
        return ends

    def update(self, event: Event) -> list[CueStart | CueEnd]:
        """Take in an event; give the commands that it causes."""
        match event:
            case FreezeStart():
                return [*self._freeze_started(event)]
            case FreezeEnd():
                self._freeze_ended(event)
            case Step():
                self._steps.append(event)
                self._look_for_stepping(event.decided)
            case Stride():
                self._cadence.add(event)
            case SensorGap(reset=True):
                return [*self._interrupt(event.decided, EndReason.SENSOR_GAP)]
        return []

    def finish(self, now: float) -> list[CueEnd]:
        """End the walk at `now` s, to which `advance` has come."""
        return self._end(now, EndReason.WALK_END)

    def _freeze_started(self, event: FreezeStart) -> list[CueStart]:
        if self._frozen or self._fresh + STALE_AFTER <= event.decided:
            return []
        self._frozen = True
        if self._cue is not None:  # the beat is still there from the freeze before: it goes on
            self._cue.frozen_since = event.decided
            self._cue.frozen_until = self._cue.stepping_known = None
            return []
        cadence = self._cadence.before_freeze(event.time) or UNKNOWN_CADENCE
        tempo = min(max(cadence * self._settings.tempo_factor, SLOWEST_TEMPO), FASTEST_TEMPO)
        self._cue = _Cue(start=event.decided, tempo=tempo, frozen_since=event.decided)
        return [
            CueStart(
                time=event.decided,
                decided=event.decided,
                reason=StartReason.FREEZE,
                tempo=tempo,
                latency=event.decided - event.time,
                pattern=CuePattern.BEAT,
                strength=CueStrength.DISCREET,
            )
        ]

    def _freeze_ended(self, event: FreezeEnd) -> None:
        self._frozen = False
        if self._cue is not None:
            self._cue.frozen_until = event.time
            self._cue.over_known = event.decided
            self._look_for_stepping(event.decided)

    def _look_for_stepping(self, now: float) -> None:
        cue = self._cue
        if cue is None or cue.frozen_until is None or cue.stepping_known is not None:
            return
        after = sum(step.time >= cue.frozen_until for step in self._steps)
        if after >= EFFECTIVE_STEPS:
            cue.stepping_known = now

    def _interrupt(self, time: float, reason: EndReason) -> list[CueEnd]:
        """Forget what was under way: nothing after the interruption continues it."""
        self._frozen = False
        self._steps.clear()
        self._cadence.interrupt()
        return self._end(time, reason)

    def _end(self, time: float, reason: EndReason) -> list[CueEnd]:
        cue, self._cue = self._cue, None
        if cue is None:
            return []
        beats = Beats(cue.start, cue.tempo).before(time)
        return [CueEnd(time=time, decided=time, start=cue.start, beats=beats, reason=reason)]

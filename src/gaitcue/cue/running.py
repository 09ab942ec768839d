"""A cue that is running: what is known of it, and what falls due when nothing more happens."""

from collections.abc import Iterable
from dataclasses import dataclass

from gaitcue.cue.beats import Beats
from gaitcue.cue.reasons import ChangeReason, EndReason, StartReason
from gaitcue.events import CueChange, CueEnd, CuePattern, CueStart, CueStrength, Step

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

CLEARER_AFTER = 4.0
"""s of a freeze after which its cue becomes clear: a device that cues discreetly first did so after
about as long (walking-beat)."""

OTHER_WAY_AFTER = 20
"""Beats of a freeze after which another kind of cue is tried, once: twice the burst of ten that was
shown to steady walking, about 12 s."""

LONGEST = 30.0
"""s after the last freeze began, or a cue was asked for, when it ends though nothing changed. Of
the 2359 annotated episodes of the tDCS-FOG set 95 % are shorter."""


@dataclass(frozen=True, slots=True)
class Due:
    """What happens at `time` s if nothing happens before."""

    time: float
    what: StartReason | ChangeReason | EndReason


class Cue:
    """The running cue and what is known of the freeze it answers (times in s).

    Attributes
    ----------
    accompanies
        Whether it is the beat of the whole walk, and no freeze is on.
    frozen_since
        When the freeze was decided, or the cue asked for.
    frozen_until
        When the freeze ended; None while it lasts.
    over_known
        When that end was decided.
    """

    def __init__(
        self,
        start: float,
        tempo: float,
        pattern: CuePattern,
        strength: CueStrength,
        *,
        frozen_since: float,
        asked: bool = False,
    ) -> None:
        self.start = self.last_change = start
        self.beats = Beats(start, tempo)
        self.pattern, self.strength = pattern, strength
        self.accompanies = False
        self.asked = asked
        self.frozen_since = frozen_since
        self.frozen_until: float | None = None
        self.over_known = 0.0
        self.stepping_known: float | None = None
        self.other_way = False
        self._ending: Due | None = None

    def started(self, reason: StartReason, latency: float) -> CueStart:
        """The event of its start."""
        return CueStart(
            time=self.start,
            decided=self.start,
            reason=reason,
            tempo=self.beats.tempo,
            latency=latency,
            pattern=self.pattern,
            strength=self.strength,
        )

    def ended(self, time: float, reason: EndReason) -> CueEnd:
        """The event of its end at `time`."""
        beats = self.beats.before(time)
        return CueEnd(time=time, decided=time, start=self.start, beats=beats, reason=reason)

    def due(self, part_ends: float | None) -> Due | None:
        """What falls due next; `part_ends` is when a part of the training programme does."""
        if self._ending is not None:
            return self._ending
        if self.accompanies:
            if part_ends is None:
                return None
            return Due(self.beats.between(part_ends), ChangeReason.PROGRAMME)
        found = [self._end_due()]
        if self.frozen_until is None:
            if self.strength is CueStrength.DISCREET:
                clearer = self.beats.between(self.frozen_since + CLEARER_AFTER)
                found.append(Due(clearer, ChangeReason.NO_PROGRESS))
            if not self.other_way:
                beat = self.beats.before(self.frozen_since) + OTHER_WAY_AFTER
                found.append(Due(self.beats.time(beat - 0.5), ChangeReason.OTHER_WAY))
        return min(found, key=lambda due: due.time)

    def freeze(self, now: float) -> list[CueChange]:
        """A freeze began under the beat at `now`: the beat goes on, for it."""
        accompanied = self.accompanies
        self.accompanies = self.asked = self.other_way = False
        self._ending = None
        self.frozen_since = now
        self.frozen_until = self.stepping_known = None
        # The beat that was there already did not keep the freeze away: another one like it says
        # nothing, a clearer one does.
        if accompanied:
            return [self._changed(now, ChangeReason.FREEZE, strength=CueStrength.CLEAR)]
        return []

    def ask_again(self, now: float) -> list[CueChange]:
        """Somebody asks for a cue while this one runs: it becomes clear, and its time begins anew.

        The beat of a whole walk goes on as it is, but for that.
        """
        if not self.accompanies:
            self.frozen_since = now
            if self.frozen_until is not None:
                self.asked = True
                self.frozen_until = self.over_known = now
                self.stepping_known = None
        if self.strength is CueStrength.CLEAR:
            return []
        return [self._changed(now, ChangeReason.NO_PROGRESS, strength=CueStrength.CLEAR)]

    def strengthen(self, now: float, reason: ChangeReason) -> list[CueChange]:
        """Make it clear, or try the other kind of cue: a spoken count."""
        pattern = self.pattern
        if reason is ChangeReason.OTHER_WAY:
            self.other_way, pattern = True, CuePattern.COUNT
        return [self._changed(now, reason, strength=CueStrength.CLEAR, pattern=pattern)]

    def accompany(self, now: float, tempo: float, reason: ChangeReason) -> list[CueChange]:
        """From now on it is the beat of the whole walk."""
        self.accompanies, self.other_way = True, False
        return [
            self._changed(
                now, reason, strength=CueStrength.DISCREET, pattern=CuePattern.BEAT, tempo=tempo
            )
        ]

    def end_soon(self, now: float, reason: EndReason) -> None:
        """Let it end at the next moment between two beats."""
        self._ending = Due(self.beats.between(now), reason)

    def look_for_stepping(self, steps: Iterable[Step], now: float) -> None:
        """See whether effective stepping has returned since the freeze was over."""
        until = self.frozen_until
        if until is None or self.stepping_known is not None:
            return
        if sum(step.time >= until for step in steps) >= EFFECTIVE_STEPS:
            self.stepping_known = now

    def _end_due(self) -> Due:
        limit = self.frozen_since + LONGEST
        shortest = min(
            self.beats.time(SHORTEST_BEATS - 1) if self.beats.first == 0 else self.start,
            self.start + SHORTEST_TIME,
        )
        if self.frozen_until is None:
            time, reason = limit, EndReason.LIMIT
        elif self.stepping_known is not None:
            time, reason = self.stepping_known + TAIL, EndReason.STEPPING
        elif self.asked:
            time, reason = limit, EndReason.LIMIT
        else:
            time, reason = self.over_known + PATIENCE, EndReason.NO_STEPPING
        return Due(self.beats.between(min(max(time, shortest), limit)), reason)

    def _changed(
        self,
        now: float,
        reason: ChangeReason,
        *,
        strength: CueStrength,
        pattern: CuePattern | None = None,
        tempo: float | None = None,
    ) -> CueChange:
        self.last_change = now
        self.strength = strength
        self.pattern = pattern or self.pattern
        if tempo is not None and tempo != self.beats.tempo:
            self.beats = self.beats.changed(now, tempo)
        return CueChange(
            time=now,
            decided=now,
            start=self.start,
            reason=reason,
            tempo=self.beats.tempo,
            pattern=self.pattern,
            strength=self.strength,
        )

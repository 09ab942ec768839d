"""Freezing episodes, each with the cue that answered it."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from gaitcue.cue import StartReason
from gaitcue.events import (
    Button,
    CueEnd,
    CueStart,
    CueWithheld,
    Event,
    FreezeEnd,
    FreezeStart,
    Phenotype,
    Press,
    SensorGap,
)

LISTED = 200
"""Episodes kept one by one, so that memory and reports stay bounded; all of them are counted. Our
choice: more than anybody reads, and three times what a bad hour has."""

LOOK_BACK = 10.0
"""s: an episode is decided no later than this after it began. Gaps are remembered as long."""


class Cued(StrEnum):
    """How an episode was cued."""

    STARTED = "started"
    """A cue started for it."""
    ALREADY_ON = "already_on"
    """The cue of the episode before was still on."""
    WITHHELD = "withheld"
    """The walker's own trial drew no cue for it, and it was over before it got one."""
    RESCUED = "rescued"
    """The walker's own trial withheld its cue, and it got one because it went on."""
    NOT = "not"
    """It was not cued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeEpisode:
    """A freezing episode from `start` to `end` s.

    Attributes
    ----------
    score
        The highest freeze score in it, in [0, 1].
    phenotype
        What it looked like.
    turning
        Whether the walker was turning when it began; None where that is not known.
    frozen
        Its length without missing samples, s.
    cue_latency
        From its start to the first beat of the cue that started for it, s.
    cue_end
        Why that cue, or the one that was on already, ended; empty when there was none or it has
        not ended.
    dismissed
        Whether somebody said that it was not a freeze.
    """

    start: float
    end: float
    score: float
    phenotype: Phenotype
    turning: bool | None
    frozen: float
    cued: Cued = Cued.NOT
    cue_latency: float | None = None
    cue_end: str = ""
    dismissed: bool = False

    @property
    def duration(self) -> float:
        """From start to end, s."""
        return self.end - self.start


@dataclass(slots=True)
class _Draft:
    start: float
    score: float
    phenotype: Phenotype
    turning: bool | None
    end: float | None = None
    frozen: float = 0.0
    cued: Cued = Cued.NOT
    cue_latency: float | None = None
    cue_end: str = ""
    dismissed: bool = False


class EpisodeFold:
    """Pairs freezes with cues, event by event, in order of decision."""

    def __init__(self) -> None:
        self._listed: list[_Draft] = []
        self._open: _Draft | None = None  # the episode under way
        self._last: _Draft | None = None  # that one, or the last one before
        self._cue: list[_Draft] | None = None  # the episodes that the running cue answers
        self._gaps: deque[tuple[float, float]] = deque()

    def add(self, event: Event) -> FreezeEpisode | None:
        """Take in the next event; give the episode that it ends."""
        match event:
            case FreezeStart():
                self._begin(event)
            case FreezeEnd() if self._open is not None:
                draft, self._open = self._open, None
                draft.score = max(draft.score, event.score)
                draft.end = event.time
                draft.frozen = event.time - draft.start - self._missing(draft.start, event.time)
                return _episode(draft, event.time)
            case CueWithheld() if self._open is not None:
                self._open.cued = Cued.WITHHELD
            case Press(button=Button.NOT_A_FREEZE) if self._last is not None:
                self._last.dismissed = True
            case CueStart():
                self._cue = [] if self._open is None else [self._open]
                if self._open is not None:
                    rescue = event.reason == StartReason.RESCUE
                    self._open.cued = Cued.RESCUED if rescue else Cued.STARTED
                    self._open.cue_latency = event.time - self._open.start
            case CueEnd():
                for draft in self._cue or []:
                    draft.cue_end = event.reason
                self._cue = None
            case SensorGap():
                self._gaps.append((event.time, event.end))
                oldest = event.decided if self._open is None else self._open.start
                while self._gaps[0][1] < oldest - LOOK_BACK:
                    self._gaps.popleft()
        return None

    def finish(self, now: float) -> FreezeEpisode | None:
        """End at `now` s the episode that is still under way."""
        if self._open is None:
            return None
        return self.add(
            FreezeEnd(
                time=max(now, self._open.start),
                decided=now,
                start=self._open.start,
                score=self._open.score,
            )
        )

    def listed(self) -> tuple[FreezeEpisode, ...]:
        """The first `LISTED` of the episodes that have ended."""
        return tuple(_episode(d, d.end) for d in self._listed if d.end is not None)

    def _begin(self, event: FreezeStart) -> None:
        self._open = self._last = _Draft(event.time, event.score, event.phenotype, event.turning)
        if len(self._listed) < LISTED:
            self._listed.append(self._open)
        if self._cue is not None:
            self._open.cued = Cued.ALREADY_ON
            self._cue = [*self._cue[-1:], self._open]

    def _missing(self, start: float, end: float) -> float:
        """Missing samples between two times, s."""
        return sum(max(min(end, b) - max(start, a), 0.0) for a, b in self._gaps)


def _episode(draft: _Draft, end: float) -> FreezeEpisode:
    return FreezeEpisode(
        start=draft.start,
        end=end,
        score=draft.score,
        phenotype=draft.phenotype,
        turning=draft.turning,
        frozen=draft.frozen,
        cued=draft.cued,
        cue_latency=draft.cue_latency,
        cue_end=draft.cue_end,
        dismissed=draft.dismissed,
    )

"""The coach: decides from events when a cue starts, how it goes on, and when it ends.

The rules, which follow the evidence on cueing in Parkinson's disease, are told in
``docs/reference/cues.md`` and drawn in ``docs/explanation/coach.md``.
"""

from collections import deque
from collections.abc import Sequence
from enum import StrEnum

from gaitcue.cue.reasons import ChangeReason, EndReason, StartReason
from gaitcue.cue.running import EFFECTIVE_STEPS, LONGEST, Cue, Due
from gaitcue.cue.settings import (
    FASTEST_TEMPO,
    SLOWEST_TEMPO,
    CoachSettings,
    CueMode,
    TrainingPart,
)
from gaitcue.cue.tempo import SteadyCadence
from gaitcue.cue.trial import WITHHELD_FOR, drawn
from gaitcue.events import (
    Button,
    CueChange,
    CueEnd,
    CuePattern,
    CueStart,
    CueStrength,
    CueWithheld,
    Event,
    FreezeEnd,
    FreezeStart,
    OutputChange,
    Phenotype,
    Press,
    SensorGap,
    Step,
    Stride,
    WalkingBoutEnd,
    WalkingBoutStart,
)

UNKNOWN_CADENCE = 100.0
"""steps/min taken as the cadence before any steady walking was seen: the middle of the allowed
range, as nothing is known of the walker yet."""

STANDING_AFTER = 3.0
"""s without a step after which somebody who asks for a cue is taken to stand, and to need a start:
the longest pause within a walking bout (Kluge et al. 2021)."""

DISMISSED_FOR = 10.0
"""s for which no freeze is cued after somebody said that one was none. Our choice: what misled the
detector is over by then."""

STALE_AFTER = 1.0
"""s without a good sample after which data are stale."""

Decision = CueStart | CueChange | CueEnd | CueWithheld


class State(StrEnum):
    """What the coach is doing."""

    SILENT = "silent"
    DISCREET = "discreet"
    """Cueing a freeze, discreetly."""
    CLEAR = "clear"
    """Cueing a freeze, clearly."""
    OTHER_WAY = "other_way"
    """Cueing a freeze with the other kind of cue."""
    AFTER = "after"
    """The freeze is over, and stepping is waited for under the beat."""
    WALKING = "walking"
    """Accompanying the whole walk."""
    WITHHELD = "withheld"
    """A freeze gets no cue, by the walker's trial."""
    GIVEN_UP = "given_up"
    """A freeze goes on, and there is no cue any more."""
    STOPPED = "stopped"
    """No cue until the end of the walk."""


class Coach:
    """Decides on cues. Pure and deterministic; times are those of the events, s.

    For every event, in order of `decided`, call `advance` with that time and then `update`. Call
    `advance` also when the first good sample after a gap comes, with the last one before it, and
    otherwise as often as you like: what falls due does so at its own time, whenever that is
    noticed.
    """

    def __init__(self, settings: CoachSettings | None = None) -> None:
        self._settings = settings or CoachSettings()
        self._cadence = SteadyCadence()
        self._steps: deque[Step] = deque(maxlen=EFFECTIVE_STEPS)
        self._freeze: FreezeStart | None = None  # the one that is under way
        self._walking = False
        self._programme_from: float | None = None
        self._cue: Cue | None = None
        self._withheld: float | None = None  # until when
        self._episodes = 0  # of the trial
        self._dismissed = -float("inf")
        self._stopped = False
        self._outputs: dict[str, bool] = {}
        self._fresh = -float("inf")
        self._unheard: float | None = None  # since when a freeze was cued whose sound is lost

    @property
    def state(self) -> State:
        """What the coach is doing."""
        if self._stopped:
            return State.STOPPED
        if self._withheld is not None:
            return State.WITHHELD
        if self._cue is None:
            return State.SILENT if self._freeze is None else State.GIVEN_UP
        if self._cue.accompanies:
            return State.WALKING
        if self._cue.frozen_until is not None:
            return State.AFTER
        if self._cue.other_way:
            return State.OTHER_WAY
        return State(self._cue.strength)

    def advance(self, now: float, fresh: float) -> list[Decision]:
        """Let the time come to `now` s, with the latest good sample at `fresh` s, at most `now`."""
        self._fresh = fresh
        stale = fresh + STALE_AFTER
        decisions: list[Decision] = []
        while (due := self._due()) is not None and due.time <= min(now, stale):
            decisions += self._fall_due(due)
        if stale <= now:
            decisions += self._interrupt(stale, EndReason.STALE_DATA)
        return decisions

    def update(self, event: Event) -> Sequence[Decision]:
        """Take in an event; give the decisions that it causes."""
        match event:
            case Press():
                return self._pressed(event)
            case FreezeStart():
                return self._freeze_started(event)
            case FreezeEnd():
                return self._freeze_ended(event)
            case Step():
                self._steps.append(event)
                if self._cue is not None:
                    self._cue.look_for_stepping(self._steps, event.decided)
            case Stride():
                self._cadence.add(event)
            case WalkingBoutStart():
                self._walking = True
                return self._accompany(event.decided, event.time)
            case WalkingBoutEnd():
                self._walking = False
                if self._cue is not None and self._cue.accompanies:
                    self._cue.end_soon(event.decided, EndReason.STANDING)
            case OutputChange():
                return self._output_changed(event)
            case SensorGap(reset=True):
                return self._interrupt(event.decided, EndReason.SENSOR_GAP)
        return []

    def finish(self, now: float) -> Sequence[Decision]:
        """End the walk at `now` s, to which `advance` has come."""
        return self._end(now, EndReason.WALK_END)

    def _freeze_started(self, event: FreezeStart) -> Sequence[Decision]:
        if self._freeze is not None:
            return []
        self._freeze, self._unheard = event, None
        now = event.decided
        wanted = self._settings.mode is not CueMode.MANUAL and now >= self._dismissed
        if not wanted or not self._can_start(now):
            return []
        if self._cue is not None:  # the beat is there already: it goes on, for this freeze
            return self._cue.freeze(now)
        reason = StartReason.FREEZE
        if self._settings.trial is not None:
            episode, self._episodes = self._episodes, self._episodes + 1
            if not drawn(self._settings.trial, episode):
                self._withheld = now + WITHHELD_FOR
                latency = now - event.time
                return [CueWithheld(time=now, decided=now, reason=reason, latency=latency)]
            reason = StartReason.DRAWN
        return self._answer_freeze(event, now, reason)

    def _answer_freeze(
        self, freeze: FreezeStart, now: float, reason: StartReason
    ) -> Sequence[Decision]:
        akinetic = freeze.phenotype is Phenotype.AKINETIC
        pattern = CuePattern.GET_READY if akinetic else CuePattern.BEAT
        cadence = self._cadence.before_freeze(freeze.time)
        cue = Cue(now, self._tempo(cadence), pattern, CueStrength.DISCREET, frozen_since=now)
        return self._start(cue, reason, now - freeze.time)

    def _freeze_ended(self, event: FreezeEnd) -> Sequence[Decision]:
        self._freeze = self._withheld = None
        cue = self._cue
        if cue is not None and not cue.accompanies and cue.frozen_until is None:
            cue.frozen_until, cue.over_known = event.time, event.decided
            cue.look_for_stepping(self._steps, event.decided)
        return []

    def _pressed(self, event: Press) -> Sequence[Decision]:
        now = event.decided
        match event.button:
            case Button.STOP:
                ends = self._end(now, EndReason.STOPPED)
                self._stopped, self._withheld = True, None
                return ends
            case Button.NOT_A_FREEZE:
                self._dismissed, self._withheld = now + DISMISSED_FOR, None
                self._unheard = None
                cue = self._cue
                if cue is None or cue.accompanies:
                    return []
                return self._back_to_walking(now) or self._end(now, EndReason.DISMISSED)
            case Button.CUE_ME:
                return self._asked_for(now)

    def _asked_for(self, now: float) -> Sequence[Decision]:
        if not self._can_start(now):
            return []
        self._withheld = None
        if self._cue is not None:
            return self._cue.ask_again(now)
        stands = not self._steps or now - self._steps[-1].time > STANDING_AFTER
        pattern = CuePattern.GET_READY if stands else CuePattern.BEAT
        tempo = self._tempo(self._cadence.latest())
        cue = Cue(now, tempo, pattern, CueStrength.CLEAR, frozen_since=now, asked=True)
        cue.frozen_until = cue.over_known = now
        return self._start(cue, StartReason.PRESSED, 0.0)

    def _accompany(self, now: float, since: float) -> Sequence[Decision]:
        """Begin the beat of the whole walk, if there is to be one, because of walking `since` s."""
        if self._cue is not None or self._freeze is not None or not self._can_start(now):
            return []
        if self._settings.mode is CueMode.TRAINING and self._programme_from is None:
            self._programme_from = now
        tempo = self._walking_tempo(now)
        if tempo is None:
            return []
        cue = Cue(now, tempo, CuePattern.BEAT, CueStrength.DISCREET, frozen_since=now)
        cue.accompanies = True
        return self._start(cue, StartReason.WALKING, now - since)

    def _back_to_walking(self, now: float) -> Sequence[Decision]:
        """Go on with the beat of the whole walk after a freeze, if there is one; else nothing."""
        tempo = self._walking_tempo(now) if self._walking else None
        if self._cue is None or tempo is None:
            return []
        return self._cue.accompany(now, tempo, ChangeReason.STEPPING)

    def _walking_tempo(self, now: float) -> float | None:
        """Of the beat of the whole walk at `now`; None when there is to be none."""
        match self._settings.mode:
            case CueMode.CONTINUOUS:
                return self._tempo(self._cadence.latest())
            case CueMode.TRAINING:
                part = self._part(now)
                return None if part is None else part[0].tempo
        return None

    def _part(self, now: float) -> tuple[TrainingPart, float] | None:
        """The part of the programme that `now` lies in, and when it ends."""
        if self._programme_from is None:
            return None
        end = self._programme_from
        for part in self._settings.programme:
            end += part.duration
            if now < end:
                return part, end
        return None

    def _tempo(self, cadence: float | None) -> float:
        if self._settings.tempo is not None:
            return self._settings.tempo
        tempo = (cadence or UNKNOWN_CADENCE) * self._settings.tempo_factor
        return min(max(tempo, SLOWEST_TEMPO), FASTEST_TEMPO)

    def _output_changed(self, event: OutputChange) -> Sequence[Decision]:
        self._outputs[event.output] = event.working
        cue = self._cue
        if not self._audible:
            if cue is not None and not cue.accompanies and cue.frozen_until is None:
                self._unheard = cue.frozen_since
            return self._end(event.decided, EndReason.NO_OUTPUT)
        if self._unheard is not None:
            return self._sound_again(event.decided, self._unheard)
        if self._walking:
            return self._accompany(event.decided, event.decided)
        return []

    def _sound_again(self, now: float, since: float) -> Sequence[Decision]:
        """Cue the freeze again, cued since `since`, whose sound was lost: within its limit."""
        self._unheard = None
        over = self._cue is not None or now >= since + LONGEST
        if self._freeze is None or over or not self._can_start(now):
            return []
        decisions = self._answer_freeze(self._freeze, now, StartReason.FREEZE)
        if self._cue is not None:
            self._cue.frozen_since = since
        return decisions

    @property
    def _audible(self) -> bool:
        """Whether anything can make a cue perceptible, as far as any has said that it cannot."""
        return not self._outputs or any(self._outputs.values())

    def _can_start(self, now: float) -> bool:
        return not self._stopped and self._audible and now < self._fresh + STALE_AFTER

    def _due(self) -> Due | None:
        if self._withheld is not None:
            return Due(self._withheld, StartReason.RESCUE)
        if self._cue is None:
            return None
        part_ends = None
        if self._cue.accompanies and self._settings.mode is CueMode.TRAINING:
            part = self._part(self._cue.last_change)
            part_ends = self._cue.last_change if part is None else part[1]
        return self._cue.due(part_ends)

    def _fall_due(self, due: Due) -> Sequence[Decision]:
        match due.what:
            case StartReason():
                self._withheld = None
                if self._freeze is None or not self._can_start(due.time):
                    return []
                return self._answer_freeze(self._freeze, due.time, StartReason.RESCUE)
            case ChangeReason.PROGRAMME if self._cue is not None:
                tempo = self._walking_tempo(due.time)
                if tempo is None:
                    return self._end(due.time, EndReason.PROGRAMME_OVER)
                return self._cue.accompany(due.time, tempo, ChangeReason.PROGRAMME)
            case ChangeReason() if self._cue is not None:
                return self._cue.strengthen(due.time, due.what)
            case EndReason():
                on = due.what in {EndReason.STEPPING, EndReason.NO_STEPPING}
                back = self._back_to_walking(due.time) if on else []
                return back or self._end(due.time, due.what)
        return []

    def _start(self, cue: Cue, reason: StartReason, latency: float) -> Sequence[Decision]:
        self._cue = cue
        return [cue.started(reason, latency)]

    def _interrupt(self, time: float, reason: EndReason) -> Sequence[Decision]:
        """Forget what was under way: nothing after the interruption continues it."""
        self._freeze = self._withheld = None
        self._walking = False
        self._steps.clear()
        self._cadence.interrupt()
        return self._end(time, reason)

    def _end(self, time: float, reason: EndReason) -> Sequence[Decision]:
        cue, self._cue = self._cue, None
        return [] if cue is None else [cue.ended(time, reason)]

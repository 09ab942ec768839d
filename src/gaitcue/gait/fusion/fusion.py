"""What is told of a walk that several sensors see: every thing once."""

from collections.abc import Sequence

from gaitcue.events import (
    DataProblem,
    Event,
    FreezeEnd,
    FreezeScore,
    FreezeStart,
    MountingSlip,
    SensorChange,
    SensorGap,
    Step,
    Stride,
    Turn,
    WalkingBoutEnd,
    WalkingBoutStart,
)
from gaitcue.gait.fusion.bouts import FusedBouts
from gaitcue.gait.fusion.freezes import FusedFreezes
from gaitcue.gait.fusion.members import Member, Source, speaker
from gaitcue.gait.fusion.presence import Change
from gaitcue.gait.fusion.steps import FusedSteps, Told


class Fusion:
    """Streaming: the events of every sensor's tracker in, in order of decision; one stream out.

    Parameters
    ----------
    sources
        The sensors; with only one its events come out as they went in.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._members = [Member(number, source) for number, source in enumerate(sources)]
        self._steps = FusedSteps(self._members)
        self._bouts = FusedBouts(self._members)
        self._freezes = FusedFreezes(self._members)
        self._turned: tuple[int, float] = (0, 0.0)  # who told the last turn, and its end, s
        self._several = len(sources) > 1
        if not self._several:
            self._members[0].here = True

    def take(self, number: int, event: Event) -> list[Event]:
        """Take in an event of sensor `number`; give what is to be told."""
        member = self._members[number]
        match event:
            case Step():
                return self._told(self._steps.take(member, event))
            case Stride():
                if not self._steps.tells(member):
                    return []
                self._bouts.stride(event)
                return [event]
            case WalkingBoutStart():
                member.walking = True
                return []
            case WalkingBoutEnd():
                member.walking = False
                return self._bouts.end(event.decided, self._steps.unknown)
            case FreezeScore() | FreezeStart() | FreezeEnd():
                return self._freezes.take(member, event)
            case Turn():
                return self._turn(member, event)
            case MountingSlip():
                return [event]
            case DataProblem():
                return [event.of(member.source.name) if self._several else event]
        return [event] if speaker(self._members) is member else []

    def gap(self, number: int, own: SensorGap, common: SensorGap | None) -> list[Event]:
        """Take in a gap of sensor `number`, and what of it was one for all sensors."""
        if own.reset:
            self._members[number].begin_afresh(own.end)
        return [] if common is None else [common]

    def change(self, now: float, change: Change) -> list[Event]:
        """Take in at `now` s that a sensor is there, or is lost."""
        member = self._members[change.number]
        member.here = change.here
        event = SensorChange(
            time=change.time,
            decided=now,
            sensor=member.source.name,
            placement=member.source.placement,
            side=member.source.side,
            working=change.here,
        )
        if change.here:
            member.begin_afresh(change.time)
            return [event]
        member.walking, member.freeze, member.judging = False, None, False
        ended = self._bouts.end(now, self._steps.unknown)
        return [event, *self._freezes.look(now), *ended]

    def pass_time(self, time: float) -> list[Event]:
        """Let the time come to `time` s."""
        return self._told(self._steps.pass_time(time))

    def _told(self, steps: list[tuple[Step, Told]]) -> list[Event]:
        return [event for step, told in steps for event in self._bouts.step(step, told)]

    def _turn(self, member: Member, turn: Turn) -> list[Event]:
        """A turn of the sensor that speaks for the body, unless another has told it already."""
        by, end = self._turned
        if speaker(self._members) is not member or (by != member.number and turn.time < end):
            return []
        self._turned = (member.number, turn.end)
        return [turn]

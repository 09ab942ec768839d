"""Freezes of all sensors together."""

from collections.abc import Sequence
from dataclasses import replace

from gaitcue.events import Event, FreezeEnd, FreezeScore, FreezeStart
from gaitcue.gait.fusion.members import Member, speaker


class FusedFreezes:
    """Streaming: what every sensor says of freezing in, what the best one says out.

    When that one is lost, the next one speaks from then on: a freeze that it sees too goes on.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self._freeze: FreezeStart | None = None  # the one that is told
        self._score = 0.0  # the highest of it

    def take(self, member: Member, event: FreezeScore | FreezeStart | FreezeEnd) -> list[Event]:
        """Take in what a sensor says."""
        match event:
            case FreezeScore():
                member.judging = True
                speaks = speaker(self._members, judging=True) is member
                if speaks and self._freeze is not None:
                    self._score = max(self._score, event.score)
                return [*self.look(event.decided), event] if speaks else []
            case FreezeStart():
                member.freeze = event
                return self.look(event.decided)
            case FreezeEnd():
                member.freeze = None
                speaks = speaker(self._members, judging=True) is member
                return self.look(event.decided, event if speaks else None)

    def look(self, now: float, end: FreezeEnd | None = None) -> list[Event]:
        """What is told at `now` s because of who speaks, and of what that one sees.

        Parameters
        ----------
        end
            Of the speaker's freeze, where that has just ended.
        """
        seen = speaker(self._members, judging=True).freeze
        if self._freeze is None and seen is not None:
            self._freeze, self._score = seen, seen.score
            if seen.decided == now:
                return [seen]
            return [replace(seen, decided=now)]
        if self._freeze is not None and seen is None:
            start, self._freeze = self._freeze.time, None
            time = now if end is None else max(end.time, start)
            score = self._score if end is None else max(end.score, self._score)
            return [FreezeEnd(time=time, decided=now, start=start, score=score)]
        return []

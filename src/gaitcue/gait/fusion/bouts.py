"""Walking bouts of all sensors together: one is under way while any of them sees one."""

from bisect import insort
from collections.abc import Sequence

from gaitcue.events import DataProblem, Event, Step, Stride, WalkingBoutEnd, WalkingBoutStart
from gaitcue.gait.bout_speed import BoutSpeed
from gaitcue.gait.fusion.members import Member
from gaitcue.gait.fusion.steps import REMEMBERED, Told

FEWEST = 20
"""Contacts in a bout that a sensor could have seen, from which on it is judged: one of ten that a
trunk missed whole was the only false alarm in 40 walks with trunk and feet (voisard497)."""

MOST_ODD = 0.5
"""Share of the contacts on which a sensor may disagree with the others before it is told: a worn
sensor stays far below, one that was left lying far above."""


class FusedBouts:
    """Streaming: told contacts and strides in, bouts and disagreement out."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self._first: float | None = None  # s, of the bout's first contact; None between bouts
        self._last = 0.0  # s, of its last one
        self._speed = BoutSpeed()
        self._uncounted: list[tuple[float, int, Told]] = []  # in order of time
        self._number = 0
        self._before: Told | None = None  # the last one counted
        self._count = 0  # contacts of the bout, those of a foot that nobody saw too
        self._agreed: dict[int, int] = {}
        self._missed: dict[int, int] = {}

    def step(self, step: Step, told: Told) -> list[Event]:
        """Count in a contact that is told."""
        events: list[Event] = []
        if self._first is None:
            self._first = self._last = step.time
            self._speed, self._count, self._before = BoutSpeed(), 0, None
            self._agreed, self._missed = {}, {}
            events.append(WalkingBoutStart(time=step.time, decided=step.decided))
        events.append(step)
        self._last = max(self._last, step.time)
        self._number += 1
        insort(self._uncounted, (step.time, self._number, told))
        while self._uncounted[0][0] < self._last - REMEMBERED:
            self._count_in(self._uncounted.pop(0)[2])
        return events

    def stride(self, stride: Stride) -> None:
        """Count in a stride that is told."""
        self._speed.add(stride)

    def end(self, known: float, unknown: dict[int, int]) -> list[Event]:
        """End the bout under way, if nobody walks any more; `unknown` as of `FusedSteps`."""
        if self._first is None or any(member.walking for member in self._members):
            return []
        for _, _, told in self._uncounted:
            self._count_in(told)
        self._uncounted = []
        first, self._first = self._first, None
        duration = self._last - first
        steps = self._count
        speed, speed_sd = self._speed.result()
        end = WalkingBoutEnd(
            time=self._last,
            decided=known,
            start=first,
            steps=steps,
            cadence=60 * (steps - 1) / duration if duration > 0 else None,
            speed=speed,
            speed_sd=speed_sd,
            distance=None if speed is None else speed * duration,
        )
        odd = [self._odd(one, first, known, unknown) for one in self._members]
        unknown.clear()
        return [end, *(one for one in odd if one is not None)]

    def _count_in(self, told: Told) -> None:
        """Count a contact, and one of the other foot where it follows on one of the same foot."""
        self._count += 1
        before, self._before = self._before, told
        unseen = before is not None and before.own and told.own and told.foot == before.foot
        self._count += unseen
        for one in told.looking:
            if one.foot is None or one.foot == told.foot:
                seen = one.number in told.by
                counts = self._agreed if seen else self._missed
                counts[one.number] = counts.get(one.number, 0) + 1
            elif unseen:
                self._missed[one.number] = self._missed.get(one.number, 0) + 1

    def _odd(
        self, member: Member, start: float, known: float, unknown: dict[int, int]
    ) -> DataProblem | None:
        """What is told of a sensor that disagreed with the others, if it did."""
        agreed, missed = self._agreed.get(member.number, 0), self._missed.get(member.number, 0)
        alone = unknown.get(member.number, 0)
        if agreed + missed + alone < FEWEST or missed + alone <= MOST_ODD * (agreed + missed):
            return None
        return DataProblem(
            time=start,
            decided=known,
            kind="sensors_disagree",
            count=missed + alone,
            detail=(
                f"{member.source.name}: of the {agreed + missed} steps of a walking bout that it "
                f"could see it missed {missed}, and {alone} of its own no other sensor saw; is it "
                "where it should be?"
            ),
        )

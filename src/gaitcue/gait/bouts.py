"""Which contacts are walking, and when a walking bout begins and ends.

A walking bout of Mobilise-D (Kluge et al. 2021) has two or more strides of both feet, that is six
initial contacts, and no pause of more than 3 s. Here one opens as soon as walking is believed, so
that the walker can be helped; whoever counts bouts leaves out those of fewer steps. Contacts are
steps once they make up a bout and keep a rhythm, so that jolts are none; within a bout each counts
at once.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from gaitcue.events import Event, Step, WalkingBoutEnd, WalkingBoutStart
from gaitcue.gait.bout_speed import BoutSpeed
from gaitcue.gait.contact import Contact
from gaitcue.gait.rhythm import Rhythm, is_settling, opening
from gaitcue.gait.sides import TrunkSides
from gaitcue.gait.strides import LONGEST_STEP, LegStrides, TrunkStrides

PAUSE = 3.0
"""s without a step that ends a walking bout (Kluge et al. 2021)."""


class WalkingBouts:
    """Streaming: contacts in; steps, strides and bouts out.

    Parameters
    ----------
    strides
        What makes strides of the contacts.
    rhythms
        Any of them opens a bout.
    one_leg
        True when only every second step of the walk is seen.
    sides
        What tells the feet apart, where contacts do not.
    """

    def __init__(
        self,
        strides: TrunkStrides | LegStrides,
        rhythms: Sequence[Rhythm],
        *,
        one_leg: bool,
        sides: TrunkSides | None = None,
    ) -> None:
        self._sides = sides
        self._strides = strides
        self._rhythms = rhythms
        self._longest = 2 * LONGEST_STEP if one_leg else LONGEST_STEP
        self._one_leg = one_leg
        # Contacts that do not make a bout yet.
        self._waiting: deque[Contact] = deque(maxlen=max(r.contacts for r in rhythms))
        self._first = 0.0  # s, of the bout's first contact
        self._last: Contact | None = None  # the bout's last contact; None between bouts
        self._interval = 0.0  # s, between the last two contacts
        self._last_step: float | None = None  # s, of the last step of any bout
        self._count = 0  # contacts of the bout
        self._speed = BoutSpeed()

    @property
    def last_step(self) -> float | None:
        """Time of the latest step of walking, s."""
        return self._last_step

    def contact(self, contact: Contact) -> list[Event]:
        """Take in the next contact."""
        events = self.pass_time(contact.time, contact.decided)
        if self._last is not None:
            if is_settling(contact, self._last, self._interval):
                return events
            return events + self._count_in(contact)
        if self._waiting and contact.time - self._waiting[-1].time > self._longest:
            self._waiting.clear()
        self._waiting.append(contact)
        first = opening(list(self._waiting), self._rhythms)
        if not first:
            return events
        self._waiting.clear()
        self._first, self._count, self._speed = first[0].time, 0, BoutSpeed()
        if self._sides is not None:
            self._sides.begin()
        events.append(WalkingBoutStart(time=self._first, decided=contact.decided))
        for one in first:
            events += self._count_in(replace(one, decided=contact.decided))
        return events

    def _count_in(self, contact: Contact) -> list[Event]:
        """Make `contact` a step of the bout, and a stride if it completes one."""
        step = Step(
            time=contact.time,
            decided=contact.decided,
            side=contact.side if self._sides is None else self._sides(contact),
            confidence=contact.confidence,
        )
        events: list[Event] = [step]
        if self._last is not None:
            self._interval = contact.time - self._last.time
        self._last, self._last_step = contact, contact.time
        self._count += 1
        stride = self._strides(contact)
        if stride is not None:
            events.append(stride)
            self._speed.add(stride)
        return events

    def pass_time(self, time: float, known: float) -> list[Event]:
        """Let time go on to `time` s; a bout ends when its last step is too long ago."""
        if self._last is None or time - self._last.time <= PAUSE:
            return []
        return self.end(known)

    def end(self, known: float) -> list[Event]:
        """End the bout under way, if there is one, because nothing can follow on it."""
        self._waiting.clear()
        if self._last is None:
            return []
        end, self._last = self._last.time, None
        duration = end - self._first
        steps = 2 * self._count - 1 if self._one_leg else self._count
        speed, speed_sd = self._speed.result()
        return [
            WalkingBoutEnd(
                time=end,
                decided=known,
                start=self._first,
                steps=steps,
                cadence=60 * (steps - 1) / duration,
                speed=speed,
                speed_sd=speed_sd,
                distance=None if speed is None else speed * duration,
            )
        ]

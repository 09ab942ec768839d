"""Keeps a stream open: on the wanted device, or another, again and again, and says which."""

from collections.abc import Callable
from dataclasses import dataclass

from gaitcue.cue.speaker.devices import candidates, look_again, matches
from gaitcue.cue.speaker.settings import SpeakerSettings
from gaitcue.cue.speaker.stream import Fill, Stream
from gaitcue.errors import InputError

LATENCIES = (0.02, 0.03, 0.05, 0.10, 0.20)
"""s to ask of a device, from prompt to safe. At 0.02 s sound followed a command within 30 ms on
a quiet machine; a busy one needs more, and then takes the next."""

TOLERATED, WITHIN = 2, 60.0
"""So many losses of sound in so many s are borne; more, and the next latency is taken."""

RETRY = 2.0
"""s between attempts to open a device again."""


@dataclass(frozen=True, slots=True)
class Change:
    """The loudspeaker works from now on, or does not; why."""

    working: bool
    detail: str


class Keeper:
    """Opens, watches and reopens the stream; `tick` does all of it and never raises.

    Parameters
    ----------
    settings
        Of the loudspeaker.
    fill
        Renders the next block for the stream that is open.
    fresh
        Called before each stream that is opened.
    """

    def __init__(self, settings: SpeakerSettings, fill: Fill, fresh: Callable[[], None]) -> None:
        self._settings, self._fill, self._fresh = settings, fill, fresh
        self._stream: Stream | None = None
        self._name = ""
        self._said: Change | None = None
        self._next_try = 0.0
        self._doubtful = False  # it stopped without saying so, and may do it again
        self._opened: Change | None = None  # to be said once it is known to play
        self._first = True
        self._safety = 0
        self._lost = 0  # underflows that were borne
        self._lost_before = 0  # those of streams that are closed
        self._since = 0.0

    @property
    def lead(self) -> float | None:
        """From rendering to hearing, s; None while nothing plays."""
        return self._stream.lead if self._stream else None

    @property
    def lost(self) -> int:
        """How often a device ran out of sound."""
        return self._lost_before + (self._stream.underflows if self._stream else 0)

    def tick(self, now: float, *, idle: bool) -> list[Change]:
        """See to the stream at `now` s; `idle` while nothing is to be heard."""
        changes: list[Change] = []
        if self._stream is not None and self._stream.silent:
            error = self._stream.error
            self._doubtful, self._opened = not self._stream.finished, None
            if self._stream.underflows and self._can_be_safer:
                self._safety += 1  # some devices stop for good when sound comes too late
            self.close()
            self._next_try = now
            detail = f"{self._name} has stopped" + (f" ({error})" if error else "")
            changes += self._say(Change(False, detail))
        if self._stream is not None and self._unsafe(self._stream, now) and idle:
            self._safety += 1
            self.close()
            self._next_try = now
        if self._stream is None and now >= self._next_try:
            self._next_try = now + RETRY
            change = self._open(now)
            if self._doubtful and change.working:
                self._opened = change
            else:
                changes += self._say(change)
        if self._opened is not None and self._stream is not None and self._stream.proven:
            changes += self._say(self._opened)
            self._doubtful, self._opened = False, None
        return changes

    def close(self) -> None:
        """Close the stream."""
        stream, self._stream = self._stream, None
        if stream is not None:
            self._lost_before += stream.underflows
            stream.close()

    def _latency(self) -> float:
        wanted = self._settings.latency
        return LATENCIES[self._safety] if wanted is None else wanted

    def _unsafe(self, stream: Stream, now: float) -> bool:
        """Whether sound is lost too often, and a safer latency can be had."""
        if now - self._since > WITHIN:
            self._since, self._lost = now, stream.underflows
        return self._can_be_safer and stream.underflows - self._lost > TOLERATED

    @property
    def _can_be_safer(self) -> bool:
        return self._settings.latency is None and self._safety + 1 < len(LATENCIES)

    def _open(self, now: float) -> Change:
        try:
            if not self._first:
                look_again()
            self._first = False
            found = list(candidates(self._settings.device))
        except InputError as error:
            return Change(False, str(error))
        except Exception as error:
            return Change(False, f"the computer's sound system cannot be used ({error})")
        refused = ""
        for index, name in found:
            self._fresh()
            try:
                self._stream = Stream(index, self._latency(), self._fill)
            except Exception as error:  # each sound system has its own
                refused = refused or f"{name}: {error}"
                continue
            self._name, self._lost, self._since = name, 0, now
            return Change(True, self._where(name, refused))
        return Change(False, refused or "there is no sound device")

    def _where(self, name: str, refused: str) -> str:
        wanted = self._settings.device
        if matches(name, wanted):
            return f"playing on {name}"
        why = refused or f"there is no sound device called {wanted}"
        return f"{why}; playing on {name} instead"

    def _say(self, change: Change) -> list[Change]:
        """The change, unless it was the last thing said."""
        if change == self._said:
            return []
        self._said = change
        return [change]

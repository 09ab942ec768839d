"""What happens within a sound device's callback: commands are obeyed and a block is rendered.

Commands and reports pass through deques, whose append and popleft need no lock.
"""

from collections import deque
from dataclasses import dataclass

from gaitcue.cue.beats import Beats
from gaitcue.cue.render import Renderer
from gaitcue.cue.sounds import Waveform
from gaitcue.cue.speaker.clock import DeviceClock
from gaitcue.events import CueChange, CueEnd, CueStart


@dataclass(frozen=True, slots=True)
class Told:
    """A cue's command, given at `now`, whose beat is to be heard at `at` (s, host clock)."""

    command: CueStart | CueChange | CueEnd
    at: float
    now: float


@dataclass(frozen=True, slots=True)
class Say:
    """Something to say."""

    sound: Waveform


@dataclass(frozen=True, slots=True)
class Hush:
    """Say no more."""


@dataclass(frozen=True, slots=True)
class Level:
    """The person's level from the next beat on."""

    level: int


Order = Told | Say | Hush | Level


@dataclass(frozen=True, slots=True)
class Played:
    """The cue that began at `start` and was told at `now` is first heard at `time`.

    That is its first beat, unless no sound could flow when that was due.
    """

    start: float
    time: float
    now: float


class Engine:
    """Fills the blocks of one stream after another.

    Parameters
    ----------
    renderer
        Whose sounds are prepared.
    extra_delay
        s by which sound is heard later than the device says.
    """

    def __init__(self, renderer: Renderer, extra_delay: float) -> None:
        self._renderer = renderer
        self._extra = extra_delay
        self._told: Told | None = None  # the running cue's start, until a beat of it is heard
        self.orders: deque[Order] = deque()
        self.played: deque[Played] = deque()

    def fill(self, out: Waveform, clock: DeviceClock, said: float) -> None:
        """Render `out` (n,), of which the device said it begins at `said` s (host clock)."""
        time = clock.block(len(out), said) + self._extra
        while self.orders:
            self._obey(self.orders.popleft(), time)
        for _, at in self._renderer.render(out, time):
            if self._told is not None:
                self.played.append(Played(self._told.command.time, at, self._told.now))
                self._told = None

    def _obey(self, order: Order, time: float) -> None:
        match order:
            case Say(sound):
                self._renderer.say(sound)
            case Hush():
                self._renderer.hush()
            case Level(level):
                self._renderer.level = level
            case Told(CueStart() as cue, at):
                start = max(at, time)
                self._told = order
                self._renderer.start(Beats(start, cue.tempo), cue.pattern, cue.strength)
            case Told(CueChange() as cue):
                self._renderer.change(cue.tempo, cue.pattern, cue.strength)
            case Told(CueEnd()):
                self._told = None
                self._renderer.stop()

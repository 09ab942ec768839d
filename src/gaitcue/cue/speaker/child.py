"""The process that plays: nothing the rest of gaitcue does can hold it up.

A garbage collection of a large heap holds Python's lock for a second; here there is no large heap,
and collection is off.
"""

import contextlib
import gc
import os
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from gaitcue.cue.render import Renderer
from gaitcue.cue.sounds import SOUND_RATE, Sound, Waveform, sound_named
from gaitcue.cue.sounds.speech import Phrase, spoken
from gaitcue.cue.speaker.clock import DeviceClock
from gaitcue.cue.speaker.engine import Engine, Order, Played, Say, Told
from gaitcue.cue.speaker.keeper import Change, Keeper
from gaitcue.cue.speaker.maker import Maker
from gaitcue.cue.speaker.settings import SpeakerSettings
from gaitcue.cue.tables import SPARE, SoundTables
from gaitcue.errors import InputError
from gaitcue.events import CueChange, CueEnd, CueStart

LOOK = 0.010
"""s between looks at what there is to report."""

ALIVE = 0.25
"""s between signs of life."""

URGENCY = -11
"""The niceness that sound servers take for themselves (PulseAudio's `nice-level`, `nice.level` of
PipeWire's realtime module): what plays into them needs no less."""

SWITCH = 0.001
"""s for which a thread that makes sounds may hold up the sound device's callback; 0.005 is
Python's own, a quarter of the shortest latency."""


@dataclass(frozen=True, slots=True)
class Alive:
    """A sign of life.

    Attributes
    ----------
    delay
        From a command to a beat, s; None while nothing plays.
    lost
        How often sound was lost so far.
    """

    delay: float | None
    lost: int


Message = Played | Change | Alive


def run(pipe: Connection, settings: SpeakerSettings) -> None:
    """Play what comes through `pipe` until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the pipe
    _hush_libraries()
    _hurry()
    try:
        _play(pipe, settings)
    except EOFError:
        pass  # the parent is gone
    except Exception as error:  # there is nowhere else to tell it
        with contextlib.suppress(OSError):
            pipe.send(Change(False, f"the sound process has failed ({error!r})"))
    os._exit(0)  # at once: a thread that makes sounds cannot be ended, nor survive an orderly exit


def _play(pipe: Connection, settings: SpeakerSettings) -> None:
    sound, trouble = _sound(settings.sound)
    tables = SoundTables(sound)
    tables.prepare(settings.tempo)
    child = _Child(pipe, settings, tables)
    sys.setswitchinterval(SWITCH)
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        if trouble:
            pipe.send(Change(True, trouble))
        child.play()
    finally:
        child.keeper.close()


def _hush_libraries() -> None:
    """ALSA and PortAudio write their troubles over the walker's screen; the keeper tells them."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)


def _hurry() -> None:
    """Come before other work, also in the threads that begin later, where the system allows it."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, URGENCY)


def _sound(name: str) -> tuple[Sound, str]:
    """The sound, or a tick and why."""
    try:
        return sound_named(name), ""
    except InputError as error:
        return sound_named(SPARE), f"{error}; a tick is played instead"


class _Child:
    def __init__(self, pipe: Connection, settings: SpeakerSettings, tables: SoundTables) -> None:
        self._pipe, self._settings, self._tables = pipe, settings, tables
        self._engine = Engine(Renderer(tables, settings.level), settings.extra_delay)
        self._clock, self._jumps = DeviceClock(), 0
        self.keeper = Keeper(settings, self._fill, self._fresh)
        self._quiet_from = 0.0  # when what was to be heard is over; inf while a cue lasts
        self._maker = Maker(tables, settings.tempo)

    def play(self) -> None:
        alive = 0.0
        while True:
            now = time.monotonic()
            idle = now > self._quiet_from
            self._maker.see(idle=idle)
            for change in self.keeper.tick(now, idle=idle):
                self._pipe.send(change)
            if trouble := self._maker.trouble():
                playing = self.keeper.lead is not None
                self._pipe.send(Change(playing, f"{trouble}; a tick is played where need be"))
            while self._engine.played:
                self._pipe.send(self._engine.played.popleft())
            if now >= alive:
                alive = now + ALIVE
                self._pipe.send(
                    Alive(self._delay(), self.keeper.lost + self._jumps + self._clock.jumps)
                )
            while self._pipe.poll(LOOK):
                self._take(self._pipe.recv())

    def _take(self, order: Order | Phrase) -> None:
        now = time.monotonic()
        match order:
            case Phrase():
                sound = spoken(order)
                self._quiet_from = max(self._quiet_from, now + 2 * len(sound) / SOUND_RATE)
                order = Say(sound)
            case Told(CueStart(tempo=tempo)):
                self._quiet_from = float("inf")
                self._maker.ask(tempo)
            case Told(CueChange(tempo=tempo)):
                self._maker.ask(tempo)
            case Told(CueEnd()):
                self._quiet_from = now + 1.0
        self._engine.orders.append(order)

    def _fresh(self) -> None:
        self._jumps += self._clock.jumps
        self._clock = DeviceClock()

    def _fill(self, out: Waveform, said: float) -> None:
        self._engine.fill(out, self._clock, said)

    def _delay(self) -> float | None:
        lead = self.keeper.lead
        return None if lead is None else lead + self._settings.extra_delay

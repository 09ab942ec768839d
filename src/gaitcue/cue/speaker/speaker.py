"""The loudspeaker as the rest of gaitcue sees it."""

import contextlib
import multiprocessing
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing import resource_tracker

from gaitcue.cue.output import Command, Report
from gaitcue.cue.sounds.speech import Phrase
from gaitcue.cue.speaker import child
from gaitcue.cue.speaker.engine import Hush, Level, Order, Played, Told
from gaitcue.cue.speaker.keeper import LATENCIES, Change
from gaitcue.cue.speaker.settings import SpeakerSettings
from gaitcue.events import CuePlayed, OutputChange

SIGN_OF_LIFE = 3.0
"""s without one after which the playing process is replaced: opening a device may take two."""

STARTING = 90.0
"""s that the process may take to its first sign of life: reading music took 25 on a slow one."""

PAUSE, LONGEST_PAUSE = 2.0, 60.0
"""s before a process that did not last is started again: nothing the second time, then this, then
twice as long each time up to the longest. One that has lasted that long is replaced at once."""

ENDING = 1.0
"""s that it may take to end."""


class Speaker:
    """An output that plays on a sound device. Its process is started at once.

    Parameters
    ----------
    settings
        How to sound and where.

    Attributes
    ----------
    lost
        How often its process lost sound so far, because the device ran out of it or stood still.
    """

    name = "loudspeaker"

    def __init__(self, settings: SpeakerSettings) -> None:
        self._settings = settings
        self._delay = LATENCIES[0] + settings.extra_delay
        self._reports: list[Report] = []
        self._closed = False
        self._short_lives = 0  # of the processes before, one after the other
        self._start_at: float | None = None  # while no process is there
        self._start()

    @property
    def delay(self) -> float:
        """From being told to a beat being heard at the soonest, s."""
        return self._delay

    def take(self, command: Command, at: float) -> None:
        """Begin, change or end a cue; its first beat is to be heard at `at` s (host clock)."""
        self._send(Told(command, at, time.monotonic()))

    def say(self, phrase: Phrase) -> None:
        """Say something, over the beats of a cue if there is one."""
        self._send(phrase)

    def hush(self) -> None:
        """Say no more."""
        self._send(Hush())

    def set_level(self, level: int) -> None:
        """Take another level, 1 to 10, from the next beat on."""
        self._send(Level(level))

    def reports(self) -> list[Report]:
        """What happened since this was last asked; sees to a process that has died, too."""
        if not self._closed:
            self._see_to_process(time.monotonic())
        reports, self._reports = self._reports, []
        return reports

    def close(self) -> None:
        """Silence, and end the process. May be called twice."""
        if not self._closed:
            self._closed = True
            if self._start_at is None:
                self._end()

    def _see_to_process(self, now: float) -> None:
        if self._start_at is None:
            self._receive()
            if self._process.is_alive() and now <= self._alive_until:
                return
            self._tell(False, "the sound process has stopped; it is started again")
            self._end()
            lasted = now - self._started > LONGEST_PAUSE
            self._short_lives = 0 if lasted else self._short_lives + 1
            self._start_at = now + _pause(self._short_lives)
        if now >= self._start_at:
            self._start()

    def _start(self) -> None:
        # A forked process would inherit threads and the large heap of this one.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=child.run, args=(theirs, self._settings), name="gaitcue sound", daemon=True
        )
        with _sigint_blocked():
            self._process.start()
        theirs.close()
        self._lives, self.lost = False, 0
        self._start_at, self._started = None, time.monotonic()
        self._alive_until = self._started + STARTING

    def _end(self) -> None:
        self._pipe.close()
        if self._lives:  # else it holds nothing yet that it would have to let go of
            self._process.join(ENDING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def _send(self, order: Order | Phrase) -> None:
        with contextlib.suppress(OSError):  # a broken pipe is told when reports are asked for
            self._pipe.send(order)

    def _receive(self) -> None:
        try:
            while self._pipe.poll():
                self._note(self._pipe.recv())
        except (EOFError, OSError):
            self._alive_until = 0.0

    def _note(self, message: child.Message) -> None:
        match message:
            case Played(start, heard, told):
                now = time.monotonic()
                self._reports.append(
                    CuePlayed(
                        time=heard,
                        decided=max(now, heard),
                        start=start,
                        command=told,
                        output=self.name,
                    )
                )
            case Change(working, detail):
                self._tell(working, detail)
            case child.Alive(delay, lost):
                self.lost = lost
                self._lives = True
                self._alive_until = time.monotonic() + SIGN_OF_LIFE
                if delay is not None:
                    self._delay = delay

    def _tell(self, working: bool, detail: str) -> None:
        now = time.monotonic()
        self._reports.append(
            OutputChange(time=now, decided=now, output=self.name, working=working, detail=detail)
        )


def _pause(short_lives: int) -> float:
    """How long to wait before the next start, s, after so many processes that did not last."""
    return 0.0 if short_lives <= 1 else min(PAUSE * 2 ** (short_lives - 2), LONGEST_PAUSE)


@contextlib.contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Ctrl-C is for this process: one that is started here inherits that it is kept away."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # else starting it would unblock again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

"""Makes the sounds of a cue's tempo in a thread of its own: no command waits for that."""

import threading
from collections import deque

from gaitcue.cue.settings import FASTEST_TEMPO, SLOWEST_TEMPO
from gaitcue.cue.tables import SoundTables

REACH = 15
"""steps/min up to which tempi around the last one that was asked for are made while nothing
sounds: a tempo moves by up to a tenth of a cadence, which itself moves little within a walk."""


class Maker:
    """Makes what is asked for at once, and what may be asked for next while there is time.

    Parameters
    ----------
    tables
        Filled by this alone, from its thread.
    tempo
        steps/min for which the sounds are made already.
    """

    def __init__(self, tables: SoundTables, tempo: float) -> None:
        self._tables = tables
        self._asked: deque[float] = deque(maxlen=1)  # the last one; safe between threads
        self._expected = expected(tempo)
        self._idle = False
        self._wake = threading.Event()
        self._error = ""
        threading.Thread(target=self._make, name="sounds", daemon=True).start()

    def ask(self, tempo: float) -> None:
        """Make the sounds of that tempo, steps/min, before all others."""
        self._asked.append(tempo)
        self._wake.set()

    def see(self, *, idle: bool) -> None:
        """Take note of whether nothing sounds: others than those asked for are made only then."""
        if idle and not self._idle:
            self._wake.set()
        self._idle = idle

    def trouble(self) -> str:
        """Why sounds can no longer be made, once."""
        error, self._error = self._error, ""
        return error

    def _make(self) -> None:
        try:
            while True:
                self._wake.wait()
                self._wake.clear()
                while (tempo := self._next()) is not None:
                    self._tables.prepare(tempo)
        except Exception as error:  # whatever a sound of one's own raises; others still play
            self._error = str(error) or type(error).__name__

    def _next(self) -> float | None:
        if self._asked:
            asked = self._asked.pop()
            self._expected = expected(asked)
            return asked
        return self._expected.pop(0) if self._idle and self._expected else None


def expected(tempo: float) -> list[float]:
    """The tempi that may be asked for after this one, steps/min, the nearest first."""
    slowest = max(round(tempo) - REACH, round(SLOWEST_TEMPO))
    fastest = min(round(tempo) + REACH, round(FASTEST_TEMPO))
    near = range(slowest, fastest + 1)
    return sorted(map(float, near), key=lambda other: abs(other - tempo))

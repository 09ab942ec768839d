"""One open stream to a sound device."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from gaitcue.cue.sounds import SOUND_RATE, Waveform
from gaitcue.cue.speaker.devices import library

LONGEST_LEAD = 3.0
"""s; a device that says more of when a block is heard does not know, and its latency is taken."""

SILENT_AFTER = 0.5
"""s without a callback after which the device is taken to have stopped, though it does not say so,
as when the computer suspends it; at 0.2 s of latency callbacks come every 0.1 s."""

SETTLING = 3.0
"""s after opening in which a device may take so long between callbacks: PulseAudio's virtual sink
was seen to wait 1.4 to 1.9 s after its first."""

PROVEN = 2.0
"""s after opening from which a callback shows that sound flows: a suspended device that is opened
asks for a few blocks at once, and then for no more."""

Fill = Callable[[Waveform, float], None]
"""Renders a block (n,), which is heard at s (host clock)."""


class Stream:
    """Plays what `fill` renders until it is closed.

    Raises
    ------
    Exception
        Whatever the sound library raises when the device cannot be opened.
    """

    def __init__(self, device: int | None, latency: float, fill: Fill) -> None:
        self._fill = fill
        self._opened = self._last = time.monotonic()
        self.error: BaseException | None = None
        self.finished = False
        self.underflows = 0
        self.lead = latency
        self._latency = latency
        self._stream = library().OutputStream(
            samplerate=SOUND_RATE, channels=1, dtype="float32", device=device, latency=latency,
            callback=self._callback, finished_callback=self._finish,
        )  # fmt: skip
        try:
            self._latency = float(self._stream.latency)
            self._stream.start()
        except BaseException:
            self._stream.close(ignore_errors=True)
            raise

    @property
    def silent(self) -> bool:
        """Whether the device has stopped asking for sound."""
        now = time.monotonic()
        allowed = SETTLING if now - self._opened < SETTLING else SILENT_AFTER
        return self.finished or now - self._last > allowed

    @property
    def proven(self) -> bool:
        """Whether the device has asked for sound for so long that it is known to play."""
        return self._last - self._opened > PROVEN

    def close(self) -> None:
        """Stop at once."""
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

    def _callback(self, out: np.ndarray[Any, Any], _: int, times: Any, status: Any) -> None:
        try:
            now = time.monotonic()
            lead = times.outputBufferDacTime - times.currentTime
            if not 0 <= lead <= LONGEST_LEAD:
                lead = self._latency
            self._fill(out[:, 0], now + lead)
            self.lead, self._last = lead, now
            if status.output_underflow:
                self.underflows += 1
        except BaseException as error:
            # Printed by the sound library otherwise, and lost.
            self.error = error
            out.fill(0)
            raise library().CallbackAbort from error

    def _finish(self) -> None:
        self.finished = True

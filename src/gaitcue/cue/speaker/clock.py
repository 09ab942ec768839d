"""When a sample is heard: the count of samples, mended by what the sound device says.

A sound device says of each block when it will be heard, with a jitter of milliseconds. Samples are
evenly spaced, so their count is the better measure, except that the device's clock runs at its
own rate, and that samples stop flowing when the device does. So the count is followed by a slow
loop, and a lasting departure is taken for a jump.
"""

from gaitcue.cue.sounds import SOUND_RATE

LOOP_TIME = 5.0
"""s in which a departure falls by a factor of e: slow against the jitter of blocks (0.006 to 9 ms,
measured on PulseAudio and PipeWire), fast against the drift of sound clocks (under 100 ppm). It is
half the age of the stream as long as that is less, so that what a device says wrongly while it
starts is soon forgotten and moves no beats."""

JUMP, JUMP_BLOCKS = 0.030, 3
"""s of departure, in this many blocks running, that are a jump: three times the worst jitter."""


class DeviceClock:
    """Follows a device that plays in real time."""

    def __init__(self) -> None:
        self._position = 0
        self._origin: float | None = None  # when sample 0 was heard, by what is known now
        self._steady = 0  # samples since the start or the last jump
        self._departed = 0
        self.jumps = 0

    def block(self, samples: int, said: float) -> float:
        """When the next block's first sample is heard, s; the device said `said`."""
        origin = said - self._position / SOUND_RATE
        if self._origin is None:
            self._origin = origin
        departure = origin - self._origin
        if abs(departure) <= JUMP:
            self._departed = 0
            loop = min(self._steady / 2, LOOP_TIME * SOUND_RATE)
            self._origin += departure * samples / max(loop, samples)
        else:
            self._departed += 1
            if self._departed == JUMP_BLOCKS:
                self._origin, self._departed, self._steady = origin, 0, 0
                self.jumps += 1
        time = self._origin + self._position / SOUND_RATE
        self._position += samples
        self._steady += samples
        return time

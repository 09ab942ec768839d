"""The motion sensor: MPU-6050 or MPU-6886, read through its own buffer (FIFO).

Registers by InvenSense's register maps RM-MPU-6000A-00 and MPU-6886 (TDK), which agree in all that
is used here but the bits that put gyroscope and temperature into the buffer.
"""

from time import ticks_diff, ticks_us

from micropython import const

_RATE_DIVIDER = const(0x19)
_FILTER = const(0x1A)
_GYR_RANGE = const(0x1B)
_ACC_RANGE = const(0x1C)
_ACC_FILTER = const(0x1D)
"""Of the MPU-6886 only."""
_BUFFERED = const(0x23)
_ACC = const(0x3B)
_CONTROL = const(0x6A)
_POWER = const(0x6B)
_COUNT = const(0x72)
_BUFFER = const(0x74)
_WHO_AM_I = const(0x75)

KINDS = {0x68: ("MPU-6050", 0x78, 12), 0x19: ("MPU-6886", 0x18, 14)}
"""Name, what is buffered, and bytes of a frame: the MPU-6886 puts its temperature between."""

MOST_FRAMES = const(19)
"""Read at once."""
_CAPACITY = const(1008)
"""Bytes that the buffer holds: 1024 in the MPU-6050."""

ACC_UNIT = 1 / 2048
"""g per count at ±16 g: walking with the sensor at the ankle exceeds 8 g."""
GYR_UNIT = 2000 / 32768
"""deg/s per count at ±2000 deg/s."""
_ONE_G = const(2048)

_CHECKED = const(25)
"""Frames at the start that are counted: one more or less, and an oscillator off by 3 percent, is
less than the 10 percent that are allowed; 12 bytes a frame in place of 14 are more."""
_BASE_RATE = const(1000)
"""Hz of the sensor with its filter on, of which a whole part is taken."""
_SLOWEST = const(20)
_FASTEST = const(5)
"""ms from frame to frame: 50 and 200 Hz."""


class MotionUnit:
    """The sensor at `address` of `i2c`.

    Raises OSError whenever it does not answer, and ValueError when another chip does.
    """

    def __init__(self, i2c, address: int):
        self._i2c = i2c
        self._address = address
        self._small = bytearray(6)
        self._one = memoryview(self._small)[:1]
        self._two = memoryview(self._small)[:2]
        name = self._read(_WHO_AM_I, self._one)[0]
        if name not in KINDS:
            raise ValueError("an unknown motion sensor says that it is %#x" % name)
        self.name, self._buffered, self.frame_bytes = KINDS[name]
        self.gyr_at = self.frame_bytes - 6
        """Where angular rate begins in a frame."""
        self.limit = _CAPACITY - self.frame_bytes
        """Bytes in the buffer above which it may have run over."""
        self.buffer = bytearray(MOST_FRAMES * self.frame_bytes)
        whole = memoryview(self.buffer)
        self._parts = [whole[: n * self.frame_bytes] for n in range(MOST_FRAMES + 1)]
        self.sleep()

    def begin(self, rate: int, pause) -> int:
        """Measure about `rate` times a second with an empty buffer; gives ms from frame to frame.

        `pause` lets some ms pass. Raises ValueError when the buffer does not fill at that rate with
        frames of the length that is expected: what would be read out of it then means nothing.
        """
        period = min(max((_BASE_RATE + rate // 2) // rate, _FASTEST), _SLOWEST)
        self._write(_POWER, 0x01)  # awake, by the gyroscope's clock
        self._write(_FILTER, 3 if period <= 10 else 4)  # 44 or 21 Hz
        self._write(_ACC_FILTER, 3 if period <= 10 else 4)
        self._write(_RATE_DIVIDER, period - 1)
        self._write(_GYR_RANGE, 0x18)
        self._write(_ACC_RANGE, 0x18)
        pause(50)  # the gyroscope needs 35 ms to start
        self._write(_BUFFERED, self._buffered)
        self.empty()
        since = ticks_us()
        pause(_CHECKED * period)
        there = self.bytes_there()
        due = ticks_diff(ticks_us(), since) // period * self.frame_bytes // 1000
        if abs(there - due) * 10 > due:
            raise ValueError("the buffer holds %d bytes in place of about %d" % (there, due))
        self.empty()
        return period

    def empty(self) -> None:
        """Empty the buffer."""
        self._write(_CONTROL, 0x04)
        self._write(_CONTROL, 0x40)

    def sleep(self) -> None:
        """Save power."""
        self._write(_POWER, 0x40)

    def bytes_there(self) -> int:
        """In the buffer."""
        count = self._read(_COUNT, self._two)
        return count[0] << 8 | count[1]

    def read(self, frames: int) -> None:
        """Take `frames` out of the sensor's buffer into `buffer`."""
        self._i2c.readfrom_mem_into(self._address, _BUFFER, self._parts[frames])

    def plausible(self) -> bool:
        """Whether it measures between 0.2 and 4 g, as at rest and in most moments of a step."""
        acc = self._read(_ACC, self._small)
        square = 0
        for at in (0, 2, 4):
            count = acc[at] << 8 | acc[at + 1]
            square += (count - 0x10000 if count & 0x8000 else count) ** 2
        return (_ONE_G // 5) ** 2 <= square <= (4 * _ONE_G) ** 2

    def _read(self, register: int, into):
        self._i2c.readfrom_mem_into(self._address, register, into)
        return into

    def _write(self, register: int, value: int) -> None:
        self._one[0] = value
        self._i2c.writeto_mem(self._address, register, self._one)

"""A sensor of bytes for the tests: what it measured tells when, and how it is sent can be bad."""

import struct
from dataclasses import dataclass, replace

import numpy as np

from gaitcue.bluetooth.device import Battery, DecodeError, Frame, Notice, Timing
from gaitcue.bluetooth.stream import Assembler
from gaitcue.events import DataProblem
from gaitcue.imu import Placement, Samples

ACC = "00000001-0000-1000-8000-00805f9b34fb"
GYR = "00000002-0000-1000-8000-00805f9b34fb"
BOTH = "00000003-0000-1000-8000-00805f9b34fb"

STAMPED = Timing(rate=100.0, tick=1e-3, tick_modulus=1 << 16)
COUNTED = Timing(rate=100.0, index_modulus=1 << 16)
FULL = Timing(rate=100.0, tick=1e-6, tick_modulus=1 << 32, index_modulus=1 << 16)
BLIND = Timing(rate=100.0)
EVERY_TIMING = {"stamped": STAMPED, "counted": COUNTED, "full": FULL, "blind": BLIND}


@dataclass(frozen=True)
class Sent:
    """A notification of samples `first` to `first + rows`, each measured at its number."""

    first: int
    rows: int
    arrival: float
    characteristic: str
    value: bytes


def decoder(timing):
    """Of the tests' bytes: index, ticks, count of rows, first row's number."""

    def decode(characteristic, value):
        if value == b"low":
            return [Battery(percent=5)]
        if value == b"press":
            return [Notice(text="pressed")]
        if len(value) != 20:
            raise DecodeError(f"expected 20 bytes, got {len(value)}")
        index, ticks, rows, first = struct.unpack("<qIIi", value)
        numbers = np.repeat(np.arange(first, first + rows, dtype=float)[:, None], 3, axis=1)
        return [
            Frame(
                acc=None if characteristic == GYR else numbers,
                gyr=None if characteristic == ACC else numbers,
                index=index if timing.index_modulus else None,
                ticks=ticks if timing.tick else None,
            )
        ]

    return decode


def send(
    timing,
    seconds,
    *,
    rows=5,
    true_rate=None,
    start=0,
    at=0.0,
    clock=1234.5,
    skew=0.0,
    delay=0.02,
    jitter=0.0,
    seed=0,
    parts=(BOTH,),
    index=0,
):
    """Notifications of `rows` samples, the first taken at `at` s and numbered `start`.

    `clock` s is the device's at that moment, and runs fast by `skew`. A delivery comes up to
    `jitter` s later than `delay` s, but none overtakes another.
    """
    rate = true_rate or timing.rate
    random = np.random.default_rng(seed)
    sent, newest = [], -np.inf
    for first in range(0, int(seconds * rate), rows):
        taken = at + (first + rows - 1) / rate
        newest = max(newest, taken + delay + jitter * random.random() ** 2)
        ticks = 0
        if timing.tick:
            ticks = int((clock + first / rate * (1 + skew)) / timing.tick) % timing.tick_modulus
        count = (index + first) % timing.index_modulus if timing.index_modulus else 0
        value = struct.pack("<qIIi", count, ticks, rows, start + first)
        sent += [Sent(start + first, rows, newest, part, value) for part in parts]
    return sent


def stalled(sent, begin, length):
    """The same, but what would have arrived from `begin` s on comes in a burst after `length` s."""
    end = begin + length
    return [
        replace(one, arrival=end + 1e-4 * number) if begin <= one.arrival < end else one
        for number, one in enumerate(sent)
    ]


def assembler(timing, gyroscope=True):
    return Assembler(rate=timing.rate, gyroscope=gyroscope, placement=Placement.LOWER_BACK)


def run(timing, *connections, gyroscope=True):
    """All that comes out of the notifications of one or several connections."""
    stream = assembler(timing, gyroscope)
    items = []
    for sent in connections:
        items += stream.connected(timing, decoder(timing))
        for one in sent:
            items += stream.value(one.arrival, one.characteristic, one.value)
    return items + stream.disconnected()


def samples(items):
    """Times (n,) and numbers (n,) of all rows, NaN where lost, after checking the blocks."""
    blocks = [item for item in items if isinstance(item, Samples)]
    for block in blocks:
        steps = np.diff(block.time)
        assert np.allclose(steps, steps.mean() if len(steps) else 0, atol=1e-9)
        if block.gyr is not None:
            assert np.array_equal(block.acc[~block.missing], block.gyr[~block.missing])
    time = np.concatenate([block.time for block in blocks])
    assert (np.diff(time) > 0).all()
    return time, np.concatenate([np.where(b.missing, np.nan, b.acc[:, 0]) for b in blocks])


def problems(items):
    """Count of each kind of problem."""
    found = {}
    for item in items:
        if isinstance(item, DataProblem):
            found[item.kind] = found.get(item.kind, 0) + item.count
    return found

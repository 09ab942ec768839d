"""Samples on their way from the motion unit's registers to the host, in the device's program."""

import struct
from dataclasses import dataclass

import numpy as np
import pytest
from simulated_board import (
    Output,
    SimulatedBoard,
    is_on_linux,
    needs_micropython_on_linux,
    needs_node,
    sent,
)

from gaitcue.bluetooth.devices.gaitcue_sensor import (
    CONTROL,
    FEATURE,
    MOTION,
    STATUS,
    GaitcueSensor,
)
from gaitcue.bluetooth.stream import Assembler
from gaitcue.events import DataProblem
from gaitcue.imu import STANDARD_GRAVITY, Samples

pytestmark = needs_node

PERIOD = 0.010
"""s at 100 Hz."""
OVERRAN, THROWN = 0x10, 0x20
PROGRAM_FAILED = 0x10
HEAP = 48
"""KiB that the program has on Linux; on node it grows, and is never cleaned up while it runs."""


def pattern(number: np.ndarray) -> np.ndarray:
    """What the simulated motion unit measures, which tells its number; as in rig/world.mjs."""
    n = number
    return np.column_stack(
        [
            n % 89 - 44,
            n % 97 - 48,
            2048 + n % 83 - 41,
            n % 8000 - 4000,
            n % 7001,
            -(n % 30011),
        ]
    )


@dataclass
class Heard:
    """Motion data put together; the numbers of measurements that were lost are left out."""

    number: np.ndarray
    """Of each frame since START."""
    counts: np.ndarray
    stamp: np.ndarray
    """Of the first frame of each notification, s, unwrapped."""
    first: np.ndarray
    """Its number."""
    arrival: np.ndarray
    """s."""
    flags: np.ndarray
    rows: int


def start(board: SimulatedBoard, *, mtu: int = 247, layout: int = 2, rows: int = 5):
    """Connect and start; gives the outputs, and number, time, and period of what has index 0."""
    board.command("connect", mtu)
    board.run(0.06)
    outputs = board.write(CONTROL, struct.pack("<BHBB", 1, 1000, layout, rows)) + board.run(0.4)
    return outputs, *zero(outputs)


def zero(outputs: list[Output]) -> tuple[int, float, float]:
    *_, (number, epoch, period) = (each.rest for each in outputs if each.what == "emptied")
    return number, (epoch + number * period) / 1e6, period / 1e6


def status(board: SimulatedBoard) -> dict[str, int]:
    names = ("state", "cue", "event", "events", "battery", "faults", "us", "lost", "thrown")
    return dict(zip(names, struct.unpack_from("<BBBBBBIHH", board.read(STATUS)), strict=True))


def heard(outputs: list[Output], axes: int = 6) -> Heard:
    values = sent(outputs, MOTION)
    rows = values[0][1][1]
    assert {len(value) for _, value in values} == {8 + 2 * axes * rows}
    packets = np.frombuffer(
        b"".join(value for _, value in values),
        np.dtype(
            [
                ("kind", "u1"),
                ("rows", "u1"),
                ("index", "<u2"),
                ("us", "<u4"),
                ("counts", "<i2", (rows, axes)),
            ]
        ),
    )
    first = np.cumsum(np.diff(packets["index"].astype(np.int64), prepend=0) % 65536)
    us = packets["us"].astype(np.int64)
    stamp = us[0] + np.concatenate([[0], np.cumsum(np.diff(us) % 2**32)])
    return Heard(
        number=(first[:, None] + np.arange(rows)).ravel(),
        counts=packets["counts"].reshape(-1, axes),
        stamp=stamp / 1e6,
        first=first,
        arrival=np.array([time for time, _ in values]),
        flags=packets["kind"] & 0xF0,
        rows=rows,
    )


def memory(board: SimulatedBoard) -> int:
    """Bytes of its heap that are taken."""
    ((taken, _),) = (e.rest for e in board.command("wish", "memory") if e.what == "memory")
    return taken


def test_half_an_hour_across_every_wrap(capsys) -> None:
    """Every index, count and stamp of 30 min at 100 Hz, with an oscillator 3 % too fast.

    No memory is taken all the while; with MicroPython for Linux there are 48 KB of it.
    """
    seconds = 1800
    where = {"on_linux": True, "heap": HEAP} if is_on_linux() else {}
    with SimulatedBoard(unit="MPU-6886", skew=0.03, **where) as board:
        board.leap(2**32 / 1e6 - seconds / 2)  # the device's clock wraps half-way
        outputs, began, epoch, period = start(board)
        board.command("wish", "lock")
        outputs += board.run(seconds)
        after = status(board)
        assert after["lost"] == after["thrown"] == after["faults"] == 0
        used = memory(board)
    all_of = heard(outputs)
    expected = int(seconds * 103)
    assert expected - 5 <= len(all_of.number) <= expected + 10
    assert (all_of.number == np.arange(len(all_of.number))).all()
    np.testing.assert_array_equal(all_of.counts, pattern(began + all_of.number))
    assert not all_of.flags.any()
    # Stamps are the device's clock, which began with the world.
    offset = all_of.stamp - (epoch + all_of.first * period)
    assert (np.abs(offset) < PERIOD).all()
    settled = all_of.first > 60 * 100
    uneven = np.abs(np.diff(offset[settled]))
    delay = all_of.arrival - (epoch + (all_of.first + all_of.rows - 1) * period)
    assert (delay > 0).all()
    with capsys.disabled():
        print(
            f"\n30 min: {len(all_of.number)} samples, none lost; after a minute stamps are off by"
            f" {1e3 * offset[settled].min():.2f} to {1e3 * offset[settled].max():.2f} ms, from one"
            f" notification to the next by {1e6 * uneven.max():.0f} µs at most; from a"
            f" notification's last sample to the radio {1e3 * delay[settled].mean():.1f} ms, at"
            f" most {1e3 * delay[settled].max():.1f}; {used} bytes of memory used"
        )
    assert np.abs(offset[settled]).max() < 0.001
    assert uneven.max() < 0.0001
    assert delay[settled].max() < 0.010


@pytest.mark.parametrize(
    ("mtu", "layout", "rows"),
    [(23, 1, 2), (23, 2, 1), (53, 2, 3), (131, 1, 19), (131, 2, 10), (247, 2, 19)],
)
def test_notifications_are_as_long_as_the_mtu_allows(mtu: int, layout: int, rows: int) -> None:
    axes = 3 * layout
    with SimulatedBoard() as board:
        outputs, began, *_ = start(board, mtu=mtu, layout=layout, rows=99)
        outputs += board.run(5.0)
    found = heard(outputs, axes)
    assert found.rows == rows
    assert 8 + 2 * axes * rows <= mtu - 3
    assert (found.number == np.arange(len(found.number))).all()
    assert len(found.number) == pytest.approx(510, abs=20)
    np.testing.assert_array_equal(found.counts, pattern(began + found.number)[:, :axes])


@pytest.mark.parametrize("unit", ["MPU-6050", "MPU-6886"])
def test_what_the_radio_has_no_room_for_waits_or_is_counted(unit: str) -> None:
    with SimulatedBoard(unit=unit) as board:
        outputs, began, *_ = start(board)
        outputs += board.run(3.0)
        board.command("full", 20)  # 0.2 s of trying again
        outputs += board.run(3.0)
        assert status(board)["thrown"] == 0
        short = heard(outputs)
        assert (short.number == np.arange(len(short.number))).all()
        board.command("full", 120)  # 1.2 s
        outputs += board.run(3.0)
        thrown = status(board)["thrown"]
        board.command("full", 100)
        outputs += board.run(3.0)
        twice = status(board)["thrown"]
        assert status(board)["lost"] == 0
    found = heard(outputs)
    np.testing.assert_array_equal(found.counts, pattern(began + found.number))
    missing = np.diff(found.number) - 1
    assert missing.max() > 0
    assert missing.sum() == twice > thrown > 0
    flagged = np.flatnonzero(found.flags & THROWN)
    gaps = np.flatnonzero(np.diff(found.first) > found.rows) + 1
    assert (flagged == gaps).all()
    assert not (found.flags & OVERRAN).any()


@pytest.mark.parametrize("unit", ["MPU-6050", "MPU-6886"])
@pytest.mark.parametrize("skew", [-0.03, 0.03])
def test_frames_lost_in_the_sensor_s_buffer_are_reckoned_exactly(unit: str, skew: float) -> None:
    with SimulatedBoard(unit=unit, skew=skew) as board:
        outputs, began, *_ = start(board)
        outputs += board.run(15.0)
        for stall in (1.0, 1.7, 1.234, 0.91):
            outputs += board.command("stall", stall) + board.run(2.0)
        lost = status(board)["lost"]
    found = heard(outputs)
    np.testing.assert_array_equal(found.counts, pattern(began + found.number))
    missing = np.diff(found.number) - 1
    assert missing.sum() == lost
    assert np.count_nonzero(missing) == np.count_nonzero(found.flags & OVERRAN) == 4


def test_a_sensor_that_is_silent_for_a_moment_loses_nothing() -> None:
    with SimulatedBoard() as board:
        outputs, began, *_ = start(board)
        outputs += board.run(1.0)
        for _ in range(5):
            board.command("silent", 3)
            outputs += board.run(1.0)
        assert status(board)["faults"] == 0
    found = heard(outputs)
    assert (found.number == np.arange(len(found.number))).all()
    np.testing.assert_array_equal(found.counts, pattern(began + found.number))


def test_every_connection_begins_anew() -> None:
    with SimulatedBoard() as board:
        for mtu in (247, 23, 53, 247):
            outputs, began, *_ = start(board, mtu=mtu)
            outputs += board.run(2.0)
            found = heard(outputs)
            assert (found.number == np.arange(len(found.number))).all()
            np.testing.assert_array_equal(found.counts, pattern(began + found.number))
            gone = board.command("disconnect") + board.run(1.0)
            assert not sent(gone, MOTION)
            assert any(each.what == "advertise" for each in gone)


def test_starting_again_within_a_connection_begins_anew() -> None:
    with SimulatedBoard() as board:
        start(board)
        board.run(1.0)
        outputs = board.write(CONTROL, struct.pack("<BHBB", 1, 500, 1, 4)) + board.run(2.0)
        stopped = board.write(CONTROL, b"\x02") + board.run(0.1)
        assert not sent(stopped + board.run(1.0), MOTION)[3:]
    ((_, answer),) = sent(outputs, CONTROL)
    assert answer[3:7] == struct.pack("<HBB", 500, 1, 4)
    *_, begun = (each for each in outputs if each.what == "emptied")
    after = outputs.index(begun)
    found = heard(outputs[after:], 3)
    assert (found.number == np.arange(len(found.number))).all()
    assert np.diff(found.stamp).mean() == pytest.approx(4 / 50, abs=1e-3)


@pytest.mark.parametrize(
    "where",
    [{}, pytest.param({"on_linux": True, "heap": HEAP}, marks=needs_micropython_on_linux)],
    ids=["on node", "on Linux"],
)
def test_sampling_takes_no_memory_whatever_happens(where: dict) -> None:
    """With the heap locked, so that whoever takes of it fails."""
    with SimulatedBoard(unit="MPU-6886", **where) as board:
        start(board)
        used = memory(board)
        board.command("wish", "lock")
        board.run(30.0)
        board.command("full", 120)  # the radio has no room: frames wait, and are thrown away
        board.run(3.0)
        board.command("stall", 1.2)  # the sensor's buffer runs over
        board.run(2.0)
        board.command("silent", 3)  # the sensor does not answer
        board.run(1.0)
        after = status(board)
        assert after["thrown"] > 0
        assert after["lost"] > 0
        assert after["faults"] == 0
        assert memory(board) == used
        board.write(CONTROL, b"\x03\x00\x00\x00\x00")  # an answer takes memory, and so fails
        board.run(0.1)
        assert status(board)["faults"] == PROGRAM_FAILED


def test_the_host_makes_uniform_samples_of_it() -> None:
    """Through the real decoder and clock map, with a gap on the air and one on the device."""
    device = GaitcueSensor()
    stream = Assembler(rate=100.0, gyroscope=True, placement=None)
    with SimulatedBoard(unit="MPU-6886", skew=-0.02) as board:
        feature = board.read(FEATURE)
        outputs, began, epoch, period = start(board)
        outputs += board.run(20.0) + board.command("stall", 1.2) + board.run(20.0)
    items = stream.connected(device.timing, device.decoder())
    items += stream.value(0.0, FEATURE, feature)
    values = sent(outputs, MOTION)
    for place, (time, value) in enumerate(values):
        if place not in (100, 101, 300):
            items += stream.value(time + 0.005, MOTION, value)
    items += stream.disconnected()
    blocks = [each for each in items if isinstance(each, Samples)]
    acc = np.concatenate([block.acc for block in blocks])
    time = np.concatenate([block.time for block in blocks])
    expected = pattern(began + np.arange(len(acc)))[:, :3] * STANDARD_GRAVITY / 2048
    there = ~np.isnan(acc[:, 0])
    np.testing.assert_allclose(acc[there], expected[there])
    found = heard([each for each in outputs if each.what == "notify"])
    lost = (np.diff(found.number) - 1).sum()
    assert np.count_nonzero(~there) == lost + 3 * 5
    true = epoch + np.arange(len(acc)) * period
    late = (time - true)[len(time) // 2 :]
    assert np.ptp(late) < 0.002
    assert 0 < late.mean() < 0.012
    assert any(isinstance(each, DataProblem) or hasattr(each, "text") for each in items)

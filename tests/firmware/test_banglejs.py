"""The watch app against gaitcue's own decoder: what it measures comes through."""

import asyncio
import json
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest
from node_watch import DELAY, FOLDER, MISSING, NODE, NodeWatch, start

from gaitcue.bluetooth.device import Battery, ClockAnswer, Frame, Notice, SensorRefusedError
from gaitcue.bluetooth.devices import gaitcue_sensor as protocol
from gaitcue.bluetooth.latency import Latency
from gaitcue.bluetooth.stream import Assembler
from gaitcue.events import DataProblem
from gaitcue.imu import STANDARD_GRAVITY, Placement, Samples

pytestmark = pytest.mark.skipif(NODE is None, reason=MISSING)

WRAP = 2**32 / 1e6
"""s after which the watch's 32-bit clock of µs wraps around."""


def measured(numbers: np.ndarray) -> np.ndarray:
    """What the played accelerometer measures, m/s²: (n, 3) for the numbers (n,) of its frames."""
    counts = np.stack([numbers % 1000, -(numbers % 777), numbers % 50000 - 25000], axis=1)
    return counts * (STANDARD_GRAVITY / 4096)


def decoded(watch: NodeWatch) -> list:
    decode = protocol.GaitcueSensor().decoder()
    return [message for _, uuid, value in watch.arrived for message in decode(uuid, value)]


def assembled(watch: NodeWatch, device: protocol.GaitcueSensor) -> list:
    assembler = Assembler(rate=100.0, gyroscope=False, placement=Placement.SHANK)
    items = list(assembler.connected(device.timing, device.decoder()))
    for arrival, uuid, value in watch.arrived:
        items += assembler.value(arrival, uuid, value)
    return items + assembler.disconnected()


def samples(items: list) -> tuple[np.ndarray, np.ndarray]:
    """Times (n,) s and acceleration (n, 3) m/s²."""
    blocks = [item for item in items if isinstance(item, Samples)]
    return np.concatenate([b.time for b in blocks]), np.concatenate([b.acc for b in blocks])


def test_its_own_checks_pass() -> None:
    if not (FOLDER / "node_modules" / "acorn").is_dir():
        pytest.skip("acorn is not installed: npm ci --prefix firmware/banglejs")
    files = sorted((FOLDER / "tests").glob("*.test.js"))
    assert len(files) == 4
    done = subprocess.run([NODE, "--test", *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:]


def test_every_value_comes_through_across_the_wraps_of_index_and_clock() -> None:
    # The clock wraps 5 min from the start, the index after 10.9 min.
    with NodeWatch(time=400 * WRAP - 300, skew=0.03) as watch:
        device = start(watch)
        first = watch.time
        watch.do("advance", 11.5 * 60e3)
        items = assembled(watch, device)
    time, acc = samples(items)
    assert len(acc) > 2**16 + 4000
    # The first frames were looked at to see whether the accelerometer works.
    skipped = round(acc[0, 0] / STANDARD_GRAVITY * 4096)
    assert 5 <= skipped <= 12
    np.testing.assert_array_equal(acc, measured(skipped + np.arange(len(acc))))
    assert [item for item in items if isinstance(item, DataProblem | Notice)] == []
    # The sensor is 3 % fast; its frames are late by the way, and all alike.
    true = time[0] + np.arange(len(time)) * 0.01 / 1.03
    error = time - true
    assert np.ptp(error[500:]) < 0.012
    assert abs(true[0] - first) < 0.15


def stamp_errors(watch: NodeWatch) -> np.ndarray:
    """Of each notification's stamp against when its first frame was measured, s.

    The watch's clock is told by SYNC at the end.
    """
    device = protocol.GaitcueSensor()
    question = device.clock_question(7)
    assert question is not None
    asked = watch.time + DELAY
    asyncio.run(watch.write(question.write_to, question.value))
    messages = decoded(watch)
    (answer,) = (item for item in messages if isinstance(item, ClockAnswer))
    frames = [item for item in messages if isinstance(item, Frame)]
    numbers = [round(frame.acc[0, 2] / STANDARD_GRAVITY * 4096) + 25000 for frame in frames]
    measured_at = np.array(watch.do("measured", numbers))
    ticks = np.array([frame.ticks for frame in frames])
    ago = ((answer.received - ticks + 2**31) % 2**32 - 2**31) / 1e6
    return asked - ago - measured_at


@pytest.mark.parametrize("skew", [-0.03, 0.0, 0.013])
def test_the_stamps_are_those_of_the_measurement(skew: float) -> None:
    with NodeWatch(skew=skew) as watch:
        start(watch)
        watch.do("advance", 20e3)
        errors = stamp_errors(watch)
    assert np.abs(errors).max() < 0.008
    assert np.abs(errors[100:]).max() < 0.0025
    assert errors[200:].std() < 0.0005


def test_the_stamps_follow_a_sensor_that_warms_up() -> None:
    with NodeWatch() as watch:
        start(watch)
        watch.do("advance", 100e3)
        watch.do("skew", 0.003)
        watch.do("advance", 60e3)
        errors = stamp_errors(watch)
    assert np.abs(errors[-400:]).max() < 0.003


def test_the_stamps_are_right_after_the_clock_was_set() -> None:
    with NodeWatch() as watch:
        start(watch)
        watch.do("advance", 10e3)
        watch.do("setClock", 100)
        count = len(watch.arrived)
        watch.do("advance", 10e3)
        watch.arrived = [watch.arrived[0], *watch.arrived[count + 1 :]]
        errors = stamp_errors(watch)
    assert np.abs(errors).max() < 0.008


def test_what_the_radio_loses_in_silence_is_missing_exactly() -> None:
    with NodeWatch() as watch:
        device = start(watch)
        watch.do("drop", [[300, 305], [800, 870], [1500, 1501]])
        watch.do("advance", 30e3)
        items = assembled(watch, device)
        held = [
            frame.index + row
            for frame in decoded(watch)
            if isinstance(frame, Frame)
            for row in range(len(frame.acc))
        ]
    _, acc = samples(items)
    missing = np.isnan(acc[:, 0])
    assert set(np.flatnonzero(~missing)) == set(held)
    assert 70 <= missing.sum() < 95
    assert missing.sum() % 5 == 0  # whole notifications
    first = round(acc[0, 0] / STANDARD_GRAVITY * 4096)
    numbers = first + np.arange(len(acc))
    np.testing.assert_array_equal(acc[~missing], measured(numbers)[~missing])


def test_what_its_own_buffer_loses_is_missing_too_and_told() -> None:
    with NodeWatch() as watch:
        device = start(watch)
        watch.do("advance", 10e3)
        before = watch.do("taken")
        watch.do("stall", 900)  # such as a long write to the flash memory; the buffer holds 410 ms
        watch.do("advance", 10e3)
        items = assembled(watch, device)
        status = bytes.fromhex(watch.do("read", protocol.STATUS))
    time, acc = samples(items)
    missing = np.isnan(acc[:, 0])
    numbers = acc[:, 2] / STANDARD_GRAVITY * 4096 + 25000
    # Reckoned by the clock, it may be off by a frame.
    assert abs(missing.sum() - (900 / 10 - 41)) <= 3
    assert int.from_bytes(status[10:12], "little") == missing.sum()
    assert before - 5 <= numbers[missing.argmax() - 1] <= before + 5
    told = [item.text for item in items if isinstance(item, Notice)]
    assert told == ["the sensor's own buffer ran over and samples were lost in it"]
    # What comes after it is at its time still.
    behind = ~missing
    line = np.polyfit(numbers[behind], time[behind], 1)
    assert np.abs(time[behind] - np.polyval(line, numbers[behind])).max() < 0.02


@pytest.mark.parametrize(("mtu", "rows"), [(23, 2), (53, 5), (131, 5), (247, 5)])
def test_notifications_fit_what_the_host_has_agreed_on(mtu: int, rows: int) -> None:
    with NodeWatch() as watch:
        watch.speak_mtu(mtu)
        start(watch)
        watch.do("advance", 3e3)
        frames = [item for item in decoded(watch) if isinstance(item, Frame)]
    assert {len(frame.acc) for frame in frames} == {rows}
    assert len(frames) > 280 / rows


def test_the_clock_is_told_while_it_streams_and_gives_the_latency() -> None:
    with NodeWatch() as watch:
        device = start(watch)
        assembler = Assembler(rate=100.0, gyroscope=False, placement=Placement.SHANK)
        assembler.connected(device.timing, device.decoder())
        watch.do("advance", 500)
        for token in range(8):
            question = device.clock_question(token)
            assert question is not None
            assembler.asked(watch.time, token)
            asyncio.run(watch.write(question.write_to, question.value))
        watch.do("advance", 3e3)
        answers = [item for item in decoded(watch) if isinstance(item, ClockAnswer)]
        found = [
            item
            for arrival, uuid, value in watch.arrived
            for item in assembler.value(arrival, uuid, value)
            if isinstance(item, Latency)
        ]
    assert [answer.token for answer in answers] == list(range(8))
    # Of the newest frame of a notification: on average half a look of 25 ms and the way.
    assert found
    assert abs(found[0].delay - DELAY) < found[0].error + 0.03


def test_it_vibrates_when_asked_to() -> None:
    with NodeWatch() as watch:
        device = start(watch)
        assert asyncio.run(device.buzz(watch, duration=0.1))
        ((_, level, length),) = watch.pulses
    assert (level, length) == (protocol.PULSE_LEVEL, 100)


def test_a_watch_whose_vibration_is_off_is_known_to_have_none() -> None:
    with NodeWatch(settings={"vibrate": False}) as watch:
        device = start(watch)
        assert not asyncio.run(device.buzz(watch, duration=0.1))


def test_stop_on_its_screen_is_told_in_words() -> None:
    with NodeWatch() as watch:
        start(watch)
        watch.do("touch", 88, 130)
        watch.do("advance", 2e3)
        messages = decoded(watch)
    assert [m for m in messages if isinstance(m, Battery)] == [Battery(percent=60)]
    (notice,) = (m for m in messages if isinstance(m, Notice))
    assert "muted" in notice.text


def test_an_accelerometer_with_a_fault_is_told_in_words() -> None:
    with NodeWatch(id=0) as watch:
        with pytest.raises(SensorRefusedError, match="failed"):
            start(watch)
        texts = [m.text for m in decoded(watch) if isinstance(m, Notice)]
    assert any("does not answer" in text for text in texts)


def test_it_is_one_version_with_gaitcue() -> None:
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    metadata = json.loads((FOLDER / "metadata.json").read_text(encoding="utf-8"))
    assert metadata["version"] == project["project"]["version"]


def test_what_it_cannot_send_is_counted_on_the_watch_and_told() -> None:
    with NodeWatch() as watch:
        device = start(watch)
        watch.do("advance", 2e3)
        watch.do("refuse", True)
        watch.do("advance", 500)
        watch.do("refuse", False)
        watch.do("advance", 2e3)
        items = assembled(watch, device)
        status = bytes.fromhex(watch.do("read", protocol.STATUS))
    missing = np.isnan(samples(items)[1][:, 0]).sum()
    assert missing in {45, 50}
    assert int.from_bytes(status[12:14], "little") == missing
    assert [item.text for item in items if isinstance(item, Notice)] == [
        "the sensor threw samples away that it could not send"
    ]


@pytest.mark.parametrize("by", [3600, -3600, 5])
def test_a_clock_that_is_set_loses_no_sample_and_is_told(by: float) -> None:
    with NodeWatch() as watch:
        device = start(watch)
        watch.do("advance", 5e3)
        watch.do("setClock", by)
        watch.do("advance", 5e3)
        items = assembled(watch, device)
    time, acc = samples(items)
    first = round(acc[0, 0] / STANDARD_GRAVITY * 4096)
    np.testing.assert_array_equal(acc, measured(first + np.arange(len(acc))))
    assert [item.text for item in items if isinstance(item, Notice)] == [
        "the sensor's clock has jumped"
    ]
    assert np.ptp(np.diff(time)) < 0.01


def test_after_a_lost_link_it_starts_anew() -> None:
    with NodeWatch() as watch:
        start(watch)
        watch.do("advance", 2e3)
        watch.do("disconnect")
        before = len(watch.arrived)
        watch.do("advance", 2e3)
        assert len(watch.arrived) == before
        watch.do("connect")
        device = start(watch)
        watch.do("advance", 2e3)
        watch.arrived = watch.arrived[before:]
        frames = [item for item in decoded(watch) if isinstance(item, Frame)]
        _, acc = samples(assembled(watch, device))
    assert frames[0].index == 0
    assert not np.isnan(acc).any()

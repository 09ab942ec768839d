"""How late samples are, told from questions to the sensor's clock and held to the truth."""

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.bluetooth.device import ClockAnswer
from gaitcue.bluetooth.devices import DEVICES, device_named
from gaitcue.bluetooth.devices.gaitcue_sensor import CONTROL
from gaitcue.bluetooth.devices.openearable import TIME_SYNC
from gaitcue.bluetooth.latency import EXCHANGES, TOLERANCE, Latency, RoundTrip, ask_clock, latency
from gaitcue.bluetooth.stream import Assembler
from gaitcue.bluetooth.virtual import run_in_simulated_time
from gaitcue.bluetooth.virtual.direct import DirectLink
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS

ways = st.lists(st.tuples(st.floats(0, 0.2), st.floats(0, 0.2)), min_size=1, max_size=10)


@given(ways, st.floats(0, 0.2), st.floats(-1e3, 1e3))
def test_the_truth_is_within_half_the_quickest_round_trip(ways, late, ahead):
    trips = [
        RoundTrip(at, at + there + ahead, at + there + ahead + 0.001, at + there + back + 0.001)
        for at, (there, back) in enumerate(ways)
    ]
    found = latency(trips, late - ahead)
    if found is None:  # only what cannot be told at all may be left out
        assert late + min(map(sum, ways)) > 0.4
        return
    assert abs(found.delay - late) <= found.error + 1e-9
    assert found.error <= min(map(sum, ways)) / 2 + TOLERANCE + 1e-9
    assert found.delay >= 0


def test_without_a_whole_round_trip_or_with_another_clock_it_stays_unknown():
    assert latency([], 0.0) is None
    assert latency([RoundTrip(1.0, 5.0, 5.2, 1.1)], 0.0) is None  # answered longer than it took
    assert latency([RoundTrip(1.0, 5.0, 5.0, 1.1)], 300.0) is None


def streamed(name, there, back, *, skew=0.0, seconds=6.0):
    """Latencies told of a virtual sensor whose samples take `back` s to arrive."""
    sensor = VIRTUAL_SENSORS[name]()
    sensor.largest_notification = 244
    device = sensor.device()
    found = []

    async def scenario():
        loop = asyncio.get_running_loop()
        sensor.clock = lambda: loop.time() * (1 + skew)
        stream = Assembler(rate=device.timing.rate, gyroscope=device.gyroscope, placement=None)

        def received(characteristic, value):
            items = stream.value(loop.time(), characteristic, value)
            found.extend(item for item in items if isinstance(item, Latency))

        link = DirectLink(sensor, received, there=there, back=back)
        stream.connected(device.timing, device.decoder())
        await device.start(link)
        asking = asyncio.create_task(
            ask_clock(device, link, lambda token: stream.asked(loop.time(), token))
        )
        rate = device.timing.rate
        for row in range(100, int(seconds * rate), sensor.rows):
            taken = (row + sensor.rows - 1) / rate / (1 + skew)
            await asyncio.sleep(taken + back - loop.time())
            acc = np.full((sensor.rows, 3), 9.8)
            for characteristic, value in sensor.encode(acc, 0 * acc, row):
                received(characteristic, value)
        await asking

    run_in_simulated_time(scenario())
    return found


@pytest.mark.parametrize("name", ["gaitcue", "openearable"])
@pytest.mark.parametrize(
    ("there", "back"), [(0.02, 0.02), (0.03, 0.012), (0.005, 0.06), (0.0, 0.0)]
)
@pytest.mark.parametrize("skew", [0.0, 100e-6])
def test_a_virtual_sensors_latency_is_told_once_and_within_its_error(name, there, back, skew):
    (found,) = streamed(name, there, back, skew=skew)
    assert found.error <= (there + back) / 2 + TOLERANCE
    assert abs(found.delay - back) <= found.error
    if there == back:
        assert found.delay == pytest.approx(back, abs=1e-3)


def test_a_sensor_that_does_not_tell_its_clock_has_an_unknown_latency():
    assert streamed("movella-dot", 0.02, 0.02) == []
    sensor = VIRTUAL_SENSORS["gaitcue"]()
    assert sensor.write(CONTROL, b"\x03\x05\x00\x00\x00") == [(CONTROL, b"\x80\x03\x04")]


@pytest.mark.parametrize("kind", DEVICES, ids=lambda kind: kind.name)
def test_only_those_are_asked_whose_protocol_has_the_question(kind):
    asked = kind().clock_question(7) is not None
    assert asked == (kind.name in {"gaitcue", "openearable"})


def test_the_bytes_of_the_question_and_answer_of_each_protocol():
    gaitcue, earable = device_named("gaitcue"), device_named("openearable")
    assert gaitcue.clock_question(0x0102).value.hex() == "0302010000"
    answer = bytes.fromhex("80030102010000" + "40420f00" + "41420f00")
    assert gaitcue.decoder()(CONTROL, answer) == [
        ClockAnswer(token=0x0102, received=1_000_000, replied=1_000_001)
    ]
    assert gaitcue.decoder()(CONTROL, bytes.fromhex("800304")) == []
    assert earable.clock_question(0x0102).value.hex() == "01000201" + "00" * 24
    answer = bytes.fromhex("01010201" + "00" * 8 + "40420f0000000000" + "a0860f0000000000")
    assert earable.decoder()(TIME_SYNC, answer) == [
        ClockAnswer(token=0x0102, received=1_000_000, replied=1_017_504)
    ]


def test_questions_that_nobody_answers_are_given_up():
    sensor = VIRTUAL_SENSORS["gaitcue"]()  # its clock is not known
    asked = []

    async def scenario():
        link = DirectLink(sensor, lambda *_: None)
        await ask_clock(sensor.device(), link, asked.append)

    run_in_simulated_time(scenario())
    assert asked == list(range(EXCHANGES))

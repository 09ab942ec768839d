import asyncio
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink, vectors

from gaitcue.bluetooth.device import (
    Advertisement,
    Battery,
    DecodeError,
    Frame,
    Notice,
    SensorRefusedError,
)
from gaitcue.bluetooth.devices import movella_dot as dot
from gaitcue.bluetooth.devices.movella_dot import MovellaDot

VECTORS = vectors("movella_dot")
FREE = "free acceleration (payload mode 6) on 0x2004"


@pytest.mark.parametrize("what", [FREE, FREE + ", the next one"])
def test_captured_stamps_and_floats_are_read(what: str) -> None:
    vector = VECTORS[what]
    stamp, acc = dot.parse_stamped(bytes.fromhex(vector["bytes"]), 3)
    assert stamp == vector["expected"]["timestamp_us"]
    np.testing.assert_allclose(acc, vector["expected"]["free_acc_m_s2"], rtol=1e-6)


def test_captured_stamps_are_one_period_apart() -> None:
    first, second = (
        dot.parse_stamped(bytes.fromhex(VECTORS[what]["bytes"]), 3)[0]
        for what in (FREE, FREE + ", the next one")
    )
    timing = MovellaDot().timing
    assert (second - first) * timing.tick == pytest.approx(1 / timing.rate, abs=1e-6)
    assert timing.tick_modulus == 2**32


@pytest.mark.parametrize("padding", [0, 12])
def test_a_sample_of_rate_quantities_is_in_si(padding: int) -> None:
    value = struct.pack("<I6f", 4_294_967_295, 0.5, -1.5, 9.75, 180.0, -90.0, 0.0)
    (frame,) = MovellaDot().decoder()(dot.MEDIUM_PAYLOAD, value + bytes(padding))
    np.testing.assert_allclose(frame.acc, [[0.5, -1.5, 9.75]])
    np.testing.assert_allclose(frame.gyr, [[np.pi, -np.pi / 2, 0.0]])
    assert frame.ticks == 2**32 - 1


def test_other_payloads_are_not_taken_for_rate_quantities() -> None:
    decode = MovellaDot().decoder()
    free = bytes.fromhex(VECTORS[FREE]["bytes"])
    with pytest.raises(DecodeError):
        decode(dot.MEDIUM_PAYLOAD, free)
    # Complete (quaternion), 32 bytes, where 28 are a sample and the rest must be padding.
    with pytest.raises(DecodeError):
        decode(dot.MEDIUM_PAYLOAD, struct.pack("<I7f", 1, 1, 0, 0, 0, 0, 0, 9.0))
    with pytest.raises(DecodeError, match="no numbers"):
        decode(dot.MEDIUM_PAYLOAD, struct.pack("<I6f", 1, 0, 0, float("inf"), 0, 0, 0))


def test_battery_and_button_are_told() -> None:
    decode = MovellaDot().decoder()
    assert decode(dot.BATTERY, b"\x4d\x01") == [Battery(percent=77)]
    click = b"\x05\x04" + struct.pack("<I", 12345) + bytes(30)
    assert decode(dot.DEVICE_REPORT, click) == [Notice(text="the sensor's button was pressed")]
    assert decode(dot.DEVICE_REPORT, b"\x09" + bytes(35)) == []
    with pytest.raises(DecodeError):
        decode(dot.BATTERY, b"\xff\x00")


class Sensor:
    """The characteristics that it changes when written to."""

    def __init__(self, *, rate: int = 20, measuring: bool = False, stuck: bool = False) -> None:
        control = bytearray(range(32))
        control[24:26] = rate.to_bytes(2, "little")
        self.stuck = stuck
        self.values = {
            dot.DEVICE_CONTROL: bytes(control),
            dot.MEASUREMENT_CONTROL: bytes([1, int(measuring), 6]),
            dot.BATTERY: b"\x5a\x00",
        }

    def __call__(self, characteristic: str, value: bytes) -> tuple[()]:
        measuring = self.values[dot.MEASUREMENT_CONTROL][1] == 1
        if characteristic == dot.DEVICE_CONTROL:
            assert not measuring, "the rate cannot be changed while it measures"
            assert len(value) == 32
        if not (self.stuck and value[:2] == b"\x01\x01"):
            self.values[characteristic] = value
        return ()


def connected(**state: object) -> ScriptedLink:
    sensor = Sensor(**state)
    return ScriptedLink(answer=sensor, values=sensor.values)


START, STOP = (dot.MEASUREMENT_CONTROL, "010115"), (dot.MEASUREMENT_CONTROL, "010015")


def test_the_start_command_has_the_form_that_users_write() -> None:
    examples = [
        VECTORS["command: start free acceleration"],
        VECTORS["command: start custom mode 5 / stop"],
    ]
    assert [bytes.fromhex(e["bytes"])[2] for e in examples] == [6, 26]
    for example in examples:
        assert bytes.fromhex(example["bytes"])[:2] == bytes.fromhex(START[1])[:2]


def test_it_sets_the_rate_alone_and_starts() -> None:
    link, device = connected(rate=20), MovellaDot()
    asyncio.run(device.start(link))
    assert dot.MEDIUM_PAYLOAD in link.subscribed
    control = bytes([0x10, *range(1, 24), 60, 0, *range(26, 32)]).hex()
    assert link.written == [STOP, (dot.DEVICE_CONTROL, control), START]
    asyncio.run(device.stop(link))
    assert link.written[-1] == STOP
    assert link.values[dot.MEASUREMENT_CONTROL][1] == 0


def test_a_rate_that_is_right_is_not_written_to_its_memory_again() -> None:
    link = connected(rate=60)
    asyncio.run(MovellaDot().start(link))
    assert link.written == [STOP, START]


def test_a_measurement_left_on_is_ended_first() -> None:
    link = connected(measuring=True)
    asyncio.run(MovellaDot().start(link))
    assert link.values[dot.MEASUREMENT_CONTROL] == bytes([1, 1, 21])


def test_a_sensor_that_does_not_measure_is_told() -> None:
    with pytest.raises(SensorRefusedError, match="does not start to measure"):
        asyncio.run(MovellaDot().start(connected(stuck=True)))
    strange = connected()
    strange.values[dot.DEVICE_CONTROL] = bytes(20)
    with pytest.raises(SensorRefusedError, match="20 bytes"):
        asyncio.run(MovellaDot().start(strange))


def test_the_battery_is_read_and_nothing_buzzes() -> None:
    assert asyncio.run(MovellaDot().battery(connected())) == 90
    assert not asyncio.run(MovellaDot().buzz(connected(), duration=1.0))


def test_it_is_known_by_company_or_name() -> None:
    def known(**told: object) -> bool:
        return MovellaDot.recognises(Advertisement(address="D4:22:CD:00:11:22", **told))

    assert known(name="Movella DOT")
    assert known(name="Xsens DOT")
    assert known(manufacturer={0x0886: b""})
    assert not known(name="Movesense 1")
    assert MovellaDot().gyroscope


@given(
    st.sampled_from([dot.MEDIUM_PAYLOAD, dot.BATTERY, dot.DEVICE_REPORT, "other"]),
    st.one_of(st.binary(max_size=48), st.binary(min_size=28, max_size=28)),
)
def test_no_bytes_raise_anything_but_a_decode_error(characteristic: str, value: bytes) -> None:
    try:
        messages = MovellaDot().decoder()(characteristic, value)
    except DecodeError:
        return
    for message in messages:
        if isinstance(message, Frame):
            assert message.acc.shape == message.gyr.shape == (1, 3)
            assert np.isfinite([message.acc, message.gyr]).all()

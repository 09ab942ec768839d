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
from gaitcue.bluetooth.devices import gaitcue_sensor as protocol
from gaitcue.bluetooth.devices.gaitcue_sensor import GaitcueSensor
from gaitcue.imu import STANDARD_GRAVITY

VECTORS = vectors("gaitcue_sensor")
FEATURES = next(what for what in VECTORS if what.startswith("features"))
FEATURE = bytes.fromhex(VECTORS[FEATURES]["bytes"])
ANSWERS = {1: "800101e803020500000000", 2: "800201"}


def decoder():
    decode = GaitcueSensor().decoder()
    assert decode(protocol.FEATURE, FEATURE) == []
    return decode


def sensor(answers: dict[int, str], features: bytes = FEATURE, **more) -> ScriptedLink:
    def answer(characteristic: str, value: bytes):
        if characteristic == protocol.CONTROL:
            yield protocol.CONTROL, bytes.fromhex(answers[value[0]])

    return ScriptedLink(answer, values={protocol.FEATURE: features}, **more)


def test_the_features_tell_what_a_count_is_worth() -> None:
    assert protocol.parse_feature(FEATURE) == tuple(VECTORS[FEATURES]["expected"].values())


@pytest.mark.parametrize("what", [what for what in VECTORS if "frame" in what])
def test_motion_data_are_counted_stamped_and_scaled(what: str) -> None:
    expected = VECTORS[what]["expected"]
    frame, *notices = decoder()(protocol.MOTION, bytes.fromhex(VECTORS[what]["bytes"]))
    assert isinstance(frame, Frame)
    assert (frame.index, frame.ticks) == (expected["index"], expected["ticks"])
    np.testing.assert_allclose(frame.acc, np.array(expected["acc_g"]) * STANDARD_GRAVITY)
    if expected["gyr_dps"] is None:
        assert frame.gyr is None
    else:
        np.testing.assert_allclose(frame.gyr, np.radians(expected["gyr_dps"]))
    assert len(notices) == expected["notices"]
    assert all(isinstance(notice, Notice) for notice in notices)


def test_a_status_is_told_when_something_is_new() -> None:
    (vector,) = (VECTORS[what] for what in VECTORS if what.startswith("status"))
    decode = decoder()
    status = bytes.fromhex(vector["bytes"])
    assert decode(protocol.STATUS, status) == [
        Battery(percent=vector["expected"]["percent"]),
        Notice(text=vector["expected"]["notice"]),
    ]
    assert decode(protocol.STATUS, status) == []
    assert decode(protocol.STATUS, b"\x80" + status[1:]) == [
        Notice(text="the sensor has a fault: switch it off and on")
    ]


def test_samples_of_unknown_scale_are_refused() -> None:
    frame = bytes.fromhex(VECTORS["one frame of six axes"]["bytes"])
    with pytest.raises(DecodeError, match="worth"):
        GaitcueSensor().decoder()(protocol.MOTION, frame)


@given(st.binary(max_size=80))
@pytest.mark.parametrize(
    "characteristic", [protocol.MOTION, protocol.STATUS, protocol.FEATURE, protocol.CONTROL]
)
def test_any_bytes_are_decoded_or_refused(characteristic: str, value: bytes) -> None:
    try:
        messages = decoder()(characteristic, value)
    except DecodeError:
        return
    for message in messages:
        if isinstance(message, Frame):
            axes = 3 if message.gyr is None else 6
            assert len(message.acc) == value[1] == (len(value) - 8) / (2 * axes)


def test_it_starts_with_the_rate_and_axes_for_gait() -> None:
    device, link = GaitcueSensor(), sensor(ANSWERS)
    asyncio.run(device.start(link))
    assert link.written == [(protocol.CONTROL, "01e8030205")]
    assert device.timing.rate == 100.0
    assert device.gyroscope


def test_small_notifications_get_fewer_samples_each() -> None:
    device, link = GaitcueSensor(), sensor(ANSWERS, largest_notification=20)
    asyncio.run(device.start(link))
    assert link.written == [(protocol.CONTROL, "01e8030201")]


def test_without_a_gyroscope_it_sends_acceleration_only() -> None:
    device = GaitcueSensor()
    features = FEATURE[:2] + b"\x01\x00" + FEATURE[4:]
    link = sensor({1: "800101e803010500000000"}, features)
    asyncio.run(device.start(link))
    assert link.written == [(protocol.CONTROL, "01e8030105")]
    assert not device.gyroscope
    assert not asyncio.run(device.buzz(link, duration=0.2))


@pytest.mark.parametrize(
    ("answers", "features", "sentence"),
    [
        ({1: "800104"}, FEATURE, "it failed"),
        ({1: "800101e803010500000000"}, FEATURE, "another way"),
        ({1: "800101c800020500000000", 2: "800201"}, FEATURE, "too rarely"),
        (ANSWERS, b"\x02" + FEATURE[1:], "version 2"),
        (ANSWERS, FEATURE[:8] + struct.pack("<f", float("nan")) + FEATURE[12:], "worth nan"),
        (ANSWERS, FEATURE[:2] + b"\x02\x00" + FEATURE[4:], "no accelerometer"),
    ],
)
def test_a_start_that_would_not_serve_is_refused(answers, features, sentence) -> None:
    with pytest.raises(SensorRefusedError, match=sentence):
        asyncio.run(GaitcueSensor().start(sensor(answers, features)))


def test_it_stops_and_vibrates() -> None:
    device, link = GaitcueSensor(), sensor(ANSWERS)
    asyncio.run(device.start(link))
    assert asyncio.run(device.buzz(link, duration=2.0))
    asyncio.run(device.stop(link))
    assert link.written[1:] == [(protocol.CUE, "100150f401"), (protocol.CONTROL, "02")]


def test_it_is_known_by_its_service() -> None:
    assert GaitcueSensor.recognises(Advertisement(address="", services=(protocol.SERVICE,)))
    assert not GaitcueSensor.recognises(Advertisement(address="", name="gaitcue-12AB"))

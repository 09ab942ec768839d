import asyncio
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink

from gaitcue.bluetooth.device import (
    Advertisement,
    Battery,
    ClockAnswer,
    DecodeError,
    Frame,
    Notice,
    SensorRefusedError,
)
from gaitcue.bluetooth.devices import gaitcue_sensor as protocol
from gaitcue.bluetooth.devices.gaitcue_protocol import FIRMWARE, FIRMWARE_REVISION
from gaitcue.bluetooth.devices.gaitcue_sensor import GaitcueSensor
from gaitcue.imu import STANDARD_GRAVITY

FOLDER = Path(__file__).parents[3] / "firmware" / "vectors"


def vectors(name: str) -> dict[str, dict]:
    """What a vector is to the vector."""
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    return {vector["what"]: vector for vector in json.loads(text)}


FEATURES = vectors("feature")
MOTION = vectors("motion")
STATUS = vectors("status")
SIX_AXES = FEATURES["acc, gyr, vibration, light, button, metronome, buffer"]
FEATURE = bytes.fromhex(SIX_AXES["bytes"])
ACC_ONLY = bytes.fromhex(FEATURES["acc, vibration, button, metronome, buffer"]["bytes"])
ANSWERS = {1: "800101e803020500000000", 2: "800201"}


def decoder():
    decode = GaitcueSensor().decoder()
    assert decode(protocol.FEATURE, FEATURE) == []
    return decode


def sensor(answers: dict[int, str], features: bytes = FEATURE, **more) -> ScriptedLink:
    def answer(characteristic: str, value: bytes):
        if characteristic == protocol.CONTROL:
            yield protocol.CONTROL, bytes.fromhex(answers[value[0]])

    return ScriptedLink(
        answer, values={protocol.FEATURE: features, FIRMWARE_REVISION: FIRMWARE.encode()}, **more
    )


@pytest.mark.parametrize("what", FEATURES)
def test_the_features_tell_what_a_count_is_worth(what: str) -> None:
    feature = FEATURES[what]
    expected = tuple(feature[name] for name in ("bits", "rate", "g_per_count", "dps_per_count"))
    value = bytes.fromhex(feature["bytes"])
    assert protocol.parse_feature(value) == expected
    assert protocol.parse_feature(value + b"of a later minor version") == expected


@pytest.mark.parametrize("what", MOTION)
def test_motion_data_are_counted_stamped_and_scaled(what: str) -> None:
    expected = MOTION[what]
    frame, *notices = decoder()(protocol.MOTION, bytes.fromhex(expected["bytes"]))
    assert isinstance(frame, Frame)
    assert (frame.index, frame.ticks) == (expected["index"], expected["us"])
    counts = np.array(expected["counts"])
    scale = STANDARD_GRAVITY * SIX_AXES["g_per_count"]
    np.testing.assert_allclose(frame.acc, counts[:, :3] * scale)
    if expected["layout"] == 1:
        assert frame.gyr is None
    else:
        turning = np.radians(counts[:, 3:] * SIX_AXES["dps_per_count"])
        np.testing.assert_allclose(frame.gyr, turning)
    flags = ("overran", "thrown_away", "clock_set")
    assert len(notices) == sum(expected[flag] for flag in flags)
    assert all(isinstance(notice, Notice) for notice in notices)


def test_what_is_new_in_a_status_is_told_once() -> None:
    decode = decoder()

    def told(what: str) -> list:
        value = bytes.fromhex(STATUS[what]["bytes"])
        messages = decode(protocol.STATUS, value)
        assert decode(protocol.STATUS, value + b"of a later minor version") == []
        return messages

    assert told("just switched on, battery unknown") == []
    assert told("streaming, a marker, 87 %") == [
        Battery(percent=87),
        Notice(text="the sensor's button was pressed"),
    ]
    assert told("muted by the wearer") == [
        Battery(percent=60),
        Notice(text="the sensor's cues were muted with its button"),
    ]
    assert told("the motion sensor does not answer") == [
        Battery(percent=100),
        Notice(text="the sensor's motion chip has a fault"),
        Notice(
            text="the sensor has a fault (its motion chip does not answer): switch it off and on"
        ),
    ]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("muted by the wearer", "muted"),
        ("started again by the watchdog", "started itself again"),
        ("the program failed", "its program failed"),
        ("in safe mode by its configuration", "its configuration is wrong"),
    ],
)
def test_what_lasts_is_told_of_the_time_before_the_connection(what: str, words: str) -> None:
    messages = decoder()(protocol.STATUS, bytes.fromhex(STATUS[what]["bytes"]))
    assert any(isinstance(each, Notice) and words in each.text for each in messages)


def test_a_press_before_the_connection_is_none_of_its_news() -> None:
    value = bytes.fromhex(STATUS["streaming, a marker, 87 %"]["bytes"])
    assert decoder()(protocol.STATUS, value) == [Battery(percent=87)]


def test_a_refused_pulse_is_told() -> None:
    decode = decoder()
    decode(protocol.STATUS, bytes.fromhex(STATUS["muted by the wearer"]["bytes"]))
    (notice,) = decode(
        protocol.STATUS, bytes.fromhex(STATUS["a pulse refused while muted"]["bytes"])
    )
    assert isinstance(notice, Notice)
    assert "refused to vibrate" in notice.text


def test_another_version_of_the_firmware_is_told() -> None:
    assert decoder()(FIRMWARE_REVISION, FIRMWARE.encode()) == []
    (notice,) = decoder()(FIRMWARE_REVISION, b"0.0.9")
    assert "0.0.9" in notice.text
    assert "firmware install" in notice.text


def test_a_clock_that_was_asked_for_is_told() -> None:
    value = bytes.fromhex("800301efbeadde40420f0050420f00")
    assert decoder()(protocol.CONTROL, value) == [
        ClockAnswer(token=0xDEADBEEF, received=1_000_000, replied=1_000_016)
    ]


def test_samples_of_unknown_scale_are_refused() -> None:
    frame = bytes.fromhex(MOTION["one frame of six axes"]["bytes"])
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
    link = sensor({1: "800101e803010500000000"}, ACC_ONLY)
    asyncio.run(device.start(link))
    assert link.written == [(protocol.CONTROL, "01e8030105")]
    assert not device.gyroscope
    assert device.own_beats(link) is not None
    decode = device.decoder()
    decode(protocol.FEATURE, ACC_ONLY)
    (frame,) = decode(protocol.MOTION, bytes.fromhex(MOTION["two frames of acceleration"]["bytes"]))
    assert isinstance(frame, Frame)
    assert frame.gyr is None
    with pytest.raises(DecodeError, match="does not measure"):
        decode(protocol.MOTION, bytes.fromhex(MOTION["one frame of six axes"]["bytes"]))


def test_without_anything_to_vibrate_it_says_so() -> None:
    device = GaitcueSensor()
    features = FEATURE[:2] + b"\x01\x00" + FEATURE[4:]
    link = sensor({1: "800101e803010500000000"}, features)
    asyncio.run(device.start(link))
    assert not asyncio.run(device.buzz(link, duration=0.2))


@pytest.mark.parametrize(
    ("answers", "features", "sentence"),
    [
        ({1: "800104"}, FEATURE, "it failed"),
        ({1: "800101e803010500000000"}, FEATURE, "another way"),
        ({1: "800101c800020500000000", 2: "800201"}, FEATURE, "too rarely"),
        (ANSWERS, b"\x02" + FEATURE[1:], "version 2"),
        (ANSWERS, FEATURE[:7] + struct.pack("<f", float("nan")) + FEATURE[11:], "worth nan"),
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
    assert link.written[1:] == [
        (protocol.CUE, "100150f401"),
        (protocol.CUE, "13"),
        (protocol.CONTROL, "02"),
    ]


def test_it_is_known_by_its_service() -> None:
    assert GaitcueSensor.recognises(Advertisement(address="", services=(protocol.SERVICE,)))
    assert not GaitcueSensor.recognises(Advertisement(address="", name="gaitcue-12AB"))

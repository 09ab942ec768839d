import asyncio
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink, vectors

from gaitcue.bluetooth.device import (
    Advertisement,
    DecodeError,
    Device,
    Frame,
    Notice,
    SensorRefusedError,
)
from gaitcue.bluetooth.devices import pmd
from gaitcue.bluetooth.devices.polar import PolarH10, PolarOH1, PolarVerity
from gaitcue.imu import STANDARD_GRAVITY

VECTORS = vectors("polar")
CONTROL_POINT = "Polar PMD control point: "
H10_START = "0202020108000001c80001011000"


def start_answer(kind: int, factor: float | None) -> bytes:
    answer = bytes([0xF0, 2, kind, 0, 0])
    return answer if factor is None else answer + b"\x05\x01" + struct.pack("<f", factor)


def decoded(vector: dict, rate: float = 50.0) -> Frame:
    value = bytes.fromhex(vector["bytes"])
    decoder = pmd.PmdDecoder(rate)
    decoder(pmd.CONTROL, start_answer(value[0], vector["expected"]["factor"]))
    (frame,) = decoder(pmd.DATA, value)
    assert isinstance(frame, Frame)
    return frame


MOTION = [what for what in VECTORS if "process acc" in what or "process gyro" in what]


@pytest.mark.parametrize("what", MOTION)
def test_the_vendors_frames_give_the_vendors_samples(what: str) -> None:
    expected = VECTORS[what]["expected"]
    frame = decoded(VECTORS[what])
    if "acc" in what:
        assert frame.gyr is None
        # The vendor cuts to whole mg.
        rows = np.trunc(np.round(frame.acc / STANDARD_GRAVITY * 1e3, 6))
    else:
        assert frame.acc is None
        rows = np.degrees(frame.gyr)
    assert rows.shape == (expected["n_samples"], 3)
    for row, name in ((0, "first"), (1, "second"), (-1, "last")):
        np.testing.assert_allclose(rows[row], expected[name], rtol=1e-6)


@pytest.mark.parametrize("what", MOTION)
def test_the_stamp_is_that_of_the_last_sample(what: str) -> None:
    frame = decoded(VECTORS[what], rate=50.0)
    rows = VECTORS[what]["expected"]["n_samples"]
    stamp = VECTORS[what]["expected"]["header"]["timestamp"]
    assert frame.tick_step == pytest.approx(20e6)
    assert frame.ticks == (stamp - (rows - 1) * 20_000_000) % 2**64


@pytest.mark.parametrize("what", [what for what in VECTORS if "magnetometer" in what])
def test_the_vendors_magnetometer_frames_decompress_but_are_not_ours(what: str) -> None:
    value, expected = bytes.fromhex(VECTORS[what]["bytes"]), VECTORS[what]["expected"]
    four = expected["header"]["frame_type"] == 1
    rows = pmd.decompress(value[10:], width=2, channels=4 if four else 3)
    # Type 1 counts in milligauss and its fourth channel is no field but a state.
    rows = rows * np.array([*[expected["factor"] / 1000] * 3, 1.0] if four else [1.0] * 3)
    for row, name in ((0, "first"), (1, "second"), (-1, "last")):
        np.testing.assert_allclose(rows[row], expected[name], rtol=1e-6)
    assert pmd.PmdDecoder(50.0)(pmd.DATA, value) == []


def raw_frame(stamp: int, rows: int) -> bytes:
    return b"\x02" + struct.pack("<Q", stamp) + b"\x01" + struct.pack("<3h", 0, 0, 1000) * rows


def test_the_step_follows_the_stamps_but_not_across_a_lost_frame() -> None:
    decoder = PolarH10().decoder()
    true_step = 5_050_000  # The device's crystal: 1 % slow.
    stamps = [10**9 + 36 * true_step * n for n in (0, 1, 3, 4)]  # Frame 2 is lost.
    frames = [decoder(pmd.DATA, raw_frame(stamp, 36))[0] for stamp in stamps]
    assert [frame.tick_step for frame in frames] == [5e6, true_step, true_step, true_step]
    assert [frame.ticks for frame in frames[1:]] == [s - 35 * true_step for s in stamps[1:]]


def test_one_gravity_of_a_raw_frame_is_in_si() -> None:
    (frame,) = PolarH10().decoder()(pmd.DATA, raw_frame(0, 2))
    np.testing.assert_allclose(frame.acc, [[0, 0, STANDARD_GRAVITY]] * 2)
    one_byte = b"\x02" + bytes(8) + b"\x00" + bytes([0x80, 0, 127])
    three_bytes = b"\x02" + bytes(8) + b"\x02" + b"\xff\xff\xff\x00\x00\x00\x01\x02\x00"
    for value, milli_g in ((one_byte, [-128, 0, 127]), (three_bytes, [-1, 0, 513])):
        (frame,) = PolarH10().decoder()(pmd.DATA, value)
        np.testing.assert_allclose(frame.acc, [np.array(milli_g) * STANDARD_GRAVITY / 1e3])


def test_a_compressed_frame_of_unknown_scale_is_not_guessed() -> None:
    value = bytes.fromhex(VECTORS[MOTION[1]]["bytes"])
    with pytest.raises(DecodeError, match="scale"):
        PolarVerity().decoder()(pmd.DATA, value)


def test_streams_that_the_device_ends_are_told() -> None:
    value = bytes.fromhex(VECTORS[CONTROL_POINT + "device stopped PPG and ACC streams"]["bytes"])
    assert PolarH10().decoder()(pmd.CONTROL, value) == [
        Notice(text="the sensor has stopped sending acceleration")
    ]


def test_settings_features_and_answers_are_read_as_the_vendor_does() -> None:
    settings = VECTORS["Polar PMD settings: GET_MEASUREMENT_SETTINGS parameters"]
    assert pmd.parse_settings(bytes.fromhex(settings["bytes"])) == {
        pmd.RATE: (52,),
        pmd.RESOLUTION: (16,),
        pmd.RANGE: (245, 500, 1000, 2000),
        pmd.CHANNELS: (3,),
    }
    answer = VECTORS[CONTROL_POINT + "response to GET_MEASUREMENT_SETTINGS(ACC)"]
    assert pmd.parse_answer(bytes.fromhex(answer["bytes"])) == pmd.Answer(
        command=1, measurement=2, status=0, more=False, parameters=b"\xff\xff\xff"
    )
    features = VECTORS[CONTROL_POINT + "READ of the control point = feature bits"]
    assert pmd.parse_features(bytes.fromhex(features["bytes"])) == {0, pmd.ACC}


def test_the_features_as_read_are_no_message() -> None:
    features = VECTORS[CONTROL_POINT + "READ of the control point = feature bits"]
    assert PolarH10().decoder()(pmd.CONTROL, bytes.fromhex(features["bytes"])) == []


class PolarSensor:
    """Answers commands as the control point does."""

    def __init__(self, *, settings: dict[int, bytes], status: dict[bytes, int] | None = None):
        self.settings, self.status = settings, status or {}
        self.streams: set[int] = set()
        self.sdk_mode = False

    def __call__(self, characteristic: str, value: bytes) -> list[tuple[str, bytes]]:
        assert characteristic == pmd.CONTROL
        op, kind = value[0], value[1]
        status, parameters = self.do(op, kind)
        status = self.status.get(value[:2], status)
        if status:
            parameters = b""
        head = bytes([0xF0, op, kind, status])
        if not parameters:
            return [(pmd.CONTROL, head + b"\0")]
        # Long answers come in parts.
        return [
            (pmd.CONTROL, head + b"\x01" + parameters[:6]),
            (pmd.CONTROL, head + b"\x00" + parameters[6:]),
        ]

    def do(self, op: int, kind: int) -> tuple[int, bytes]:
        if kind == pmd.SDK_MODE:
            if self.streams:
                return 12, b""
            was, self.sdk_mode = self.sdk_mode, op == 2
            return (6 if was == self.sdk_mode else 0), b""
        if op == 1:
            return 0, self.settings[kind]
        if op == 2:
            if kind in self.streams:
                return 6, b""
            self.streams.add(kind)
            return 0, b"\x05\x01" + struct.pack("<f", 0.25)
        if kind not in self.streams:
            return 6, b""
        self.streams.remove(kind)
        return 0, b""


H10_SETTINGS = bytes.fromhex("00 04 c800 6400 3200 1900 01 01 1000 02 03 0200 0400 0800")
# As a Verity Sense in SDK mode told the writer of github.com/fsmeraldi/bleakheart pull request 11.
VERITY_RATES = "00 05 1a00 3400 6800 d000 a001 01 01 1000"
VERITY_ACC = bytes.fromhex(VERITY_RATES + "02 04 0200 0400 0800 1000 04 01 03")
VERITY_GYRO = bytes.fromhex(VERITY_RATES + "02 04 fa00 f401 e803 d007 04 01 03")
H10_FEATURES = {
    pmd.CONTROL: bytes.fromhex(
        VECTORS[CONTROL_POINT + "READ of the control point = feature bits"]["bytes"]
    )
}
VERITY_FEATURES = {pmd.CONTROL: bytes.fromhex("0f6e020000000000")}


def h10(**more: object) -> ScriptedLink:
    return ScriptedLink(
        answer=PolarSensor(settings={pmd.ACC: H10_SETTINGS}, **more), values=H10_FEATURES
    )


def verity(**more: object) -> ScriptedLink:
    sensor = PolarSensor(settings={pmd.ACC: VERITY_ACC, pmd.GYRO: VERITY_GYRO}, **more)
    return ScriptedLink(answer=sensor, values=VERITY_FEATURES)


def commands(link: ScriptedLink) -> list[str]:
    return [value for _, value in link.written]


def test_the_h10_starts_and_stops_with_the_bytes_that_users_write() -> None:
    link, device = h10(), PolarH10()
    asyncio.run(device.start(link))
    assert set(link.subscribed) == {pmd.CONTROL, pmd.DATA}
    names = ("request ACC settings", "H10 ACC start: range 8 g, 200 Hz, 16 bit")
    assert commands(link) == [VECTORS[f"{CONTROL_POINT}command: {n}"]["bytes"] for n in names]
    assert device.timing.rate == 200
    asyncio.run(device.stop(link))
    assert commands(link)[-1] == VECTORS[CONTROL_POINT + "command: stop ACC"]["bytes"]
    assert link.answer.streams == set()


def test_a_stream_left_on_is_started_anew() -> None:
    link = h10()
    link.answer.streams.add(pmd.ACC)
    asyncio.run(PolarH10().start(link))
    assert commands(link) == ["0102", H10_START, "0302", H10_START]


def test_the_verity_enters_and_leaves_sdk_mode() -> None:
    link, device = verity(), PolarVerity()
    asyncio.run(device.start(link))
    assert commands(link) == [
        VECTORS[CONTROL_POINT + "command: enable SDK mode"]["bytes"],
        "0102",
        "0202" + "02011000" + "0001d000" + "01011000" + "040103",
        "0105",
        "0205" + "0201d007" + "0001d000" + "01011000" + "040103",
    ]
    assert link.answer.streams == {pmd.ACC, pmd.GYRO}
    asyncio.run(device.stop(link))
    assert commands(link)[-1] == VECTORS[CONTROL_POINT + "command: disable SDK mode"]["bytes"]
    assert not link.answer.sdk_mode
    assert not link.answer.streams


@pytest.mark.parametrize("sdk_mode", [False, True])
def test_the_verity_starts_whatever_an_earlier_connection_left_on(sdk_mode: bool) -> None:
    link = verity()
    link.answer.streams |= {pmd.ACC, pmd.GYRO}
    link.answer.sdk_mode = sdk_mode
    asyncio.run(PolarVerity().start(link))
    assert link.answer.sdk_mode
    assert link.answer.streams == {pmd.ACC, pmd.GYRO}


def test_the_scale_in_the_start_answer_is_used() -> None:
    link, device = verity(), PolarVerity()
    asyncio.run(device.start(link))
    decoder = device.decoder()
    for characteristic, value in link.notified:
        assert decoder(characteristic, value) == []
    one_sample = b"\x05" + bytes(8) + b"\x80" + struct.pack("<3h", 4, -8, 400)
    (frame,) = decoder(pmd.DATA, one_sample)
    np.testing.assert_allclose(np.degrees(frame.gyr), [[1, -2, 100]])


@pytest.mark.parametrize(
    ("device", "link", "words"),
    [
        (PolarH10(), h10(status={b"\x02\x02": 10}), "packets .* too small"),
        (PolarH10(), h10(status={b"\x02\x02": 13}), "charger"),
        (PolarH10(), h10(status={b"\x01\x02": 99}), "status 99"),
        (PolarVerity(), verity(status={b"\x02\x09": 3}), "SDK mode: it does not support"),
        (
            PolarH10(),
            ScriptedLink(
                answer=PolarSensor(settings={pmd.ACC: bytes.fromhex("00013200")}),
                values=H10_FEATURES,
            ),
            "no range of 8",
        ),
        (
            PolarVerity(),
            ScriptedLink(
                answer=PolarSensor(settings={pmd.ACC: VERITY_GYRO}), values=VERITY_FEATURES
            ),
            "no range of 16 .*1000, 2000",
        ),
        (PolarVerity(), ScriptedLink(values=H10_FEATURES), "no angular rate"),
    ],
)
def test_a_sensor_that_refuses_is_quoted_in_a_sentence(
    device: Device, link: ScriptedLink, words: str
) -> None:
    with pytest.raises(SensorRefusedError, match=words):
        asyncio.run(device.start(link))


def test_a_silent_sensor_is_not_waited_for_forever() -> None:
    with pytest.raises(TimeoutError):
        asyncio.run(PolarH10().start(ScriptedLink(values=H10_FEATURES)))


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("Polar H10 8F1C2B2A", PolarH10),
        ("Polar OH1 5A6B7C8D", PolarOH1),
        ("Polar Sense 7E2D1A24", PolarVerity),
        ("Polar H9 11112222", None),
        ("", None),
    ],
)
def test_each_is_known_by_its_name(name: str, device: type[Device] | None) -> None:
    seen = Advertisement(address="00:11:22:33:44:55", name=name)
    known = [kind for kind in (PolarH10, PolarOH1, PolarVerity) if kind.recognises(seen)]
    assert known == ([] if device is None else [device])


def test_only_the_verity_has_a_gyroscope() -> None:
    assert [d().gyroscope for d in (PolarH10, PolarOH1, PolarVerity)] == [False, False, True]


FRAMES = st.one_of(
    st.binary(max_size=80),
    st.builds(
        lambda kind, stamp, form, content: bytes([kind]) + stamp + bytes([form]) + content,
        st.sampled_from([2, 5, 6]),
        st.binary(min_size=8, max_size=8),
        st.sampled_from([0x00, 0x01, 0x02, 0x80, 0x81, 0x82]),
        st.binary(max_size=60),
    ),
    st.builds(lambda tail: b"\xf0\x02\x02\x00\x00" + tail, st.binary(max_size=12)),
)


@given(st.lists(st.tuples(st.sampled_from([pmd.CONTROL, pmd.DATA]), FRAMES), max_size=6))
def test_no_bytes_raise_anything_but_a_decode_error(notified: list[tuple[str, bytes]]) -> None:
    decoder = PolarVerity().decoder()
    for characteristic, value in notified:
        try:
            messages = decoder(characteristic, value)
        except DecodeError:
            continue
        for message in messages:
            if isinstance(message, Frame):
                rows = message.gyr if message.acc is None else message.acc
                assert rows.shape[0] >= 1
                assert np.isfinite(rows).all()
                assert 0 <= message.ticks < 2**64

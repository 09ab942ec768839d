import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink, vectors

from gaitcue.bluetooth.device import Advertisement, DecodeError, Frame, SensorRefusedError
from gaitcue.bluetooth.devices import metamotion
from gaitcue.bluetooth.devices.metamotion import NOTIFY, MetaMotion, MetaMotionDecoder
from gaitcue.imu import STANDARD_GRAVITY

VECTORS = vectors("metamotion")


def command(what: str) -> str:
    return VECTORS["command: " + what]["bytes"]


@pytest.mark.parametrize(
    ("what", "decoder"),
    [
        ("BMI160 acc, range 4 g", MetaMotionDecoder(acc_range=4)),
        ("BMI160 packed acc, range 8 g", MetaMotionDecoder(acc_range=8)),
        ("BMI270 packed acc, range 8 g", MetaMotionDecoder(acc_range=8)),
        ("BMI160 gyro, range 500 dps", MetaMotionDecoder(gyro_range=500)),
        ("BMI160 packed gyro, range 1000 dps", MetaMotionDecoder(gyro_range=1000)),
    ],
)
def test_the_vendors_packets_give_the_vendors_samples(
    what: str, decoder: MetaMotionDecoder
) -> None:
    expected = VECTORS[what]["expected"]
    (frame,) = decoder(NOTIFY, bytes.fromhex(VECTORS[what]["bytes"]))
    if expected["units"] == "g":
        assert frame.gyr is None
        rows = frame.acc / STANDARD_GRAVITY
    else:
        assert frame.acc is None
        rows = np.degrees(frame.gyr)
    np.testing.assert_allclose(rows, expected["samples"], atol=5.1e-4)  # Given to 3 places.


def test_a_bmi270_sends_the_gyroscope_in_other_registers() -> None:
    decode = MetaMotion().decoder()
    single = decode(NOTIFY, b"\x13\x04" + b"\xa4\x00" * 3)
    packed = decode(NOTIFY, b"\x13\x05" + b"\xa4\x00" * 9)
    np.testing.assert_allclose(np.degrees(single[0].gyr), [[10.0] * 3])
    np.testing.assert_allclose(np.degrees(packed[0].gyr), [[10.0] * 3] * 3)


class Board:
    """Answers reads of registers and minds what is on."""

    def __init__(self, acc: str, gyro: str, haptic: str = "08800000") -> None:
        self.info = [bytes.fromhex(told) for told in (acc, gyro, haptic)]
        self.info.append(bytes.fromhex(VECTORS["battery state"]["bytes"]))
        self.on: set[int] = set()

    def __call__(self, characteristic: str, value: bytes) -> list[tuple[str, bytes]]:
        assert characteristic == metamotion.COMMAND
        if value[1] == metamotion.CONFIG:
            assert value[0] not in self.on, "configured while it streams"
        if value[1] == metamotion.POWER and value[0] in (metamotion.ACC, metamotion.GYRO):
            (self.on.add if value[2] else self.on.discard)(value[0])
        return [(NOTIFY, answer) for answer in self.info if answer[:2] == value]


def board(**told: str) -> ScriptedLink:
    return ScriptedLink(answer=Board(**told))


R = {"acc": "03800101", "gyro": VECTORS["gyroscope module with a BMI160"]["bytes"]}
S = {"acc": VECTORS["accelerometer module of a MetaMotion S"]["bytes"], "gyro": "13800100"}
AT_REST = ["030100", "03020001", "130100", "13020001"]


def written(link: ScriptedLink) -> list[str]:
    return [value for _, value in link.written]


def test_a_bmi160_starts_with_the_vendors_bytes() -> None:
    link, device = board(**R), MetaMotion()
    asyncio.run(device.start(link))
    # The vendor's commands, with 100 Hz and 16 g in the place of theirs.
    assert command("acc 200 Hz 8 g (BMI160)") == "03032908"
    assert command("gyro 200 Hz 2000 dps") == "13032900"
    assert written(link) == [
        "0380",
        "1380",
        *AT_REST,
        "0303280c",
        "13032800",
        command("subscribe packed acc BMI160"),
        command("subscribe packed gyro"),
        command("enable acc sampling"),
        command("enable gyro sampling"),
        "030101",
        command("start gyro"),
    ]
    assert device.timing.rate == 100
    asyncio.run(device.stop(link))
    assert written(link)[-4:] == AT_REST
    assert command("stop gyro") in AT_REST
    assert command("disable acc sampling") in AT_REST
    assert link.answer.on == set()


@pytest.mark.parametrize(
    ("what", "module", "register"),
    [
        ("acc 50 Hz, 2 g (BMI160)", metamotion.ACC, metamotion.CONFIG),
        ("gyro 50 Hz 125 dps", metamotion.GYRO, metamotion.CONFIG),
        ("unsubscribe acc", metamotion.ACC, metamotion.BMI160.acc_single),
        ("unsubscribe acc", metamotion.ACC, metamotion.BMI270.acc_single),
    ],
)
def test_the_vendors_other_commands_go_to_the_same_registers(
    what: str, module: int, register: int
) -> None:
    assert bytes.fromhex(command(what))[:2] == bytes([module, register])


def test_a_bmi270_has_its_own_codes_and_registers() -> None:
    link = board(**S)
    asyncio.run(MetaMotion().start(link))
    assert command("acc 50 Hz, default range byte 0x02 = 8 g (BMI270)") == "0303a702"
    assert written(link)[6:10] == [
        "0303a803",
        "13032800",
        command("subscribe packed acc BMI270"),
        "130501",
    ]


def test_an_old_firmware_sends_single_samples() -> None:
    link = board(acc="03800100", gyro="13800001")
    asyncio.run(MetaMotion().start(link))
    assert written(link)[8:10] == [command("subscribe acc"), command("subscribe gyro")]


def test_a_stream_left_on_is_ended_before_it_is_configured() -> None:
    link = board(**R)
    link.answer.on |= {metamotion.ACC, metamotion.GYRO}
    asyncio.run(MetaMotion().start(link))
    assert link.answer.on == {metamotion.ACC, metamotion.GYRO}


@pytest.mark.parametrize(
    ("acc", "gyro"), [("03800301", "1380"), ("0380", "1380"), ("03800101", "13800100")]
)
def test_a_board_with_another_sensor_is_refused(acc: str, gyro: str) -> None:
    link = board(acc=acc, gyro=gyro)
    with pytest.raises(SensorRefusedError, match="does not know"):
        asyncio.run(MetaMotion().start(link))
    assert written(link) == ["0380", "1380"]


def test_the_battery_is_the_vendors() -> None:
    link = board(**R)
    assert asyncio.run(MetaMotion().battery(link)) == 99
    assert written(link) == ["118c"]


@pytest.mark.parametrize(
    ("duration", "width"), [(0.25, "fa00"), (1.0, "e803"), (1e6, "ffff"), (-1.0, "0000")]
)
def test_it_buzzes_for_as_long_as_asked(duration: float, width: str) -> None:
    link = board(**R, haptic=VECTORS["haptic module that is there"]["bytes"])
    assert asyncio.run(MetaMotion().buzz(link, duration=duration))
    assert written(link) == ["0880", f"0801f8{width}00"]


def test_a_board_without_a_motor_driver_does_not_buzz() -> None:
    link = board(**R, haptic="0880")
    assert not asyncio.run(MetaMotion().buzz(link, duration=1.0))
    assert written(link) == ["0880"]


def test_answers_are_no_samples_and_cut_packets_are_refused() -> None:
    decode = MetaMotion().decoder()
    assert decode(NOTIFY, bytes.fromhex(VECTORS["battery state"]["bytes"])) == []
    with pytest.raises(DecodeError, match="no whole sample"):
        decode(NOTIFY, bytes.fromhex(VECTORS["BMI160 packed acc, range 8 g"]["bytes"])[:-2])


def test_it_is_known_by_its_service_or_name() -> None:
    def known(**told: object) -> bool:
        return MetaMotion.recognises(Advertisement(address="00:11:22:33:44:55", **told))

    assert known(services=(metamotion.SERVICE,))
    assert known(name="MetaWear")
    assert not known(name="Movella DOT")


def test_it_neither_stamps_nor_counts() -> None:
    timing = MetaMotion().timing
    assert (timing.tick, timing.tick_modulus, timing.index_modulus) == (None, None, None)
    assert MetaMotion().gyroscope


@given(
    st.one_of(
        st.binary(max_size=24),
        st.builds(
            lambda head, rest: bytes(head) + rest,
            st.sampled_from(sorted(metamotion.DATA_BYTES)),
            st.one_of(*(st.binary(min_size=n, max_size=n) for n in (0, 5, 6, 18, 19))),
        ),
    )
)
def test_no_bytes_raise_anything_but_a_decode_error(value: bytes) -> None:
    try:
        messages = MetaMotion().decoder()(NOTIFY, value)
    except DecodeError:
        return
    for message in messages:
        assert isinstance(message, Frame)
        rows = message.gyr if message.acc is None else message.acc
        assert rows.shape in ((1, 3), (3, 3))

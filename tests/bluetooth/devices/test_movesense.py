import asyncio
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink, vectors

from gaitcue.bluetooth.device import Advertisement, DecodeError, Frame, SensorRefusedError
from gaitcue.bluetooth.devices import movesense
from gaitcue.bluetooth.devices.movesense import NOTIFY, Movesense

VECTORS = vectors("movesense")
AFTER = " notification payload after the 2-byte GSP header"
IMU6 = bytes.fromhex(VECTORS["/Meas/IMU6/52" + AFTER]["bytes"])
IMU6_EXPECTED = VECTORS["/Meas/IMU6/52" + AFTER]["expected"]
DATA = bytes([movesense.DATA, movesense.IMU_REFERENCE])
PART2 = bytes([movesense.DATA_PART2, movesense.IMU_REFERENCE])

SUBSCRIBE = b"\x01\x0a/Meas/IMU6/52\0".hex()
UNSUBSCRIBE = "020a"
BATTERY = b"\x04\x0b/System/Energy/Level\0".hex()


def xyz(rows: list[dict]) -> np.ndarray:
    return np.array([[row["x"], row["y"], row["z"]] for row in rows])


def assert_is_the_captured_packet(messages: list) -> None:
    (frame,) = messages
    np.testing.assert_allclose(frame.acc, xyz(IMU6_EXPECTED["ArrayAcc"]), rtol=1e-6)
    np.testing.assert_allclose(np.degrees(frame.gyr), xyz(IMU6_EXPECTED["ArrayGyro"]), rtol=1e-6)
    assert frame.ticks == IMU6_EXPECTED["Timestamp"]


def test_a_captured_packet_gives_what_the_vendors_own_tool_gives() -> None:
    assert_is_the_captured_packet(Movesense().decoder()(NOTIFY, DATA + IMU6))


@pytest.mark.parametrize(
    ("path", "arrays"),
    [
        ("Acc/52", ["ArrayAcc"]),
        ("Gyro/52", ["ArrayGyro"]),
        ("Magn/13", ["ArrayMagn"]),
        ("IMU6/52", ["ArrayAcc", "ArrayGyro"]),
        ("IMU9/52", ["ArrayAcc", "ArrayGyro", "ArrayMagn"]),
    ],
)
def test_captured_vectors_come_block_by_block(path: str, arrays: list[str]) -> None:
    vector = VECTORS[f"/Meas/{path}{AFTER}"]
    stamp, values = movesense.parse_vectors(bytes.fromhex(vector["bytes"]), kinds=len(arrays))
    assert stamp == vector["expected"]["Timestamp"]
    for array, rows in zip(arrays, values, strict=True):
        np.testing.assert_allclose(rows, xyz(vector["expected"][array]), rtol=1e-6)


@pytest.mark.parametrize("cut", [1, 18, 60, 99])
def test_a_packet_in_two_parts_is_put_together(cut: int) -> None:
    decoder = Movesense().decoder()
    assert decoder(NOTIFY, DATA + IMU6[:cut]) == []
    assert_is_the_captured_packet(decoder(NOTIFY, PART2 + IMU6[cut:]))


def test_a_second_part_alone_is_an_error_and_never_joined_to_an_older_one() -> None:
    decoder = Movesense().decoder()
    with pytest.raises(DecodeError, match="first part"):
        decoder(NOTIFY, PART2 + IMU6[60:])
    assert decoder(NOTIFY, DATA + IMU6[:60]) == []  # Its second part gets lost.
    assert_is_the_captured_packet(decoder(NOTIFY, DATA + IMU6))
    with pytest.raises(DecodeError, match="first part"):
        decoder(NOTIFY, PART2 + IMU6[60:])


@pytest.mark.parametrize("what", ["/Meas/Temp", "/Meas/HR", "/Meas/Ecg/200/mV" + AFTER])
def test_other_measurements_are_not_taken_for_motion(what: str) -> None:
    payload = bytes.fromhex(VECTORS[what]["bytes"])
    other = bytes([movesense.DATA, movesense.IMU_REFERENCE + 5])
    assert Movesense().decoder()(NOTIFY, other + payload) == []
    with pytest.raises(DecodeError):
        movesense.parse_vectors(payload, kinds=2)


def test_values_that_are_no_numbers_are_refused() -> None:
    packet = IMU6[:4] + struct.pack("<f", float("nan")) + IMU6[8:]
    with pytest.raises(DecodeError, match="no numbers"):
        Movesense().decoder()(NOTIFY, DATA + packet)


class Sensor:
    """Answers GSP commands; `refused` is how often it does not subscribe."""

    def __init__(self, *, refused: int = 0, battery: bytes = b"\xc8\x00\x57") -> None:
        self.refused, self.battery = refused, battery
        self.streaming = False

    def __call__(self, characteristic: str, value: bytes) -> list[tuple[str, bytes]]:
        assert characteristic == movesense.COMMAND
        status = b"\xc8\x00"  # 200
        if value[0] == movesense.SUBSCRIBE:
            if self.refused:
                self.refused -= 1
                status = b"\x94\x01"  # 404
            else:
                self.streaming = True
        elif value[0] == movesense.UNSUBSCRIBE:
            status = status if self.streaming else b"\x94\x01"
            self.streaming = False
        elif value[0] == movesense.GET:
            status = self.battery
        # An answer to somebody else's question comes between.
        return [(NOTIFY, b"\x01\x63\x94\x01"), (NOTIFY, bytes([1, value[1]]) + status)]


def written(link: ScriptedLink) -> list[str]:
    return [value for _, value in link.written]


def test_it_subscribes_to_the_imu_and_ends_that() -> None:
    link, device = ScriptedLink(answer=Sensor()), Movesense()
    asyncio.run(device.start(link))
    assert link.subscribed == [NOTIFY]
    assert written(link) == [SUBSCRIBE]
    asyncio.run(device.stop(link))
    assert written(link) == [SUBSCRIBE, UNSUBSCRIBE]
    assert not link.answer.streaming
    decoder = device.decoder()
    assert [decoder(*notified) for notified in link.notified] == [[]] * 4


def test_a_subscription_left_on_is_made_anew() -> None:
    link = ScriptedLink(answer=Sensor(refused=1))
    asyncio.run(Movesense().start(link))
    assert written(link) == [SUBSCRIBE, UNSUBSCRIBE, SUBSCRIBE]


def test_a_firmware_without_the_imu_is_told() -> None:
    with pytest.raises(SensorRefusedError, match=r"status 404.*firmware"):
        asyncio.run(Movesense().start(ScriptedLink(answer=Sensor(refused=2))))


def test_a_firmware_that_does_not_answer_is_not_waited_for_forever() -> None:
    with pytest.raises(TimeoutError):
        asyncio.run(Movesense().start(ScriptedLink()))


def test_the_battery_is_asked_for() -> None:
    link = ScriptedLink(answer=Sensor())
    assert asyncio.run(Movesense().battery(link)) == 0x57
    assert written(link) == [BATTERY]
    untold = ScriptedLink(answer=Sensor(battery=b"\x94\x01"))
    assert asyncio.run(Movesense().battery(untold)) is None


def test_it_is_known_by_its_service_or_name() -> None:
    def known(**told: object) -> bool:
        return Movesense.recognises(Advertisement(address="00:11:22:33:44:55", **told))

    assert known(name="Movesense 174630000192")
    assert known(services=(movesense.SERVICE,))
    assert not known(name="Polar H10 12345678")


def test_its_time_is_in_milliseconds() -> None:
    timing = Movesense().timing
    assert (timing.rate, timing.tick, timing.tick_modulus) == (52.0, 1e-3, 2**32)
    assert Movesense().gyroscope


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.builds(
                lambda kind, payload: bytes([kind, movesense.IMU_REFERENCE]) + payload,
                st.sampled_from([1, 2, 3]),
                st.binary(max_size=60),
            ),
        ),
        max_size=6,
    )
)
def test_no_bytes_raise_anything_but_a_decode_error(notified: list[bytes]) -> None:
    decoder = Movesense().decoder()
    for value in notified:
        try:
            messages = decoder(NOTIFY, value)
        except DecodeError:
            continue
        for message in messages:
            assert isinstance(message, Frame)
            assert message.acc.shape == message.gyr.shape
            assert np.isfinite(message.acc).all()
            assert np.isfinite(message.gyr).all()

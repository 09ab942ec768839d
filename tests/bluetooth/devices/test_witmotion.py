import asyncio
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink, vectors

from gaitcue.bluetooth.device import Advertisement, DecodeError, Frame, Notice
from gaitcue.bluetooth.devices.witmotion import NOTIFY, SERVICE, WRITE, WitMotion
from gaitcue.imu import STANDARD_GRAVITY

VECTORS = vectors("witmotion")
COMMANDS = {what: vector["bytes"] for what, vector in VECTORS.items() if "command" in what}
CAPTURED = [what for what in VECTORS if "55 61 frame" in what]
UNSEEN_ANGLES = bytes(4)
"""The captures end before the last two angles, which do not matter."""
REGISTERS = b"\x55\x71\x3a\x00" + bytes(16)


def wave(number: int) -> bytes:
    return b"\x55\x61" + struct.pack("<9h", number, 100, 2048, -number, 5, 6, 7, 8, 9)


def numbers(messages) -> list[int]:
    """The `number` of each sample that was made by `wave`."""
    frames = [message for message in messages if isinstance(message, Frame)]
    return [round(x / (16 * STANDARD_GRAVITY) * 32768) for frame in frames for x in frame.acc[:, 0]]


@pytest.mark.parametrize("what", CAPTURED)
def test_captured_frames_give_what_was_measured(what: str) -> None:
    expected = VECTORS[what]["expected"]
    value = bytes.fromhex(VECTORS[what]["bytes"])
    decode = WitMotion().decoder()
    assert decode(NOTIFY, value) == []
    (frame,) = decode(NOTIFY, UNSEEN_ANGLES + wave(1))[:1]
    np.testing.assert_allclose(frame.acc[0] / STANDARD_GRAVITY, expected["acc_g"], atol=1e-6)
    np.testing.assert_allclose(np.degrees(frame.gyr[0]), expected["gyro_dps"], atol=1e-4)


def test_a_notification_may_hold_several_frames() -> None:
    (frame,) = WitMotion().decoder()(NOTIFY, b"".join(map(wave, range(8))))
    assert numbers([frame]) == list(range(8))
    assert frame.index is None
    assert frame.ticks is None


@given(st.lists(st.integers(1, 60), max_size=8))
def test_frames_survive_any_cut(cuts: list[int]) -> None:
    stream = b"".join([wave(1), wave(2), REGISTERS, wave(3), wave(4)])
    decode, found = WitMotion().decoder(), []
    for cut in [*cuts, len(stream)]:
        found += decode(NOTIFY, stream[:cut])
        stream = stream[cut:]
    assert numbers(found) == [1, 2, 3, 4]


def test_of_a_frame_cut_short_nothing_is_made_up() -> None:
    messages = WitMotion().decoder()(NOTIFY, wave(1) + wave(2)[:7] + wave(3) + wave(4))
    assert numbers(messages) == [3, 4] or numbers(messages) == [1, 3, 4]
    assert [type(message) for message in messages] == [Frame, Notice]


@pytest.mark.parametrize("length", range(1, 20))
def test_a_notification_cut_short_costs_its_own_frame_only(length: int) -> None:
    decode = WitMotion().decoder()
    assert decode(NOTIFY, wave(1)[:length]) == []
    assert numbers(decode(NOTIFY, wave(2) + wave(3))) == [2, 3]


def test_marks_inside_a_sample_are_no_frame() -> None:
    sample = b"\x55\x61" + b"\x01\x55\x61\x02" * 4 + b"\x00\x00"
    messages = WitMotion().decoder()(NOTIFY, sample[2:] + wave(7) + wave(8) + wave(9))
    assert numbers(messages) == [7, 8, 9]


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_any_bytes_are_decoded_or_refused(values: list[bytes]) -> None:
    decode = WitMotion().decoder()
    rows = 0
    for value in values:
        try:
            messages = decode(NOTIFY, value)
        except DecodeError:
            continue
        rows += sum(len(message.acc) for message in messages if isinstance(message, Frame))
    assert rows <= b"".join(values).count(b"\x55\x61")


def test_rubbish_alone_is_refused() -> None:
    with pytest.raises(DecodeError):
        WitMotion().decoder()(NOTIFY, bytes(20))


def test_it_sets_100_hz_without_saving_it() -> None:
    link = ScriptedLink()
    asyncio.run(WitMotion().start(link))
    assert link.subscribed == [NOTIFY]
    # As the maker's command for 50 Hz, with 9 for 100 Hz.
    rate = COMMANDS["command: rate 50 Hz"].replace("0308", "0309")
    assert link.written == [(WRITE, COMMANDS["command: unlock"]), (WRITE, rate)]
    asyncio.run(WitMotion().stop(link))
    assert len(link.written) == 2
    assert asyncio.run(WitMotion().battery(link)) is None


@pytest.mark.parametrize("what", COMMANDS)
def test_the_makers_commands_have_the_form_of_ours(what: str) -> None:
    command = bytes.fromhex(COMMANDS[what])
    assert len(command) == 5
    assert command.startswith(b"\xff\xaa")


def test_it_is_known_by_its_service_or_name() -> None:
    assert WitMotion.recognises(Advertisement(address="", services=(SERVICE,)))
    assert WitMotion.recognises(Advertisement(address="", name="WT901BLE67"))
    assert not WitMotion.recognises(Advertisement(address="", name="WT-Speaker"))

import asyncio
import json
import shutil
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink, vectors

from gaitcue.bluetooth.device import Advertisement, Battery, Frame, SensorRefusedError
from gaitcue.bluetooth.devices.bangle import CHUNK, LAYOUT, NOTIFY, START, WRITE, BangleJs2
from gaitcue.imu import STANDARD_GRAVITY

VECTOR = vectors("bangle")["one frame"]
FRAME = bytes.fromhex(VECTOR["bytes"])
NODE = shutil.which("node")


def numbered(index: int) -> bytes:
    body = LAYOUT.pack(b"\xa7\x47", index, 0, 93, *range(12), 0)[:-4]
    return body + zlib.crc32(body).to_bytes(4, "little")


def in_chunks(stream: bytes):
    return [stream[at : at + CHUNK] for at in range(0, len(stream), CHUNK)]


def decoded(chunks) -> list:
    decode = BangleJs2().decoder()
    return [message for chunk in chunks for message in decode(NOTIFY, chunk)]


def indices(messages) -> list[int]:
    return [message.index for message in messages if isinstance(message, Frame)]


def typed(link: ScriptedLink) -> str:
    assert all(to == WRITE and len(value) <= 2 * CHUNK for to, value in link.written)
    return bytes.fromhex("".join(value for _, value in link.written)).decode()


def test_a_frame_is_counted_stamped_and_scaled() -> None:
    expected = VECTOR["expected"]
    frame, battery = decoded(in_chunks(FRAME))
    assert (frame.index, frame.ticks) == (expected["index"], expected["ticks"])
    assert battery == Battery(percent=expected["percent"])
    counts = np.array(expected["acc_counts"])
    np.testing.assert_allclose(frame.acc, counts / 4096 * STANDARD_GRAVITY)
    assert frame.gyr is None


@given(st.lists(st.integers(1, 50), max_size=6))
def test_frames_are_found_between_the_consoles_text_however_cut(cuts: list[int]) -> None:
    text = b"\r\n>\xa7 uncaught \xa7\x47"
    stream = text + numbered(1) + text + numbered(2) + numbered(3) + text
    pieces = []
    for cut in cuts:
        pieces.append(stream[:cut])
        stream = stream[cut:]
    # Text that begins like a frame is settled once enough has come after it.
    messages = decoded([*pieces, stream, numbered(4), bytes(40)])
    assert indices(messages) == [1, 2, 3, 4]


@given(st.integers(0, 36), st.integers(1, 255))
def test_a_damaged_frame_is_left_out(at: int, damage: int) -> None:
    second = bytearray(numbered(2))
    second[at] ^= damage
    messages = decoded([numbered(1), bytes(second), numbered(3), bytes(40)])
    assert indices(messages) == [1, 3]


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_no_bytes_raise_and_none_make_a_sample(values: list[bytes]) -> None:
    assert decoded(values) == []


@pytest.mark.skipif(NODE is None, reason="node is not installed, which runs the watch's script")
def test_what_the_script_writes_is_what_was_measured() -> None:
    done = subprocess.run(
        [NODE, Path(__file__).parent / "watch.js", START], capture_output=True, check=True
    )
    watch = json.loads(done.stdout)
    frames = [
        message
        for message in decoded(in_chunks(b"".join(map(bytes.fromhex, watch["wrote"]))))
        if isinstance(message, Frame)
    ]
    acc = np.concatenate([frame.acc for frame in frames]) / STANDARD_GRAVITY
    # 1 of the firmware's g, which believes in a range of 4 g, are 2 g.
    np.testing.assert_allclose(acc, [[i / 4096, -1.0, 2.0] for i in range(8)])
    assert indices(frames) == [0, 4]
    assert [frame.ticks for frame in frames] == pytest.approx([0, 0.04 * 32768], abs=1)
    # Started anew, it first undid the one before; at the end of the connection itself.
    assert [step[1] for step in watch["did"] if step[0] == "setPollInterval"] == [10, 80, 10, 80]
    assert watch["did"][-1] == ["setOptions", {"powerSave": True}]
    assert (watch["left"], watch["here"]) == (0, "undefined")


def test_it_sends_the_script_in_small_pieces_and_waits_for_a_frame() -> None:
    def answer(characteristic: str, value: bytes):
        if characteristic == WRITE and value.endswith(b"\n"):
            yield NOTIFY, FRAME[:CHUNK]

    link = ScriptedLink(answer)
    asyncio.run(BangleJs2().start(link))
    assert link.subscribed == [NOTIFY]
    script = typed(link)
    assert script == f"\x03\x10{START}\n"
    assert script.count("\n") == 1


def test_a_watch_that_is_not_programmable_is_told_of() -> None:
    with pytest.raises(SensorRefusedError, match="programmable"):
        asyncio.run(BangleJs2().start(ScriptedLink()))


def test_it_ends_the_script_and_vibrates() -> None:
    link = ScriptedLink()
    asyncio.run(BangleJs2().stop(link))
    assert asyncio.run(BangleJs2().buzz(link, duration=0.25))
    assert typed(link) == "\x03\x10if(global.gaitcue)gaitcue();\n\x03\x10Bangle.buzz(250,1);\n"
    assert asyncio.run(BangleJs2().battery(link)) is None


def test_it_is_known_by_its_name() -> None:
    assert BangleJs2.recognises(Advertisement(address="", name="Bangle.js 12ab"))
    assert not BangleJs2.recognises(Advertisement(address="", name="Puck.js 12ab"))

"""The device's own program gives the bytes and the beats of the vectors."""

import json
import struct
from collections.abc import Iterator

import pytest
from simulated_board import FIRMWARE, VIBRATION, Output, SimulatedBoard, needs_node, pulses, sent

from gaitcue.bluetooth.devices.gaitcue_sensor import (
    CONTROL,
    CUE,
    FEATURE,
    MOTION,
    STATUS,
    parse_feature,
)

pytestmark = needs_node

START, STOP, SYNC, METRONOME, CUE_STOP = 0x01, 0x02, 0x03, 0x11, 0x13
STAMPS = {START: (7,), SYNC: (7, 11), METRONOME: (3,), 0x12: (3,)}
"""Where µs stand in the answer to a command."""
LATE = 0.020
"""s that a beat may be late, and a request may wait for the program."""
STARTING = 0.400
"""s that the motion unit takes to start."""
CUE_STATE, EVENT = 1, 2
"""Where they are in a status."""
MUTED = 2
MOST_ROWS = 19
VOLTS = {5: 3.5, 6: 3.52, None: 3.9}
"""Of a battery with so many percent."""


def vectors(name: str) -> list[dict]:
    return json.loads((FIRMWARE / "vectors" / f"{name}.json").read_text(encoding="utf-8"))


def request(board: SimulatedBoard, value: bytes, seconds: float = 0.011) -> bytes:
    """The answer to a request, which comes within `seconds`."""
    ((_, answer),) = sent(board.write(CONTROL, value) + board.run(seconds), CONTROL)
    return answer


def device_clock(board: SimulatedBoard) -> int:
    """µs that the device's clock is now."""
    outputs = board.write(CONTROL, struct.pack("<BI", SYNC, 1)) + board.run(0.011)
    ((time, answer),) = sent(outputs, CONTROL)
    (left,) = struct.unpack_from("<I", answer, 11)
    return left + round((board.time - time) * 1e6)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedBoard]:
    """One with a battery."""
    text = (FIRMWARE / "micropython/boards/esp32_mpu.py").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("board") / "board.py"
    path.write_text(text.replace("= None, 1", "= 35, 2"), encoding="utf-8")
    with SimulatedBoard(path) as board:
        yield board


def prepare(board: SimulatedBoard, *, mtu: int = 247, muted: bool = False) -> None:
    """A new connection, nothing streams or cues."""
    board.command("disconnect")
    board.run(0.06)
    board.command("connect", mtu)
    board.run(0.06)
    request(board, bytes([CUE_STOP]))
    board.run(0.5)  # the longest pause after a beat
    if (board.read(STATUS)[CUE_STATE] == MUTED) != muted:
        board.press(down=True)
        board.run(1.1)
        board.press(down=False)
        board.run(0.1)


def to_battery_look(board: SimulatedBoard) -> None:
    """Let the time come to when the device looks at its battery."""
    while all(each.what != "adc" for each in board.run(0.05)):
        pass


def with_added(value: bytes, microseconds: int, at: int) -> bytes:
    (number,) = struct.unpack_from("<I", value, at)
    return value[:at] + struct.pack("<I", (number + microseconds) % 2**32) + value[at + 4 :]


@pytest.mark.parametrize(
    "vector",
    [each for each in vectors("control") if each.get("axes") != 3],
    ids=lambda each: each["what"],
)
def test_requests_are_answered(board: SimulatedBoard, vector: dict) -> None:
    prepare(board, mtu=vector["mtu"], muted=vector.get("muted", False))
    if battery := vector.get("battery"):
        board.command("battery", VOLTS[battery])
        to_battery_look(board)
    value, expected = bytes.fromhex(vector["request"]), bytes.fromhex(vector["answer"])
    if "before" in vector:
        begun = request(board, bytes.fromhex(vector["before"]))
    if vector.get("before", "").startswith("11"):  # a metronome, which tells its first beat
        (now,) = struct.unpack_from("<I", begun, 3)
    else:
        now = device_clock(board)
    later = now - vector["us"]
    if value[0] == METRONOME and any(value[9:13]):
        value = with_added(value, later, 9)
    answer = request(board, value, STARTING if value[0] == START else 0.011)
    if expected[2] == 1:
        for at in STAMPS.get(value[0], ()):
            (told,) = struct.unpack_from("<I", answer, at)
            (due,) = struct.unpack_from("<I", expected, at)
            allowed = STARTING if value[0] == START else LATE
            assert 0 <= (told - due - later) / 1e6 <= allowed
            answer = answer[:at] + expected[at : at + 4] + answer[at + 4 :]
    assert answer.hex() == vector["answer"]
    if battery:
        board.command("battery", VOLTS[None])
        to_battery_look(board)


def play(board: SimulatedBoard, vector: dict) -> Iterator[Output]:
    begin = board.time
    for step in vector["steps"]:
        yield from board.run_until(begin + step["at_ms"] / 1e3)
        if "write" in step:
            yield from board.write(CONTROL, bytes.fromhex(step["write"]))
        if "write_cue" in step:
            yield from board.write(CUE, bytes.fromhex(step["write_cue"]))
        if "button" in step:
            yield from board.press(down=step["button"] == "down")
        if "link" in step:
            lost = step["link"] == "lost"
            yield from board.command(*(["disconnect"] if lost else ["connect", 247]))
        if "battery" in step:
            yield from board.command("battery", VOLTS[step["battery"]])
        if "stall_ms" in step:
            yield from board.command("stall", step["stall_ms"] / 1e3)
    yield from board.run_until(begin + vector["until_ms"] / 1e3)


@pytest.mark.parametrize("vector", vectors("cue"), ids=lambda each: each["what"])
def test_what_the_wearer_feels(board: SimulatedBoard, vector: dict) -> None:
    if vector["us"]:
        with SimulatedBoard() as another:
            another.leap(vector["us"] / 1e6 - 1)
            prepare(another)
            another.run((vector["us"] - device_clock(another)) / 1e6)
            check_what_is_felt(another, vector)
        return
    prepare(board)
    low = any("battery" in step for step in vector["steps"])
    if low:  # it is looked at every 10 s: let that be when the vector's has changed
        to_battery_look(board)
        board.run(8.75)
    check_what_is_felt(board, vector)
    if low:
        board.command("battery", VOLTS[None])
        to_battery_look(board)


def check_what_is_felt(board: SimulatedBoard, vector: dict) -> None:
    begin = board.time
    felt = [
        ((at - begin) * 1e3, 1, level * 100, length * 1e3)
        for at, level, length in pulses(list(play(board, vector)), VIBRATION)
    ]
    assert len(felt) == len(vector["pulses"]), felt
    for (at, output, level, length), (due, outputs, wanted, long) in zip(
        felt, vector["pulses"], strict=True
    ):
        assert -0.001 <= at - due <= LATE * 1e3
        assert output == outputs
        assert level == pytest.approx(wanted, abs=0.1)
        assert length == pytest.approx(long, abs=LATE * 1e3)
    status = board.read(STATUS)
    assert status[CUE_STATE] == vector["cue"]
    assert "event" not in vector or status[EVENT] == vector["event"]


@pytest.mark.parametrize(
    "vector",
    [each for each in vectors("motion") if len(each["counts"]) <= MOST_ROWS],
    ids=lambda each: each["what"],
)
def test_counts_are_packed(board: SimulatedBoard, vector: dict) -> None:
    layout, counts = vector["layout"], vector["counts"]
    prepare(board)
    board.command("counts", [[*row, 0, 0, 0][:6] for row in counts])
    started = board.write(CONTROL, struct.pack("<BHBB", START, 1000, layout, len(counts)))
    (_, packet), *_ = sent(started + board.run(0.7), MOTION)
    request(board, bytes([STOP]))
    expected = bytes.fromhex(vector["bytes"])
    assert packet[:2] == bytes([layout, expected[1]])
    assert packet[8:] == expected[8:]


def test_the_features_are_those_of_the_board(board: SimulatedBoard) -> None:
    bits, rate, acc, gyr = parse_feature(board.read(FEATURE))
    assert bits == 0b11110111  # all but a tone
    assert (rate, acc, gyr) == (100.0, 1 / 2048, 2000 / 32768)

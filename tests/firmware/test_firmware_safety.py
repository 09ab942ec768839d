"""Whatever goes wrong on the device, nothing stays on at the wearer's body, and the host is told.

The rules for leases, links, buttons and batteries are held to the vectors in
`test_firmware_vectors.py`; here it is the device itself that fails.
"""

import struct
from pathlib import Path

import pytest
from simulated_board import (
    FIRMWARE,
    VIBRATION,
    WATCHDOG_CAUSE,
    BoardResetError,
    Output,
    SimulatedBoard,
    needs_node,
    pulses,
    sent,
)

from gaitcue.bluetooth.devices.gaitcue_sensor import CONTROL, CUE, FEATURE, MOTION, STATUS

pytestmark = needs_node

START = struct.pack("<BHBB", 1, 1000, 2, 5)
METRONOME = struct.pack("<BBBHIIHB", 0x11, 1, 80, 75, 500_000, 0, 100, 1)
PULSE = struct.pack("<BBBH", 0x10, 1, 80, 500)
FAULT = 0x80
MODEL = "00002a24-0000-1000-8000-00805f9b34fb"
SUCCESS, FAILED, NOT_PERMITTED = 1, 4, 5
REFUSED = 7
"""An event."""


def connect(board: SimulatedBoard) -> None:
    board.run(0.3)  # it may look for its motion sensor several times
    board.command("connect", 247)
    board.run(0.06)


def result(board: SimulatedBoard, value: bytes, seconds: float = 0.5) -> int:
    ((_, answer),) = sent(board.write(CONTROL, value) + board.run(seconds), CONTROL)
    return answer[2]


def state(board: SimulatedBoard) -> tuple[int, int, int]:
    """State, last event and faults."""
    value = board.read(STATUS)
    return value[0], value[2], value[5]


def off_at_the_end(outputs: list[Output]) -> bool:
    levels = [each.rest[1] for each in outputs if each.what == "pin" and each.rest[0] == VIBRATION]
    return bool(levels) and levels[-1] == 0


def test_a_program_that_stands_still_is_reset_and_what_was_on_goes_off() -> None:
    with SimulatedBoard() as board:
        connect(board)
        outputs = board.write(CONTROL, START) + board.run(0.5)
        assert result(board, METRONOME) == SUCCESS
        board.run(0.21)  # just before a beat ends
        board.command("hang", 60.0)
        with pytest.raises(BoardResetError) as reset:
            board.run(5.0)
    assert reset.value.outputs[-1].what == "reset"
    assert reset.value.outputs[-1].time - board.time < 2.2
    outputs = reset.value.outputs
    assert not any(each.what == "pin" and each.rest[1] for each in outputs[-1:])
    with SimulatedBoard(cause=WATCHDOG_CAUSE) as again:
        connect(again)
        assert not pulses(again.first + again.run(3.0))
        assert state(again) == (0, 6, 0x08)
        assert result(again, METRONOME) == SUCCESS  # it works, and has told what happened


def test_a_pulse_that_is_on_while_the_program_stands_still_ends_with_the_watchdog() -> None:
    with SimulatedBoard() as board:
        connect(board)
        outputs = board.write(CONTROL, PULSE) + board.run(0.1)
        with pytest.raises(BoardResetError) as reset:
            board.command("stall", 3.0)
    assert off_at_the_end(outputs + reset.value.outputs)
    ((_, _, length),) = pulses(outputs + reset.value.outputs)
    assert length < 2.1


def test_after_a_fault_of_the_program_there_is_no_cue() -> None:
    with SimulatedBoard() as board:
        connect(board)
        assert result(board, METRONOME) == SUCCESS
        outputs = board.run(0.2)
        board.write(CONTROL, START)
        board.command("fail", MOTION)
        outputs += board.run(0.6)
        board.command("fail", "")
        outputs += board.run(0.2)
        assert state(board)[0::2] == (FAULT, 0x10)
        assert off_at_the_end(outputs)
        after = board.run(3.0)
        assert not pulses(after)
        assert result(board, METRONOME) == FAILED
        assert result(board, PULSE) == FAILED
        assert result(board, START) == FAILED
        printed = [str(each.rest[0]) for each in outputs if each.what == "print"]
        assert any("TypeError" in line for line in printed)
        board.write(CUE, b"\x04")
        board.run(2.0)  # it is still fed, and answers


def test_a_motion_sensor_that_no_longer_answers_ends_the_cue() -> None:
    with SimulatedBoard() as board:
        connect(board)
        assert result(board, START) == SUCCESS
        assert result(board, METRONOME) == SUCCESS
        board.command("silent", 10**6)
        outputs = board.run(2.0)
        assert state(board) == (FAULT, 4, 0x01)
        assert not pulses(outputs[-20:]) or off_at_the_end(outputs)
        assert not pulses(board.run(2.0))
        assert result(board, METRONOME) == FAILED
        board.command("silent", 0)
        assert result(board, METRONOME) == FAILED  # not until it is switched off and on


@pytest.mark.parametrize("unit", ["none"])
def test_without_a_motion_sensor_it_says_so(unit: str) -> None:
    with SimulatedBoard(unit=unit) as board:
        connect(board)
        assert state(board) == (FAULT, 4, 0x01)
        assert result(board, START) == FAILED
        assert result(board, METRONOME) == FAILED
        assert result(board, struct.pack("<BI", 3, 1)) == SUCCESS  # SYNC
        assert result(board, b"\x13") == SUCCESS


def test_a_motion_sensor_that_measures_nothing_plausible_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "motion.bin"
    path.write_bytes(struct.pack("<6h", 10, 20, 30, 0, 0, 0))  # no gravity
    with SimulatedBoard(motion=str(path)) as board:
        connect(board)
        assert result(board, START, 0.5) == FAILED
        assert state(board) == (FAULT, 4, 0x02)
        assert result(board, METRONOME) == FAILED


def test_a_buffer_that_works_otherwise_than_assumed_is_refused() -> None:
    with SimulatedBoard(unit="MPU-6886", short=True) as board:
        connect(board)
        assert result(board, START) == FAILED
        assert state(board) == (FAULT, 4, 0x02)


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("VIBRATION = 25", "VIBRATION = 34", "VIBRATION cannot be pin 34"),
        ("VIBRATION = 25", "VIBRATION = 22", "SCL and VIBRATION cannot both be pin 22"),
        ("BUZZER = None", "", "BUZZER is missing"),
        ("LIGHT, LIGHT_ON = 2, 1", "LIGHT, LIGHT_ON = 2, 7", "LIGHT_ON must be 0 or 1"),
        ("MODEL = ", "MODEL = = ", "invalid syntax"),
    ],
)
def test_a_wrong_board_file_is_told_and_nothing_is_driven(
    was: str, becomes: str, sentence: str, tmp_path: Path
) -> None:
    text = (FIRMWARE / "micropython/boards/esp32_mpu.py").read_text(encoding="utf-8")
    assert was in text
    path = tmp_path / "board.py"
    path.write_text(text.replace(was, becomes), encoding="utf-8")
    with SimulatedBoard(path) as board:
        assert any(sentence in str(each.rest[0]) for each in board.first if each.what == "print")
        connect(board)
        assert state(board)[0::2] == (FAULT, 0x04)
        assert result(board, METRONOME) == FAILED
        assert not [each for each in board.run(1.0) if each.what == "pin"]


def test_everything_is_off_from_the_start() -> None:
    with SimulatedBoard("m5stickc_plus2") as board:
        pins = [each for each in board.first if each.what == "pin"]
        assert pins[0].rest == (4, 1)  # the power is held before anything else
        assert pins[0].time == 0.0
        assert not any(each.rest[0] in (2, 32) and each.rest[1] for each in pins)


def test_the_board_with_a_buzzer_beats_on_it() -> None:
    with SimulatedBoard("m5stickc_plus2", unit="MPU-6886") as board:
        connect(board)
        assert board.read(MODEL) == b"M5StickC Plus2"
        assert board.read(FEATURE)[2] & 0b1100 == 0b1000
        tone = METRONOME.replace(b"\x11\x01", b"\x11\x02", 1)
        outputs = board.write(CONTROL, tone) + board.run(1.6)
        felt = pulses(outputs, pin=2)
        assert [level for _, level, _ in felt] == pytest.approx([0.4] * 4, abs=0.01)
        light = struct.pack("<BBBH", 0x10, 4, 100, 400)
        board.write(CONTROL, b"\x13")
        board.run(0.1)
        outputs = board.write(CONTROL, light) + board.run(1.0)
        assert any(each.rest == (19, 1) for each in outputs if each.what == "pin")


def test_whoever_interrupts_it_over_usb_finds_everything_off_and_is_not_reset() -> None:
    with SimulatedBoard() as board:
        connect(board)
        outputs = board.write(CONTROL, PULSE) + board.run(0.1)
        outputs += board.command("wish", "interrupt")
        assert off_at_the_end(outputs)
        assert outputs[-1].what == "ended"
        board.run(60.0)


def test_a_link_that_is_lost_while_the_program_works_is_no_fault() -> None:
    with SimulatedBoard() as board:
        for _ in range(3):
            connect(board)
            assert result(board, START) == SUCCESS
            board.run(1.0)
            board.command("then", ["disconnect"])
            board.run(1.0)
            assert state(board)[0::2] == (0, 0)


def test_a_second_request_while_one_is_pending_is_refused_and_the_first_is_answered() -> None:
    with SimulatedBoard() as board:
        connect(board)
        outputs = board.write(CONTROL, METRONOME) + board.write(CONTROL, b"\x02")
        outputs += board.run(0.1)
        answers = [value[:3] for _, value in sent(outputs, CONTROL)]
        assert sorted(answers) == [b"\x80\x02\x04", b"\x80\x11\x01"]


def test_stop_is_obeyed_in_a_flood_of_other_writes() -> None:
    with SimulatedBoard() as board:
        connect(board)
        outputs = board.write(CONTROL, METRONOME) + board.run(0.6)
        for _ in range(20):
            outputs += board.write(CUE, b"\x04")
        outputs += board.write(CUE, b"\x13") + board.run(3.0)
        assert len(pulses(outputs)) == 2
        assert off_at_the_end(outputs)
        assert state(board)[1] == REFUSED  # of all the others some were left out

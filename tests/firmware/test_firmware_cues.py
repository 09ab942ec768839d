"""The live walk's vibration output on the sensor's own program: beats under a lease."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from board_link import BoardLink
from simulated_board import SimulatedBoard, needs_node, pulses, sent

from gaitcue.app.vibration import Vibration
from gaitcue.bluetooth.devices.gaitcue_protocol import CONTROL, STATUS
from gaitcue.bluetooth.devices.gaitcue_sensor import GaitcueSensor
from gaitcue.bluetooth.virtual import run_in_simulated_time
from gaitcue.events import (
    CueChange,
    CueEnd,
    CuePattern,
    CuePlayed,
    CueStart,
    CueStrength,
    OutputChange,
)

pytestmark = needs_node

LATE = 0.02
"""s that a beat may be late, by the protocol."""
FIRST = 0.2
"""s from a command until its first beat is to be felt, as a slow loudspeaker would have it."""


class Rig:
    """A board whose sensor streams, and the output that vibrates it."""

    def __init__(self, board: SimulatedBoard) -> None:
        self.board = board
        self.device = GaitcueSensor()
        self.link = BoardLink(board, lambda *_: None)
        self.vibration = Vibration(self.device, "shank")
        self.loop = asyncio.get_running_loop()

    async def start(self) -> None:
        await self.device.start(self.link)
        self.vibration.linked(self.link)
        await asyncio.sleep(1.0)  # it learns the sensor's clock

    async def again(self) -> None:
        """Over a new link."""
        outputs = self.link.outputs
        await self.link.close()
        self.link = BoardLink(self.board, lambda *_: None)
        self.link.outputs = outputs
        await self.start()

    def begin(self, tempo: float = 120.0) -> float:
        """Begin a cue; gives when its first beat is to be felt."""
        now = self.loop.time()
        self.vibration.take(cue(now, tempo), now + FIRST)
        return now + FIRST

    def felt(self) -> list[float]:
        """When each pulse began, s on the loop's clock."""
        return [at - self.link.offset for at, *_ in pulses(self.link.outputs)]


COMMON = {"pattern": CuePattern.BEAT, "strength": CueStrength.CLEAR}


def cue(now: float, tempo: float) -> CueStart:
    return CueStart(
        time=now, decided=now, tempo=tempo, reason="freeze_start", latency=0.0, **COMMON
    )


def change(now: float, tempo: float) -> CueChange:
    return CueChange(time=now, decided=now, start=0.0, tempo=tempo, reason="cadence", **COMMON)


def end(now: float) -> CueEnd:
    return CueEnd(time=now, decided=now, start=0.0, beats=8, reason="walking")


def run(scenario: Callable[[Rig], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        with SimulatedBoard(unit="MPU-6886", skew=0.01) as board:
            rig = Rig(board)
            await rig.start()
            await scenario(rig)
            rig.vibration.close()
            await rig.link.close()

    run_in_simulated_time(all_of_it())


def test_beats_are_felt_when_the_host_means_them_and_go_on() -> None:
    async def scenario(rig: Rig) -> None:
        first = rig.begin()
        await asyncio.sleep(10.0)
        felt = rig.felt()
        assert len(felt) == 20
        for number, at in enumerate(felt):
            assert -0.005 <= at - first - number * 0.5 <= LATE
        (ready, played) = rig.vibration.reports()
        assert isinstance(ready, OutputChange)
        assert isinstance(played, CuePlayed)
        assert played.time == pytest.approx(felt[0], abs=LATE)
        assert played.time <= played.decided
        assert 0.02 < rig.vibration.delay < 0.06

    run(scenario)


def test_another_tempo_takes_effect_at_the_next_beat_and_an_end_at_once() -> None:
    async def scenario(rig: Rig) -> None:
        rig.begin()
        await asyncio.sleep(3.0)
        now = rig.loop.time()
        rig.vibration.take(change(now, 80.0), now)
        await asyncio.sleep(4.0)
        before = len(rig.felt())
        now = rig.loop.time()
        rig.vibration.take(end(now), now)
        await asyncio.sleep(5.0)
        felt = rig.felt()
        assert len(felt) == before  # and no two pulses that say that help is off
        steps = [later - at for at, later in pairwise(felt)]
        assert steps[:5] == pytest.approx([0.5] * 5, abs=LATE)
        assert steps[-4:] == pytest.approx([0.75] * 4, abs=LATE)

    run(scenario)


def test_a_computer_that_dies_leaves_beats_for_one_lease_only() -> None:
    async def scenario(rig: Rig) -> None:
        first = rig.begin()
        await asyncio.sleep(5.0)
        died = rig.loop.time()
        rig.vibration._task.cancel()
        await asyncio.sleep(10.0)
        beats = [at for at in rig.felt() if round((at - first) / 0.5, 1) % 1 == 0]
        assert beats[-1] < died + 3.1
        assert len(rig.felt()) >= len(beats)
        assert rig.board.read(STATUS)[1] == 3

    run(scenario)


def test_a_gap_in_the_link_is_not_felt() -> None:
    async def scenario(rig: Rig) -> None:
        first = rig.begin()
        await asyncio.sleep(4.0)
        rig.vibration.linked(None)
        rig.link.lose()
        await asyncio.sleep(0.7)
        await rig.again()
        await asyncio.sleep(5.0)
        felt = rig.felt()
        assert len(felt) >= 20
        for number, at in enumerate(felt):
            assert -0.01 <= at - first - number * 0.5 <= LATE

    run(scenario)


def test_a_link_that_stays_lost_ends_the_cue_with_its_lease() -> None:
    async def scenario(rig: Rig) -> None:
        rig.begin()
        await asyncio.sleep(4.0)
        lost = rig.loop.time()
        rig.vibration.linked(None)
        rig.link.lose()
        await asyncio.sleep(10.0)
        assert lost + 1.5 < rig.felt()[-1] < lost + 3.6
        assert rig.board.read(STATUS)[1] == 3
        *_, gone = rig.vibration.reports()
        assert isinstance(gone, OutputChange)
        assert not gone.working

    run(scenario)


def test_a_wearer_who_mutes_is_obeyed_and_told_to_the_host() -> None:
    async def scenario(rig: Rig) -> None:
        rig.begin()
        await asyncio.sleep(3.0)
        rig.board.press(down=True)
        await asyncio.sleep(0.1)
        rig.board.press(down=False)
        count = len(rig.felt())
        await asyncio.sleep(3.0)
        assert len(rig.felt()) == count
        *_, muted = rig.vibration.reports()
        assert isinstance(muted, OutputChange)
        assert not muted.working
        assert "wearer" in muted.detail
        rig.begin()
        await asyncio.sleep(3.0)
        assert len(rig.felt()) == count

    run(scenario)


def test_stopping_the_sensor_stops_its_cue() -> None:
    async def scenario(rig: Rig) -> None:
        rig.begin()
        await asyncio.sleep(3.0)
        rig.vibration.linked(None)  # as the link does first
        await rig.device.stop(rig.link)
        count = len(rig.felt())
        await asyncio.sleep(5.0)
        assert len(rig.felt()) == count
        assert sent(rig.link.outputs, CONTROL)[-1][1] == b"\x80\x02\x01"

    run(scenario)

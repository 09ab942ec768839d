"""The live walk's vibration output on the sensor's own program: beats under a lease."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from board_link import BoardLink
from cue_rig import LATE, CueRig, ends_with_its_lease, obeys_its_wearer, on_the_beat
from simulated_board import SimulatedBoard, needs_node, pulses, sent

from gaitcue.bluetooth.devices.gaitcue_protocol import CONTROL, STATUS
from gaitcue.bluetooth.virtual import run_in_simulated_time
from gaitcue.events import CuePlayed, OutputChange

pytestmark = needs_node


class Rig(CueRig):
    """A board as the sensor."""

    def __init__(self, board: SimulatedBoard) -> None:
        super().__init__(BoardLink(board, lambda *_: None))
        self.board = board

    def pulses(self) -> list[float]:
        return [at for at, *_ in pulses(self.link.outputs)]

    async def again(self) -> None:
        """Over a new link."""
        outputs = self.link.outputs
        await self.link.close()
        self.link = BoardLink(self.board, lambda *_: None)
        self.link.outputs = outputs
        await self.start()


def run(scenario: Callable[[Rig], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        with SimulatedBoard(unit="MPU-6886", skew=0.01) as board:
            rig = Rig(board)
            await rig.start()
            await scenario(rig)
            await rig.close()

    run_in_simulated_time(all_of_it())


def test_beats_are_felt_when_the_host_means_them_and_go_on() -> None:
    async def scenario(rig: Rig) -> None:
        first = rig.begin()
        await asyncio.sleep(10.0)
        felt = rig.felt()
        assert len(felt) == 20
        on_the_beat(felt, first)
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
        rig.change(80.0)
        await asyncio.sleep(4.0)
        before = len(rig.felt())
        rig.end()
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
        on_the_beat(felt, first, early=0.01)  # the clock is learnt anew

    run(scenario)


def test_a_link_that_stays_lost_ends_the_cue_with_its_lease() -> None:
    async def scenario(rig: Rig) -> None:
        rig.begin()
        await asyncio.sleep(4.0)
        await ends_with_its_lease(rig)
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
        await obeys_its_wearer(rig)

    run(scenario)


def test_stopping_the_sensor_stops_its_cue() -> None:
    async def scenario(rig: Rig) -> None:
        rig.begin()
        await asyncio.sleep(3.0)
        rig.vibration.linked(None)  # as the link does first
        await rig.device.stop(rig.link)
        await rig.stays_silent(5.0)
        assert sent(rig.link.outputs, CONTROL)[-1][1] == b"\x80\x02\x01"

    run(scenario)

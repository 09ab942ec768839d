"""The live walk's vibration output on the watch: beats that it keeps itself, and its STOP."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from board_link import BoardLink
from cue_rig import CueRig, ends_with_its_lease, obeys_its_wearer, on_the_beat
from node_watch import MISSING, NODE, PlayedWatch
from simulated_board import Output

from gaitcue.bluetooth.devices.gaitcue_protocol import STATUS
from gaitcue.bluetooth.virtual import run_in_simulated_time

pytestmark = pytest.mark.skipif(NODE is None, reason=MISSING)


class WatchBoard(PlayedWatch):
    """The watch as `BoardLink` takes a board."""

    def __init__(self, **options: Any) -> None:
        self._outputs: list[Output] = []
        super().__init__(**options)

    def _sent(self, time: float, characteristic: str, value: bytes) -> None:
        self._outputs.append(Output(time, "notify", (characteristic, value.hex())))

    def _taken(self) -> list[Output]:
        outputs, self._outputs = self._outputs, []
        return outputs

    def command(self, what: str, *_: Any) -> list[Output]:
        self.do(what)
        return self._taken()

    def run_until(self, time: float) -> list[Output]:
        if time > self.time:
            self.do("advance", (time - self.time) * 1000)
        return self._taken()

    def read(self, characteristic: str) -> bytes:
        return bytes.fromhex(self.do("read", characteristic))

    def write(self, characteristic: str, value: bytes) -> list[Output]:
        self.do("write", int(characteristic[7]), value.hex())
        return self._taken()


class Rig(CueRig):
    """A watch as the sensor."""

    def __init__(self, watch: WatchBoard) -> None:
        super().__init__(BoardLink(watch, lambda *_: None, mtu=131))  # type: ignore[arg-type]
        self.watch = watch

    def pulses(self) -> list[float]:
        return [at for at, *_ in self.watch.pulses]


def run(scenario: Callable[[Rig], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        with WatchBoard(skew=0.02) as watch:
            rig = Rig(watch)
            await rig.start()
            await scenario(rig)
            await rig.close()

    run_in_simulated_time(all_of_it())


def test_beats_are_felt_when_the_host_means_them_until_it_ends_them() -> None:
    async def scenario(rig: Rig) -> None:
        first = rig.begin()
        await asyncio.sleep(10.0)
        felt = rig.felt()
        assert len(felt) == 20
        on_the_beat(felt, first)
        rig.end()
        await rig.stays_silent(5.0)

    run(scenario)


def test_stop_on_the_screen_is_obeyed_and_the_host_says_so() -> None:
    async def scenario(rig: Rig) -> None:
        rig.begin()
        await asyncio.sleep(3.0)
        rig.watch.do("touch", 88, 130)
        await obeys_its_wearer(rig)

    run(scenario)


def test_a_link_that_stays_lost_ends_the_cue_with_its_lease() -> None:
    async def scenario(rig: Rig) -> None:
        rig.begin()
        await asyncio.sleep(4.0)
        await ends_with_its_lease(rig)
        assert rig.watch.read(STATUS)[1] == 3

    run(scenario)

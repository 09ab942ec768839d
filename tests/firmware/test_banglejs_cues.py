"""The live walk's vibration output on the watch: beats that it keeps itself, and its STOP."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from board_link import BoardLink
from node_watch import MISSING, NODE, PlayedWatch
from simulated_board import Output

from gaitcue.app.vibration import Vibration
from gaitcue.bluetooth.devices.gaitcue_protocol import STATUS
from gaitcue.bluetooth.devices.gaitcue_sensor import GaitcueSensor
from gaitcue.bluetooth.virtual import run_in_simulated_time
from gaitcue.events import CueEnd, CuePattern, CueStart, CueStrength, OutputChange

pytestmark = pytest.mark.skipif(NODE is None, reason=MISSING)

LATE = 0.02
"""s that a beat may be late, by the protocol."""
FIRST = 0.2
"""s from a command until its first beat is to be felt."""
COMMON: dict[str, Any] = {"pattern": CuePattern.BEAT, "strength": CueStrength.CLEAR}


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


class Rig:
    """A watch that streams, and the output that vibrates it."""

    def __init__(self, watch: WatchBoard) -> None:
        self.watch = watch
        self.device = GaitcueSensor()
        self.link = BoardLink(watch, lambda *_: None, mtu=131)  # type: ignore[arg-type]
        self.vibration = Vibration(self.device, "shank")
        self.loop = asyncio.get_running_loop()

    def begin(self) -> float:
        """Begin a cue of 120 beats a minute; gives when its first beat is to be felt."""
        now = self.loop.time()
        cue = CueStart(
            time=now, decided=now, tempo=120.0, reason="freeze_start", latency=0.0, **COMMON
        )
        self.vibration.take(cue, now + FIRST)
        return now + FIRST

    def felt(self) -> list[float]:
        """When each pulse began, s on the loop's clock."""
        return [at - self.link.offset for at, *_ in self.watch.pulses]


def run(scenario: Callable[[Rig], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        with WatchBoard(skew=0.02) as watch:
            rig = Rig(watch)
            await rig.device.start(rig.link)
            rig.vibration.linked(rig.link)
            await asyncio.sleep(1.0)  # it learns the watch's clock
            await scenario(rig)
            rig.vibration.close()
            await rig.link.close()

    run_in_simulated_time(all_of_it())


def test_beats_are_felt_when_the_host_means_them_until_it_ends_them() -> None:
    async def scenario(rig: Rig) -> None:
        first = rig.begin()
        await asyncio.sleep(10.0)
        felt = rig.felt()
        assert len(felt) == 20
        for number, at in enumerate(felt):
            assert -0.005 <= at - first - number * 0.5 <= LATE
        now = rig.loop.time()
        rig.vibration.take(CueEnd(time=now, decided=now, start=0.0, beats=8, reason="walking"), now)
        await asyncio.sleep(5.0)
        assert len(rig.felt()) == 20

    run(scenario)


def test_stop_on_the_screen_is_obeyed_and_the_host_says_so() -> None:
    async def scenario(rig: Rig) -> None:
        rig.begin()
        await asyncio.sleep(3.0)
        rig.watch.do("touch", 88, 130)
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


def test_a_link_that_stays_lost_ends_the_cue_with_its_lease() -> None:
    async def scenario(rig: Rig) -> None:
        rig.begin()
        await asyncio.sleep(4.0)
        lost = rig.loop.time()
        rig.vibration.linked(None)
        rig.link.lose()
        await asyncio.sleep(10.0)
        assert lost + 1.5 < rig.felt()[-1] < lost + 3.6
        assert rig.watch.read(STATUS)[1] == 3

    run(scenario)

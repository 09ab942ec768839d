"""The live walk's vibration output on a sensor that keeps the beats itself, in simulated time."""

import asyncio
from typing import Any

from board_link import BoardLink

from gaitcue.app.vibration import Vibration
from gaitcue.bluetooth.devices.gaitcue_sensor import GaitcueSensor
from gaitcue.events import CueChange, CueEnd, CuePattern, CueStart, CueStrength, OutputChange

LATE = 0.02
"""s that a beat may be late, by the protocol."""
EARLY = 0.005
"""s that it may come early: as well as the clocks are known."""
FIRST = 0.2
"""s from a command until its first beat is to be felt, as a slow loudspeaker would have it."""
COMMON: dict[str, Any] = {"pattern": CuePattern.BEAT, "strength": CueStrength.CLEAR}


class CueRig:
    """A sensor that streams over `link`, and the output that vibrates it."""

    def __init__(self, link: BoardLink) -> None:
        self.device = GaitcueSensor()
        self.link = link
        self.vibration = Vibration(self.device, "shank")
        self.loop = asyncio.get_running_loop()

    def pulses(self) -> list[float]:
        """When each pulse began, s on the sensor's clock."""
        raise NotImplementedError

    async def start(self) -> None:
        await self.device.start(self.link)
        self.vibration.linked(self.link)
        await asyncio.sleep(1.0)  # it learns the sensor's clock

    async def close(self) -> None:
        self.vibration.close()
        await self.link.close()

    def begin(self, tempo: float = 120.0) -> float:
        """Begin a cue; gives when its first beat is to be felt."""
        now = self.loop.time()
        cue = CueStart(
            time=now, decided=now, tempo=tempo, reason="freeze_start", latency=0.0, **COMMON
        )
        self.vibration.take(cue, now + FIRST)
        return now + FIRST

    def change(self, tempo: float) -> None:
        now = self.loop.time()
        change = CueChange(
            time=now, decided=now, start=0.0, tempo=tempo, reason="cadence", **COMMON
        )
        self.vibration.take(change, now)

    def end(self) -> None:
        now = self.loop.time()
        self.vibration.take(
            CueEnd(time=now, decided=now, start=0.0, beats=8, reason="walking"), now
        )

    def felt(self) -> list[float]:
        """When each pulse began, s on the loop's clock."""
        return [at - self.link.offset for at in self.pulses()]

    async def stays_silent(self, seconds: float = 3.0) -> None:
        """Nothing more is felt for so long."""
        count = len(self.felt())
        await asyncio.sleep(seconds)
        assert len(self.felt()) == count


def on_the_beat(felt: list[float], first: float, early: float = EARLY) -> None:
    """They are felt when the host meant them, at 120 beats a minute."""
    for number, at in enumerate(felt):
        assert -early <= at - first - number * 0.5 <= LATE


async def obeys_its_wearer(rig: CueRig) -> None:
    """The wearer has just stopped a cue: it is obeyed, said, and no other cue begins."""
    await rig.stays_silent()
    *_, muted = rig.vibration.reports()
    assert isinstance(muted, OutputChange)
    assert not muted.working
    assert "wearer" in muted.detail
    rig.begin()
    await rig.stays_silent()


async def ends_with_its_lease(rig: CueRig) -> None:
    """The link of a running cue is lost and stays lost."""
    lost = rig.loop.time()
    rig.vibration.linked(None)
    rig.link.lose()
    await asyncio.sleep(10.0)
    assert lost + 1.5 < rig.felt()[-1] < lost + 3.6

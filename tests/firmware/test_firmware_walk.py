"""A whole walk: simulated walker, motion unit, the sensor's program, host, freeze, cue, motor."""

import asyncio
from pathlib import Path

import numpy as np
from board_link import BoardLink
from simulated_board import SimulatedBoard, needs_node, pulses, sent

from gaitcue.app.vibration import Vibration
from gaitcue.bluetooth.devices.gaitcue_protocol import MOTION
from gaitcue.bluetooth.devices.gaitcue_sensor import GaitcueSensor
from gaitcue.bluetooth.stream import Assembler
from gaitcue.bluetooth.virtual import run_in_simulated_time
from gaitcue.cue import Outputs
from gaitcue.events import CueEnd, CuePlayed, CueStart, Event, FreezeStart, Profile
from gaitcue.imu import STANDARD_GRAVITY, Placement, Samples, Side
from gaitcue.recording.model import Sensor, read_all
from gaitcue.replay.pipeline import Pipeline
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Walk, simulate

pytestmark = needs_node

AIR = 0.015
"""s that each way over the air takes here: half a connection interval of 30 ms."""
WALKING, FREEZING = 12.0, 10.0
"""s."""
BEAT_LATE = 0.02


def counts() -> np.ndarray:
    """Of the motion unit: walking, a trembling freeze, walking."""
    scenario = Scenario(
        name="freeze",
        segments=(
            Walk(duration=WALKING),
            Freeze(kind=FreezeKind.TREMBLING, duration=FREEZING),
            Walk(duration=8),
        ),
    )
    motion = read_all(simulate(scenario, placement=Placement.SHANK, seed=0).sensors[0])[0]
    assert motion.rate == 100.0
    assert motion.gyr is not None
    acc = motion.acc / STANDARD_GRAVITY * 2048
    gyr = np.degrees(motion.gyr) * 32768 / 2000
    return np.clip(np.rint(np.hstack([acc, gyr])), -32768, 32767).astype("<i2")


class Host:
    """What the live walk does with what comes, on the loop's clock."""

    def __init__(self) -> None:
        self.device = GaitcueSensor()
        self.events: list[tuple[float, Event]] = []
        """Each with when it was known."""
        self._loop = asyncio.get_running_loop()
        self._assembler = Assembler(
            rate=100.0, gyroscope=True, placement=Placement.SHANK, side=Side.RIGHT
        )
        self._waiting: list[tuple[float, str, bytes]] | None = []
        self.vibration = Vibration(self.device, "shank")
        self._outputs = Outputs([self.vibration], self._loop.time)
        self._pipeline = Pipeline(
            Sensor(
                name="shank",
                placement=Placement.SHANK,
                side=Side.RIGHT,
                rate=100.0,
                gyroscope=True,
                read=lambda: iter(()),
            ),
            profile=Profile.ASSIST,
        )

    def received(self, characteristic: str, value: bytes) -> None:
        if self._waiting is not None:
            self._waiting.append((self._loop.time(), characteristic, value))
            return
        self._take(self._assembler.value(self._loop.time(), characteristic, value))

    async def start(self, link: BoardLink) -> None:
        await self.device.start(link)
        self.vibration.linked(link)
        items = self._assembler.connected(self.device.timing, self.device.decoder())
        waiting, self._waiting = self._waiting or [], None
        for arrival, characteristic, value in waiting:
            items += self._assembler.value(arrival, characteristic, value)
        self._take(items)

    def _take(self, items: list) -> None:
        for item in items:
            if isinstance(item, Samples):
                self._happened(self._pipeline.block(0, item, []))
        for report in self._outputs.reports():
            self._happened(self._pipeline.take(report))

    def _happened(self, events) -> None:
        for event in events:
            self.events.append((self._loop.time(), event))
            if isinstance(event, CueStart | CueEnd):
                self._outputs.take(event)


def test_a_freeze_is_felt_as_a_beat_and_each_hop_takes_its_time(tmp_path: Path, capsys) -> None:
    path = tmp_path / "walk.bin"
    rest = np.tile(counts()[:1], (60, 1))  # while it starts
    path.write_bytes(np.vstack([rest, counts()]).tobytes())
    found = {}

    async def walk() -> None:
        with SimulatedBoard(unit="MPU-6886", motion=str(path), skew=0.004) as board:
            host = Host()
            link = BoardLink(board, host.received, there=AIR, back=AIR)
            await host.start(link)
            await asyncio.sleep(WALKING + FREEZING + 7.0)
            found.update(events=host.events, outputs=link.outputs, offset=link.offset)
            host.vibration.close()
            await link.close()

    run_in_simulated_time(walk())
    events, outputs, offset = found["events"], found["outputs"], found["offset"]
    *_, (number, epoch, period) = (each.rest for each in outputs if each.what == "emptied")

    def measured(count: int) -> float:
        """When the motion unit measured its `count`-th, s on the host's clock."""
        return (epoch + count * period) / 1e6 - offset

    begins = measured(len(rest) + round(WALKING * 100))
    ends = measured(len(rest) + round((WALKING + FREEZING) * 100))
    freeze_known = next(at for at, e in events if isinstance(e, FreezeStart))
    cue_known, cue = next((at, e) for at, e in events if isinstance(e, CueStart))
    played = next(e for _, e in events if isinstance(e, CuePlayed))
    assert begins < freeze_known < ends
    assert freeze_known <= cue_known
    # The notification whose samples decided it: the last that had come.
    packets = [(at - offset, value) for at, value in sent(outputs, MOTION)]
    radio, value = [(at, v) for at, v in packets if at + AIR <= cue_known + 1e-9][-1]
    index = int.from_bytes(value[2:4], "little") + value[1] - 1
    newest = measured(number + index)
    asked = next(
        each.time - offset
        for each in outputs
        if each.what == "indicate"
        and each.rest[1].startswith("8011")
        and each.time - offset > radio
    )
    felt = [at - offset for at, *_ in pulses(outputs)]
    hops = [
        ("from the freeze's beginning to the sample that decides it", newest - begins),
        ("from that sample to the radio (sensor's buffer and program)", radio - newest),
        ("over the air (assumed)", cue_known - radio),
        ("from its arrival to the cue (no time passes here)", cue_known - freeze_known),
        ("command over the air, and taken by the program", asked - cue_known),
        ("from the program to the motor, as the beat is due", felt[0] - asked),
        ("from the sample that decides to the motor, in all", felt[0] - newest),
    ]
    with capsys.disabled():
        print()
        for what, seconds in hops:
            print(f"{1e3 * seconds:7.1f} ms {what}")
    assert all(seconds >= -1e-6 for _, seconds in hops)
    assert felt[0] > begins
    assert not [at for at in felt if at < cue_known]
    assert hops[-1][1] < 0.2
    assert abs(played.time - felt[0]) < 0.005
    # The tempo is kept, and help ends after walking was found again.
    steps = np.diff(felt)
    np.testing.assert_allclose(steps[:4], 60 / cue.tempo, atol=BEAT_LATE)
    over = next((at for at, e in events if isinstance(e, CueEnd)), None)
    assert over is not None
    assert max(felt) < over + 0.1

"""A virtual sensor on bumble's in-process link, as a host finds it there. No time passes."""

import asyncio
import struct
from collections.abc import Awaitable, Callable

import numpy as np
import pytest

pytest.importorskip("bumble")

from bumble.link import LocalLink
from central import Central, hci

from gaitcue.bluetooth.device import BATTERY_LEVEL, ClockAnswer, Frame, Message
from gaitcue.bluetooth.devices.gaitcue_sensor import CONTROL, SYNC
from gaitcue.bluetooth.latency import EXCHANGES, ask_clock
from gaitcue.bluetooth.virtual.faults import Faults
from gaitcue.bluetooth.virtual.peripheral import Peripheral
from gaitcue.bluetooth.virtual.sensor import BATTERY
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.bluetooth.virtual.simulated_time import run_in_simulated_time
from gaitcue.imu import Samples

PERIPHERAL = "F0:F1:F2:F3:F4:F5"


def walk(seconds: float, rate: float = 100.0) -> Samples:
    """Acceleration that tells its time: x rises by 1 m/s² every second."""
    time = np.arange(int(seconds * rate)) / rate
    acc = np.column_stack([time, np.full_like(time, 9.8), np.zeros_like(time)])
    return Samples(time=time, acc=acc, gyr=0 * acc, placement=None, rate=rate)


class Scene:
    """A peripheral that plays a walk, and a central in the same room."""

    def __init__(self, name: str, faults: Faults, seconds: float) -> None:
        self.sensor = VIRTUAL_SENSORS[name]()
        self.device = self.sensor.device()
        self.messages: list[tuple[float, Message]] = []
        self.values: list[tuple[str, bytes]] = []
        self.told: list[str] = []
        self._faults = faults
        self._walk = walk(seconds)

    async def setup(self) -> asyncio.Task[None]:
        link = LocalLink()
        self.central = Central(link, self._received)
        peripheral = Peripheral(
            self.sensor, *hci(link, "peripheral"), tell=self.told.append, address=PERIPHERAL
        )
        return asyncio.create_task(peripheral.play(self._walk, self._faults, 1))

    async def start(self) -> None:
        self.decode = self.device.decoder()
        await self.central.connect(PERIPHERAL)
        await self.device.start(self.central)

    def _received(self, characteristic: str, value: bytes) -> None:
        now = asyncio.get_running_loop().time()
        self.values.append((characteristic, value))
        if characteristic != BATTERY_LEVEL:
            self.messages += [(now, each) for each in self.decode(characteristic, value)]

    def seconds(self) -> list[float]:
        """When on the walk each sample was, in order of arrival, s."""
        return [
            float(x)
            for _, each in self.messages
            if isinstance(each, Frame) and each.acc is not None
            for x, y, _ in each.acc
            if y > 5  # not of a watch that lies on a table
        ]


def play(
    name: str,
    act: Callable[[Scene], Awaitable[None]],
    *,
    faults: Faults | None = None,
    seconds: float = 3.0,
) -> Scene:
    scene = Scene(name, faults or Faults(), seconds)

    async def all_of_it() -> None:
        async with asyncio.timeout(3600):
            playing = await scene.setup()
            await act(scene)
            await playing

    run_in_simulated_time(all_of_it())
    return scene


@pytest.mark.parametrize("name", sorted(VIRTUAL_SENSORS))
def test_a_walk_arrives_whole_and_in_its_time(name: str) -> None:
    async def act(scene: Scene) -> None:
        said = await scene.central.scan()
        assert scene.device.recognises(said)
        await scene.start()
        await scene.central.disconnected.wait()

    scene = play(name, act)
    rate, rows = scene.sensor.timing.rate, scene.sensor.rows
    seconds = scene.seconds()
    assert 3.0 - (rows + 2) / rate < len(seconds) / rate <= 3.0 + 2 / rate
    assert np.diff(seconds) == pytest.approx(1 / rate, abs=0.02)
    begin, end = scene.messages[0][0], scene.messages[-1][0]
    assert end - begin == pytest.approx(3.0 - rows / rate, abs=0.1 + rows / rate)
    assert scene.told[-2:] == ["the walk is over", "disconnected"]


@pytest.mark.parametrize("name", ["gaitcue", "openearable"])
@pytest.mark.parametrize("skew", [0.0, 200.0])
def test_asked_while_it_streams_it_tells_the_clock_of_its_stamps(name: str, skew: float) -> None:
    async def act(scene: Scene) -> None:
        await scene.central.scan()
        await scene.start()
        await asyncio.sleep(2.0)  # so that a skew shows
        await ask_clock(scene.device, scene.central, lambda _: None)
        await scene.central.disconnected.wait()

    scene = play(name, act, faults=Faults(skew=skew))
    answers = [(at, each) for at, each in scene.messages if isinstance(each, ClockAnswer)]
    frames = [(at, each) for at, each in scene.messages if isinstance(each, Frame)]
    assert [answer.token for _, answer in answers] == list(range(EXCHANGES))
    at, answer = answers[-1]
    # No time passes on the air: by its clock now, and by the stamps of what has just arrived.
    sent, newest = next((then, frame) for then, frame in reversed(frames) if then <= at)
    assert newest.acc is not None
    assert newest.ticks is not None
    taken = newest.ticks * 1e-6 + (len(newest.acc) - 1) / 100
    assert answer.received * 1e-6 - taken == pytest.approx(at - sent, abs=1e-4)


def test_battery_is_read_and_notified() -> None:
    async def act(scene: Scene) -> None:
        await scene.start()
        assert await scene.device.battery(scene.central) == 2
        await scene.central.subscribe(BATTERY_LEVEL)
        await scene.central.disconnected.wait()

    scene = play("polar-h10", act, faults=Faults(battery=2), seconds=200.0)
    assert BATTERY in scene.sensor.attributes
    levels = [value[0] for name, value in scene.values if name == BATTERY_LEVEL]
    assert levels == [2, 1]  # read, then notified
    assert "the battery is empty" in scene.told
    assert 119 < scene.seconds()[-1] < 120


def test_after_a_break_the_walk_has_gone_on() -> None:
    breaks = 0

    async def act(scene: Scene) -> None:
        nonlocal breaks
        while True:
            await scene.start()
            await scene.central.disconnected.wait()
            if "the walk is over" in scene.told:
                return
            breaks += 1

    scene = play("polar-h10", act, faults=Faults(disconnects=600), seconds=60.0)
    assert breaks > 2
    jumps = np.diff(scene.seconds())
    assert (jumps >= 0).all()  # of two samples in the same mg, none
    assert (jumps > 0.5).sum() == breaks
    times = [at for at, each in scene.messages if isinstance(each, Frame)]
    assert times[-1] - times[0] == pytest.approx(scene.seconds()[-1] - scene.seconds()[0], abs=0.5)


def test_what_a_broken_link_leaves_unanswered_holds_up_nothing() -> None:
    async def all_of_it() -> None:
        for steps in range(12):
            scene = Scene("gaitcue", Faults(), 60.0)
            playing = await scene.setup()
            await scene.start()
            await asyncio.sleep(1.0)
            # Its answer is an indication, and the host may go before it confirms it.
            await scene.central.write(CONTROL, struct.pack("<BI", SYNC, 7), response=False)
            for _ in range(steps):
                await asyncio.sleep(0)
            await scene.central.disconnect()
            before = len(scene.seconds())
            await asyncio.sleep(1.0)
            await scene.start()
            await asyncio.sleep(1.0)
            seconds = scene.seconds()[before:]
            assert seconds[0] == pytest.approx(2.0, abs=0.2), steps
            assert seconds[-1] == pytest.approx(3.0, abs=0.2), steps
            playing.cancel()
            await asyncio.wait([playing])

    run_in_simulated_time(all_of_it())


def test_a_host_may_stop_and_start_as_it_likes() -> None:
    async def act(scene: Scene) -> None:
        await scene.start()
        await asyncio.sleep(1.0)
        await scene.device.stop(scene.central)
        await asyncio.sleep(1.0)
        before = len(scene.seconds())
        await asyncio.sleep(1.0)
        assert len(scene.seconds()) == before
        await scene.device.start(scene.central)
        await asyncio.sleep(1.0)
        await scene.central.disconnect()
        await scene.start()
        await scene.central.disconnected.wait()

    scene = play("movella-dot", act, seconds=10.0)
    seconds = scene.seconds()
    assert (np.diff(seconds) > 0).all()
    assert 1.9 < np.diff(seconds).max() < 2.1
    assert seconds[-1] > 9.9


def test_the_walk_ends_with_nobody_there() -> None:
    async def act(scene: Scene) -> None:
        await scene.start()
        await asyncio.sleep(1.0)
        await scene.central.disconnect()

    scene = play("movella-dot", act, seconds=5.0)
    assert scene.told[-1] == "the walk is over"
    assert 0.9 < scene.seconds()[-1] < 1.2


def test_loss_and_duplicates_reach_the_host() -> None:
    async def act(scene: Scene) -> None:
        await scene.start()
        await scene.central.disconnected.wait()

    scene = play("movella-dot", act, faults=Faults(loss=10, duplicates=5), seconds=30.0)
    seconds = np.array(scene.seconds())
    repeated = int((np.diff(seconds) == 0).sum())
    assert 50 < repeated < 140
    assert 120 < 1800 - (len(seconds) - repeated) < 250


def test_it_ends_when_told_to_even_in_the_moment_of_a_disconnection() -> None:
    async def all_of_it() -> None:
        for steps in range(12):
            scene = Scene("gaitcue", Faults(), 60.0)
            playing = await scene.setup()
            await scene.central.scan()
            await scene.start()
            await scene.central.disconnect()
            for _ in range(steps):
                await asyncio.sleep(0)
            playing.cancel()
            done, _ = await asyncio.wait([playing], timeout=10.0)
            assert done == {playing}, steps

    run_in_simulated_time(all_of_it())

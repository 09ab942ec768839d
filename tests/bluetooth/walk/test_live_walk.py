"""The live walk, with nothing mocked that exists here: a simulated walker on the fake BlueZ."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fake_bluez import FakeBluez
from wearing import FastClock, Wearer

from gaitcue.app import walk as live
from gaitcue.app.profile import read_profile, remember_adaptation
from gaitcue.app.walk import LiveWalk
from gaitcue.bluetooth.devices.gaitcue_protocol import STATUS, STATUS_FIELDS
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.cue.sounds.speech import Phrase, text_of
from gaitcue.events import Event, to_json
from gaitcue.gait.freezing import Correction
from gaitcue.gait.freezing.model import weights
from gaitcue.imu import STANDARD_GRAVITY, Placement, Samples, Side
from gaitcue.recording import open_recordings
from gaitcue.recording.model import read_all
from gaitcue.replay import choose_sensor, replay
from gaitcue.replay.settings import settings_of
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Walk, simulate

Run = Callable[..., None]

SPEED = 10.0

MUTED = 2
"""What happened, in a status of the protocol: its cues were muted with its button."""


@pytest.fixture(autouse=True)
def _quick_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SCAN_TIME", 0.1)
    monkeypatch.setattr(live, "SCAN_PAUSE", 0.05)


@pytest.fixture(scope="module")
def motion() -> Samples:
    """Walking, a trembling freeze of 8 s from 8 s on, walking."""
    scenario = Scenario(
        name="freeze",
        segments=(
            Walk(duration=8),
            Freeze(kind=FreezeKind.TREMBLING, duration=8),
            Walk(duration=6),
        ),
    )
    return read_all(simulate(scenario, placement=Placement.SHANK, seed=0).sensors[0])[0]


PROFILE = """
[[sensor]]
placement = "shank"
side = "right"
[detector]
profile = "assist"
"""


class Helper:
    """Starts a live walk, and sees what is told."""

    def __init__(
        self, folder: Path, clock: FastClock | None = None, correction: Correction | None = None
    ) -> None:
        path = folder / "profile.toml"
        path.write_text(PROFILE, encoding="utf-8")
        if correction is not None:
            remember_adaptation(path, 0.0, {Placement.SHANK: correction})
        self.folder = folder / "walk"
        self.told: list[str] = []
        self.clock = clock or FastClock(SPEED)
        self.stop = asyncio.Event()
        self.live = LiveWalk(
            read_profile(path),
            self.folder,
            show=None,
            tell=self.told.append,
            speaker=None,
            clock=self.clock,
        )

    async def until(self, words: str) -> None:
        while not any(words in text for text in self.told):
            await asyncio.sleep(0.005)

    def events(self) -> list[dict[str, object]]:
        lines = (self.folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


def replayed(folder: Path) -> list[str]:
    (recording,) = open_recordings(folder)
    settings = settings_of(recording)
    events: list[Event] = list(
        replay(
            choose_sensor(recording),
            profile=settings.profile,
            corrections=settings.corrections,
            coach=settings.coach,
            height=recording.height,
            recording=recording.name,
        )
    )
    return [to_json(event) for event in events]


def test_a_walk_is_tracked_cued_told_and_kept_and_its_replay_gives_the_same_events(
    with_bluez: Run, tmp_path: Path, motion: Samples
) -> None:
    more = (*[0.0] * (len(weights().out) - 1), 0.25)
    helper = Helper(tmp_path, correction=Correction(weights().fingerprint, more))

    async def scenario(bluez: FakeBluez) -> None:
        wearer = Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), helper.clock)
        walking = asyncio.create_task(helper.live.walk(helper.stop))
        await wearer.walk(motion)
        helper.live.press("c")
        await helper.clock.sleep(2.0)
        helper.stop.set()
        assert await walking
        assert not bluez.connected(wearer.peripheral)

    with_bluez(scenario)
    kinds = [str(event["type"]) for event in helper.events()]
    assert kinds[0] == "output_change" or kinds[0] == "walk_start"
    assert kinds[-1] == "walk_end"
    assert kinds.count("step") > 10
    assert {"freeze_start", "cue_start", "cue_played", "cue_end", "press"} <= set(kinds)
    assert (helper.folder / "events.jsonl").read_text("utf-8").splitlines() == replayed(
        helper.folder
    )
    assert any("Beat for a freeze" in text for text in helper.told)
    assert helper.told[-1] == "The walk has ended, and is saved."


def test_a_lost_link_ends_the_cue_within_a_second_is_told_and_walks_on(
    with_bluez: Run, tmp_path: Path, motion: Samples
) -> None:
    helper = Helper(tmp_path)

    async def scenario(bluez: FakeBluez) -> None:
        wearer = Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), helper.clock)
        walking = asyncio.create_task(helper.live.walk(helper.stop))
        await wearer.walk(motion, until=13.0)  # in the middle of the freeze
        assert any("Beat for a freeze" in text for text in helper.told)
        bluez.drop(wearer.peripheral)
        await helper.until("Sensor lost")
        await helper.until("the connection was lost")
        wearer.forget()
        await wearer.walk(motion, since=17.5)
        await helper.until("The sensor works again")
        helper.stop.set()
        assert await walking

    with_bluez(scenario)
    events = helper.events()
    (end,) = (e for e in events if e["type"] == "cue_end")
    assert end["reason"] == "stale_data"
    lost = max(float(e["time"]) for e in events if e["type"] == "freeze_score" and e["time"] < 15)  # type: ignore[arg-type,operator]
    assert float(end["time"]) <= lost + 1.3  # type: ignore[arg-type]
    assert any(e["type"] == "sensor_gap" and e["reset"] for e in events)
    assert (helper.folder / "events.jsonl").read_text("utf-8").splitlines() == replayed(
        helper.folder
    )


def test_stop_silences_at_once_and_ends_the_walk(
    with_bluez: Run, tmp_path: Path, motion: Samples
) -> None:
    helper = Helper(tmp_path)

    async def scenario(bluez: FakeBluez) -> None:
        wearer = Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), helper.clock)
        walking = asyncio.create_task(helper.live.walk(helper.stop))
        await wearer.walk(motion, until=13.0)
        helper.live.press("space")
        assert await walking
        assert not bluez.connected(wearer.peripheral)

    with_bluez(scenario)
    (end,) = (e for e in helper.events() if e["type"] == "cue_end")
    assert end["reason"] == "stopped"
    assert "Stopped." in helper.told
    assert (helper.folder / "events.jsonl").read_text("utf-8").splitlines() == replayed(
        helper.folder
    )


def test_that_was_not_a_freeze_ends_the_cue_and_is_kept(
    with_bluez: Run, tmp_path: Path, motion: Samples
) -> None:
    helper = Helper(tmp_path)

    async def scenario(bluez: FakeBluez) -> None:
        wearer = Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), helper.clock)
        walking = asyncio.create_task(helper.live.walk(helper.stop))
        await wearer.walk(motion, until=13.0)
        helper.live.press("n")
        await wearer.walk(motion, since=13.0, until=15.0)
        helper.stop.set()
        assert await walking

    with_bluez(scenario)
    (end,) = (e for e in helper.events() if e["type"] == "cue_end")
    assert end["reason"] == "dismissed"
    assert any(e["type"] == "press" and e["button"] == "not_a_freeze" for e in helper.events())


def test_what_the_sensor_tells_of_itself_is_told(
    with_bluez: Run, tmp_path: Path, motion: Samples
) -> None:
    helper = Helper(tmp_path)

    async def scenario(bluez: FakeBluez) -> None:
        sensor = VIRTUAL_SENSORS["gaitcue"]()
        wearer = Wearer(bluez, sensor, helper.clock)
        walking = asyncio.create_task(helper.live.walk(helper.stop))
        await wearer.walk(motion, until=3.0)
        sensor.charge = 12
        for characteristic, value in sensor.battery() * 2:
            bluez.notify(wearer.peripheral, characteristic, value)
        fields = list(STATUS_FIELDS.unpack(sensor.read(STATUS)))
        fields[2:4] = MUTED, 1
        bluez.notify(wearer.peripheral, STATUS, STATUS_FIELDS.pack(*fields))
        await wearer.walk(motion, since=3.0, until=5.0)
        helper.stop.set()
        assert await walking

    with_bluez(scenario)
    assert helper.told.count(text_of(Phrase.BATTERY_LOW)) == 1
    assert "right_shank: the sensor's cues were muted with its button." in helper.told
    assert (helper.folder / "events.jsonl").read_text("utf-8").splitlines() == replayed(
        helper.folder
    )


def test_a_sensor_that_is_not_there_is_looked_for_and_remembered_when_it_is(
    with_bluez: Run, tmp_path: Path, motion: Samples
) -> None:
    helper = Helper(tmp_path)

    async def scenario(bluez: FakeBluez) -> None:
        walking = asyncio.create_task(helper.live.walk(helper.stop))
        await helper.until("No sensor found")
        wearer = Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), helper.clock)
        await wearer.walk(motion, until=3.0)
        helper.stop.set()
        assert await walking

    with_bluez(scenario)
    assert read_profile(tmp_path / "profile.toml").sensors[0].which == "D0:00:00:00:00:01"


def test_a_walk_that_is_stopped_before_a_sensor_was_there_leaves_nothing(
    with_bluez: Run, tmp_path: Path
) -> None:
    helper = Helper(tmp_path, correction=Correction("of another model", (1.0,)))

    async def scenario(_: FakeBluez) -> None:
        walking = asyncio.create_task(helper.live.walk(helper.stop))
        await helper.until("No sensor found")
        helper.live.press("space")
        assert not await walking

    with_bluez(scenario)
    assert helper.told[0].startswith("What gaitcue adapt learned of the walker belongs to another")
    assert helper.told[-1] == "Stopped."
    assert not helper.folder.exists()


def test_a_sensor_that_moves_no_more_is_asked_about(with_bluez: Run, tmp_path: Path) -> None:
    helper = Helper(tmp_path)
    count = 2600
    still = Samples(
        time=np.arange(count) / 100,
        acc=np.tile([0.0, 0.0, STANDARD_GRAVITY], (count, 1)),
        gyr=np.zeros((count, 3)),
        placement=Placement.SHANK,
        side=Side.RIGHT,
        rate=100.0,
    )

    async def scenario(bluez: FakeBluez) -> None:
        wearer = Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), helper.clock)
        walking = asyncio.create_task(helper.live.walk(helper.stop))
        await wearer.walk(still)
        helper.stop.set()
        assert await walking

    with_bluez(scenario)
    assert helper.told.count("The sensor does not move. Is it on your body?") == 1

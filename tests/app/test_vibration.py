"""The vibration of a sensor without a metronome of its own: one pulse a beat."""

import asyncio

import pytest

from gaitcue.app.vibration import PULSE, Vibration
from gaitcue.bluetooth.device import Device
from gaitcue.bluetooth.devices import device_named
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

THERE = 0.03
"""s that a pulse is on its way, and so long its confirmation."""
LIKE_THIS = {"pattern": CuePattern.BEAT, "strength": CueStrength.CLEAR}


class Pulses:
    """In place of a link; keeps when each pulse was felt."""

    def __init__(self, *, broken: bool = False) -> None:
        self.felt: list[float] = []
        self.broken = broken


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    device = device_named("metamotion")

    async def buzz(link: Pulses, *, duration: float) -> bool:
        assert duration == PULSE
        if link.broken:
            raise OSError("gone")
        await asyncio.sleep(THERE)
        link.felt.append(asyncio.get_running_loop().time())
        await asyncio.sleep(THERE)
        return True

    monkeypatch.setattr(device, "buzz", buzz)
    return device


def begin(vibration: Vibration, tempo: float = 120.0) -> float:
    now = asyncio.get_running_loop().time()
    cue = CueStart(time=now, decided=now, tempo=tempo, reason="freeze", latency=0.0, **LIKE_THIS)
    vibration.take(cue, now + 0.2)
    return now + 0.2


def test_pulses_fall_on_the_beats_until_the_cue_ends(device: Device) -> None:
    async def scenario() -> None:
        vibration, link = Vibration(device, "waist"), Pulses()
        vibration.linked(link)  # type: ignore[arg-type]
        first = begin(vibration)
        await asyncio.sleep(4.1)
        now = asyncio.get_running_loop().time()
        change = CueChange(time=now, decided=now, start=0.0, tempo=60.0, reason="x", **LIKE_THIS)
        vibration.take(change, now)
        await asyncio.sleep(3.0)
        count = len(link.felt)
        now = asyncio.get_running_loop().time()
        vibration.take(CueEnd(time=now, decided=now, start=0.0, beats=9, reason="walking"), now)
        await asyncio.sleep(3.0)
        assert len(link.felt) == count
        beats = [first + 0.5 * number for number in range(9)] + [first + 5.0, first + 6.0]
        assert link.felt[: len(beats)] == pytest.approx(beats, abs=0.021)
        ready, played = vibration.reports()
        assert isinstance(ready, OutputChange)
        assert isinstance(played, CuePlayed)
        assert played.time == pytest.approx(link.felt[0])
        assert vibration.delay == pytest.approx(THERE)
        vibration.close()

    run_in_simulated_time(scenario())


def test_a_cue_goes_on_over_a_new_link_and_a_broken_one_is_told(device: Device) -> None:
    async def scenario() -> None:
        vibration = Vibration(device, "waist")
        vibration.linked(Pulses(broken=True))  # type: ignore[arg-type]
        first = begin(vibration)
        await asyncio.sleep(1.0)
        vibration.linked(None)
        link = Pulses()
        vibration.linked(link)  # type: ignore[arg-type]
        await asyncio.sleep(2.0)
        assert len(link.felt) >= 3
        for at in link.felt:
            assert (at - first) % 0.5 == pytest.approx(0.0, abs=0.021) or (
                at - first
            ) % 0.5 == pytest.approx(0.5, abs=0.021)
        told = [each.working for each in vibration.reports() if isinstance(each, OutputChange)]
        assert told == [True, False, True]
        vibration.close()

    run_in_simulated_time(scenario())

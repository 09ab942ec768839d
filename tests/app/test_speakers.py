import asyncio
import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.app import speakers
from gaitcue.app.speakers import TapTest, play_test
from gaitcue.app.tapping import FEWEST, SETTLING, TEMPO, Delay, Offset, extra_delay, offset
from gaitcue.bluetooth.virtual.simulated_time import run_in_simulated_time
from gaitcue.cli import main
from gaitcue.cue.beats import Beats
from gaitcue.cue.output import Command, Report
from gaitcue.cue.speaker import OutputDevice, SpeakerSettings
from gaitcue.errors import InputError
from gaitcue.events import CueEnd, CuePlayed, CueStart, OutputChange

BEATS = Beats(100.0, TEMPO)


def news(detail: str, *, working: bool = True) -> OutputChange:
    return OutputChange(time=0.0, decided=0.0, output="fake", working=working, detail=detail)


class Person:
    """Taps ahead of what is heard, by habit and unevenly, as often as told."""

    def __init__(self, ahead: float = 0.05, spread: float = 0.03, taps: int = 40) -> None:
        self.ahead, self.spread, self.taps = ahead, spread, taps
        self.test: TapTest | None = None
        self._coming: list[asyncio.TimerHandle] = []
        self._random = np.random.default_rng(3)

    def hear(self, first: float) -> None:
        loop = asyncio.get_running_loop()
        assert self.test
        for beat in range(2, 2 + self.taps):
            off = self._random.normal(-self.ahead, self.spread)
            tap = loop.call_at(first + beat * 60 / TEMPO + off, self.test.press, " ")
            self._coming.append(tap)

    def stop(self) -> None:
        while self._coming:
            self._coming.pop().cancel()


class Late:
    """An output that is late by more than it knows."""

    name = "fake"
    delay = 0.03

    def __init__(self, person: Person, late: float, opening: OutputChange) -> None:
        self._person, self._late = person, late
        self.laid: list[Report] = [opening]
        self.told: list[Command] = []
        self.closed = False

    def take(self, command: Command, at: float) -> None:
        assert not self.closed
        self.told.append(command)
        if isinstance(command, CueEnd):
            self._person.stop()
        if isinstance(command, CueStart):
            told = command.time
            self.laid.append(
                CuePlayed(time=at, decided=at, start=told, command=told, output=self.name)
            )
            if self._person.test:
                self._person.hear(at + self._late)

    def reports(self) -> list[Report]:
        laid, self.laid = self.laid, []
        return laid

    def close(self) -> None:
        self.closed = True


class Room:
    """Loudspeakers by name, a person who taps, and all that the person reads."""

    def __init__(self, person: Person | None = None, **late: float) -> None:
        self.person = person or Person()
        self.late = late
        self.opened: list[tuple[SpeakerSettings, Late]] = []
        self.read: list[str] = []
        self.opening = {name: news(f"playing on {name}") for name in late}

    def open(self, settings: SpeakerSettings) -> Late:
        name = settings.device
        self.opened.append((settings, Late(self.person, self.late[name], self.opening[name])))
        return self.opened[-1][1]

    def measure(self, device: str = "buds", keys: Sequence[tuple[float, str]] = ()) -> Delay | None:
        async def measured() -> Delay | None:
            test = self.person.test = TapTest(self.open, self.read.append)
            loop = asyncio.get_running_loop()
            for at, key in keys or [(at, " ") for at in range(1, 200)]:
                if not keys:
                    loop.call_later(at, lambda: self.waiting() and test.press(" "))
                else:
                    loop.call_later(at, test.press, key)
            return await test.measure(device, "own", asyncio.Event())

        return run_in_simulated_time(measured())

    def waiting(self) -> bool:
        """Whether a key is asked for that begins a run."""
        return bool(self.read) and "Q ends" in self.read[-1]


@pytest.mark.parametrize("late", [0.0, 0.08, 0.18, 0.35, 0.5])
@pytest.mark.parametrize("ahead", [0.0, 0.07])
def test_two_runs_tell_how_late_a_loudspeaker_is_whatever_the_habit(
    late: float, ahead: float
) -> None:
    room = Room(Person(ahead), own=0.0, buds=late)
    found = room.measure()
    assert found
    assert abs(found.delay - late) <= 1.5 * found.margin
    assert 0.005 < found.margin < 0.04
    assert all(output.closed for _, output in room.opened)
    assert [settings.device for settings, _ in room.opened] == ["own", "buds"]
    assert {settings.extra_delay for settings, _ in room.opened} == {0.0}


def test_the_margin_holds_the_truth_about_as_often_as_it_says() -> None:
    random, held = np.random.default_rng(5), 0
    for _ in range(500):
        both = [
            offset(100.0 + np.arange(24) * 0.8 + random.normal(mean, 0.04, 24), BEATS)
            for mean in (-0.05, 0.13)
        ]
        assert both[0]
        assert both[1]
        found = extra_delay(both[0], both[1])
        held += abs(found.delay - 0.18) <= found.margin
    assert 0.88 < held / 500 < 0.99


def test_what_was_found_is_printed_as_the_profile_takes_it() -> None:
    room = Room(own=0.0, buds=0.2)
    found = room.measure()
    assert found
    assert room.read[-2:] == ["[sound.extra_delay]", f'"buds" = {found.delay:.2f}']
    assert any("give or take" in line for line in room.read)


def test_a_difference_that_may_be_chance_is_said_to_be() -> None:
    room = Room(own=0.0, buds=0.0)
    room.measure()
    assert any("chance" in line for line in room.read)


@pytest.mark.parametrize("person", [Person(taps=SETTLING + FEWEST - 1), Person(spread=0.25)])
def test_too_few_or_too_uneven_taps_tell_nothing(person: Person) -> None:
    room = Room(person, own=0.0, buds=0.2)
    assert room.measure() is None
    assert "try again" in room.read[-1]
    assert len(room.opened) == 1


def test_one_wild_tap_in_five_changes_little() -> None:
    taps = 100.0 + np.arange(24) * 0.8 - 0.04
    taps[6::5] += 0.3
    told = offset(list(taps), BEATS)
    assert told
    assert told.median == pytest.approx(-0.04, abs=0.005)


@given(st.floats(-0.15, 0.55), st.integers(0, 7))
def test_taps_belong_to_the_beat_they_follow(after: float, missed: int) -> None:
    taps = [BEATS.time(beat) + after for beat in range(SETTLING + FEWEST + missed)]
    told = offset(taps[:SETTLING] + taps[SETTLING + missed :], BEATS)
    assert told
    assert told.median == pytest.approx(after, abs=1e-6)


def test_a_delay_stays_within_what_can_be_set() -> None:
    early, late = Offset(-0.05, 0.01), Offset(0.55, 0.01)
    assert extra_delay(early, late).delay == 0.5
    assert extra_delay(late, early).delay == 0.0


@pytest.mark.parametrize("keys", [[(1.0, "q")], [(1.0, " "), (7.0, "q")], [(1.0, "escape")]])
def test_a_key_ends_it(keys: list[tuple[float, str]]) -> None:
    room = Room(Person(taps=1), own=0.0, buds=0.2)
    assert room.measure(keys=keys) is None
    assert "try again" not in room.read[-1]
    assert all(output.closed for _, output in room.opened)


def test_another_loudspeaker_than_the_one_to_be_measured_is_refused() -> None:
    room = Room(own=0.0, buds=0.2)
    room.opening["buds"] = news("there is no sound device called buds; playing on own instead")
    with pytest.raises(InputError, match="called buds"):
        room.measure()
    assert all(output.closed for _, output in room.opened)


def played_on(opening: OutputChange) -> tuple[bool, Room]:
    room = Room(buds=0.0)
    room.opening["buds"] = opening

    async def test() -> bool:
        return await play_test("buds", room.open, room.read.append, asyncio.Event())

    return run_in_simulated_time(test()), room


def test_a_soft_sound_is_played_and_said() -> None:
    played, room = played_on(news("playing on buds"))
    assert played
    ((settings, output),) = room.opened
    assert settings.level <= 3
    assert [type(command) for command in output.told] == [CueStart, CueEnd]
    assert output.told[1].time - output.told[0].time < 4.0
    assert room.read[0] == "playing on buds"
    assert "30 ms after" in room.read[-1]


def test_what_cannot_play_says_so() -> None:
    played, room = played_on(news("there is no sound device", working=False))
    assert not played
    assert room.read == ["there is no sound device", "it does not play"]
    assert room.opened[0][1].closed


def test_a_device_that_stops_at_first_is_waited_for() -> None:
    class Stumbling(Late):
        def __init__(self) -> None:
            super().__init__(Person(), 0.0, news("playing on buds"))
            loop = asyncio.get_running_loop()
            for at, working in (1.0, False), (3.0, True):
                loop.call_later(at, self.laid_by, news("buds: stop or go", working=working))

        def laid_by(self, report: Report) -> None:
            assert not self.told, "nothing is played before"
            self.laid.append(report)

    async def test() -> bool:
        return await play_test("buds", lambda _: Stumbling(), [].append, asyncio.Event())

    assert run_in_simulated_time(test())


DEVICES = [OutputDevice("Earphones", "ALSA", True), OutputDevice("HDMI", "ALSA", False)]


def test_loudspeakers_are_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(speakers, "output_devices", lambda: DEVICES)
    assert main(["speakers"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "Earphones  [ALSA]  (the computer's own choice)"
    assert second == "HDMI  [ALSA]"
    assert main(["speakers", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert listed[0] == {"name": "Earphones", "system": "ALSA", "default": True}
    assert not listed[1]["default"]


def test_none_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(speakers, "output_devices", list)
    assert main(["speakers"]) == 1
    assert "no sound device" in capsys.readouterr().err


def test_a_tap_test_asks_for_a_device(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speakers", "--tap-test"]) == 2
    assert "--device" in capsys.readouterr().err


def test_a_tap_test_asks_for_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speakers", "--tap-test", "--device", "buds"]) == 2
    assert "terminal" in capsys.readouterr().err

"""The keeper of the stream, on streams and devices that do as the test says."""

import pytest

from gaitcue.cue.speaker import SpeakerSettings, keeper
from gaitcue.cue.speaker.keeper import LATENCIES, RETRY, TOLERATED, Change, Keeper
from gaitcue.errors import InputError


class FakeStream:
    """Plays nothing, and is lost or silent when the test says so."""

    def __init__(self, device: int, latency: float, *_: object) -> None:
        self.device, self.latency = device, latency
        self.lead, self.underflows = latency, 0
        self.silent, self.closed, self.started = False, False, True
        self.error: BaseException | None = None

    def close(self) -> None:
        self.closed = True


class Room:
    """The devices of a computer, by name; those in `refusing` cannot be opened."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.refusing: set[str] = set()
        self.trouble: Exception | None = None
        self.streams: list[FakeStream] = []
        self.looks = 0

    def candidates(self, wanted: str) -> list[tuple[int, str]]:
        if self.trouble:
            raise self.trouble
        found = list(enumerate(self.names))
        return sorted(found, key=lambda one: wanted.casefold() not in one[1].casefold())

    def look_again(self) -> None:
        assert all(stream.closed for stream in self.streams), "not while anything is open"
        self.looks += 1

    def stream(self, device: int, latency: float, *rest: object) -> FakeStream:
        if self.names[device] in self.refusing:
            raise OSError("device is busy")
        self.streams.append(FakeStream(device, latency, *rest))
        return self.streams[-1]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    room = Room("Speakers", "Headphones")
    monkeypatch.setattr(keeper, "candidates", room.candidates)
    monkeypatch.setattr(keeper, "look_again", room.look_again)
    monkeypatch.setattr(keeper, "Stream", room.stream)
    return room


def kept(**settings: object) -> Keeper:
    return Keeper(SpeakerSettings(**settings), lambda *_: None, lambda: None)  # type: ignore[arg-type]


def test_the_default_is_opened_and_said_once(room: Room) -> None:
    one = kept()
    assert one.lead is None
    assert one.tick(0.0, idle=True) == [Change(True, "playing on Speakers")]
    assert one.tick(0.1, idle=True) == []
    assert one.lead == LATENCIES[0]
    assert len(room.streams) == 1


def test_the_wanted_device_is_found_by_part_of_its_name(room: Room) -> None:
    assert kept(device="headph").tick(0.0, idle=True) == [Change(True, "playing on Headphones")]
    assert room.streams[0].device == 1


def test_another_plays_when_the_wanted_one_is_not_there(room: Room) -> None:
    assert room.names[0] == "Speakers"
    (change,) = kept(device="AirPods").tick(0.0, idle=True)
    assert change.working
    assert change.detail == ("there is no sound device called AirPods; playing on Speakers instead")


def test_another_plays_when_the_wanted_one_refuses(room: Room) -> None:
    room.refusing = {"Headphones"}
    (change,) = kept(device="Headphones").tick(0.0, idle=True)
    assert change == Change(True, "Headphones: device is busy; playing on Speakers instead")


def test_a_device_that_stops_is_said_and_another_is_taken(room: Room) -> None:
    one = kept(device="Headphones")
    one.tick(0.0, idle=True)
    room.streams[0].silent, room.names = True, ["Speakers"]
    changes = one.tick(1.0, idle=False)
    assert [change.working for change in changes] == [False, True]
    assert changes[0].detail == "Headphones has stopped"
    assert "playing on Speakers instead" in changes[1].detail
    assert room.streams[0].closed
    assert room.looks == 1


def test_the_reason_of_a_stop_is_told(room: Room) -> None:
    one = kept()
    one.tick(0.0, idle=True)
    room.streams[0].silent, room.streams[0].error = True, ValueError("too loud")
    assert one.tick(1.0, idle=True)[0] == Change(False, "Speakers has stopped (too loud)")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (InputError("sound needs the PortAudio library"), "sound needs the PortAudio library"),
        (RuntimeError("-9999"), "the computer's sound system cannot be used (-9999)"),
    ],
)
def test_trouble_is_said_once_and_tried_again_until_it_is_over(
    room: Room, trouble: Exception, said: str
) -> None:
    one = kept()
    room.trouble = trouble
    assert one.tick(0.0, idle=True) == [Change(False, said)]
    for tick in range(1, 50):
        assert one.tick(tick * RETRY / 5, idle=True) == []
    room.trouble = None
    assert one.tick(11 * RETRY, idle=True) == [Change(True, "playing on Speakers")]
    assert 10 <= room.looks <= 11, "once each retry"


def test_no_device_at_all_is_said(room: Room) -> None:
    room.names = []
    assert kept().tick(0.0, idle=True) == [Change(False, "there is no sound device")]


def test_often_lost_sound_takes_a_safer_latency_once_nothing_is_to_be_heard(room: Room) -> None:
    one = kept()
    one.tick(0.0, idle=True)
    room.streams[0].underflows = TOLERATED
    one.tick(1.0, idle=True)
    assert len(room.streams) == 1, "as many are borne"
    room.streams[0].underflows += 1
    one.tick(2.0, idle=False)
    assert len(room.streams) == 1, "never within a cue"
    assert one.tick(3.0, idle=True) == [], "it goes on on the same device: nothing to say"
    assert [stream.latency for stream in room.streams] == list(LATENCIES[:2])
    assert one.lead == LATENCIES[1]


def test_sound_lost_now_and_then_is_borne(room: Room) -> None:
    one = kept()
    one.tick(0.0, idle=True)
    for minute in range(1, 20):
        room.streams[0].underflows += TOLERATED
        one.tick(minute * 61.0, idle=True)
    assert len(room.streams) == 1


def test_there_is_an_end_to_safer_latencies_and_none_to_a_chosen_one(room: Room) -> None:
    for settings, opened in ({}, LATENCIES), ({"latency": 0.03}, (0.03,)):
        room.streams.clear()
        one = kept(**settings)
        for tick in range(10):
            one.tick(float(tick), idle=True)
            room.streams[-1].underflows += 10
        assert tuple(stream.latency for stream in room.streams) == opened

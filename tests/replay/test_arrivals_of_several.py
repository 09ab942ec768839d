"""Live equals replay, whatever the links of several sensors do: stall, deliver late, or be lost."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gaitcue.events import Button, Event, Press, Profile, SensorChange, to_json
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.live import announcement, entered
from gaitcue.recording.model import Sensor, read_all
from gaitcue.recording.raw import Record, RecordKind
from gaitcue.replay import arrivals as module
from gaitcue.replay.arrivals import Arrivals, arrivals
from gaitcue.replay.pipeline import Pipeline
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Walk, simulate

SCENARIO = Scenario(
    name="links",
    segments=(Walk(duration=8), Freeze(kind=FreezeKind.TREMBLING, duration=5), Walk(duration=4)),
)
SENSORS = tuple(
    simulate(SCENARIO, placement=placement, side=side).sensors[0]
    for placement, side in ((Placement.LOWER_BACK, Side.NONE), (Placement.SHANK, Side.RIGHT))
)
MOTION = {sensor.name: read_all(sensor)[0] for sensor in SENSORS}
ROWS = 10
"""Samples in a notification."""


CHARACTERISTIC = "7d1b0001-0000-4000-8000-000000000000"


class FakePlayer:
    """Samples by the number of the notification that a record names; NaN for those lost before."""

    def __init__(self, sensor: Sensor) -> None:
        self._motion = MOTION[sensor.name]
        self._come: int | None = None

    def take(self, record: Record) -> list[Samples]:
        if record.kind is not RecordKind.VALUE:
            return []
        first = int.from_bytes(record.data, "little") * ROWS
        begun = first if self._come is None else self._come
        self._come = first + ROWS
        samples = self._motion[begun : self._come]
        acc = samples.acc.copy()
        acc[: first - begun] = np.nan
        return [replace(samples, acc=acc)]

    def finish(self) -> list[Samples]:
        return []


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Player", FakePlayer)


Link = list[tuple[float, float, bool]]
"""Stretches of a link: when it stalls, s, for how long, s, and whether what was sent is lost."""

LINKS = st.lists(
    st.tuples(st.floats(0, 17), st.sampled_from([0.1, 0.3, 0.9, 2.5]), st.booleans()), max_size=4
)


def sent(number: int, link: Link, start: float) -> Iterator[Record]:
    """The notifications of a sensor whose link begins at `start` s and is as `link` says."""
    count = len(MOTION[SENSORS[number].name]) // ROWS
    free = 0.0
    for index in range(count):
        time = (index + 1) * ROWS / 100
        if time < start:
            continue
        arrival = time + 0.02 + 0.01 * number
        gone = False
        for begin, length, lost in link:
            if begin <= time < begin + length:
                gone |= lost
                arrival = max(arrival, begin + length)
        free = max(free, arrival)  # nothing overtakes
        if not gone:
            yield Record.value(
                number, round(free * 1e9), CHARACTERISTIC, index.to_bytes(2, "little")
            )


def log(links: list[Link], starts: list[float], presses: list[float]) -> list[Record]:
    """The raw log of a walk."""
    records = [announcement(number, 0, one.name) for number, one in enumerate(SENSORS)]
    come = [r for n, link in enumerate(links) for r in sent(n, link, starts[n])]
    come += [
        entered(round(time * 1e9), Press(time=time, decided=time, button=Button.CUE_ME))
        for time in presses
    ]
    come.sort(key=lambda record: record.time)
    end = max([record.time for record in come], default=0) + 2 * 10**9
    return [*records, *come, Record(RecordKind.END, 0, end)]


def live(records: list[Record], tick: float) -> list[Event]:
    """What a live walk tells that looks at the clock every `tick` s."""
    source, pipeline = Arrivals(SENSORS), Pipeline(*SENSORS, profile=Profile.ASSIST)
    events: list[Event] = []
    now = 0.0
    for record in records:
        while now + tick < record.time / 1e9:
            now += tick
            for arrival in source.at(now):
                events += pipeline.take(arrival)
        for arrival in source.take(record):
            events += pipeline.take(arrival)
    for arrival in source.finish():
        events += pipeline.take(arrival)
    return events + list(pipeline.finish())


def replayed(records: list[Record]) -> list[Event]:
    pipeline = Pipeline(*SENSORS, profile=Profile.ASSIST)
    events = [e for item in arrivals(SENSORS, iter(records)) for e in pipeline.take(item)]
    return events + list(pipeline.finish())


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    links=st.tuples(LINKS, LINKS).map(list),
    starts=st.tuples(st.sampled_from([0.0, 3.0]), st.sampled_from([0.0, 0.4, 5.0])).map(list),
    presses=st.lists(st.floats(0.5, 17), max_size=2),
    tick=st.sampled_from([0.05, 0.3]),
)
def test_a_replay_tells_what_the_live_walk_told(
    links: list[Link], starts: list[float], presses: list[float], tick: float
) -> None:
    records = log(links, starts, presses)
    told = live(records, tick)
    assert [to_json(event) for event in told] == [to_json(event) for event in replayed(records)]
    decided = [event.decided for event in told]
    assert decided == sorted(decided)


def test_what_a_sensor_tells_waits_for_a_slower_one_at_most_a_quarter_of_a_second() -> None:
    records = log([[], [(4.0, 0.9, False), (10.0, 6.0, True)]], [0.0, 0.0], [])
    source, pipeline = Arrivals(SENSORS), Pipeline(*SENSORS)
    waits = []
    now = 0.0
    for record in records[:-1]:
        while now + 0.01 < record.time / 1e9:
            now += 0.01
            for arrival in source.at(now):
                waits += [now - event.decided for event in pipeline.take(arrival)]
        for arrival in source.take(record):
            waits += [record.time / 1e9 - e.decided for e in pipeline.take(arrival)]
    assert max(waits) < 0.25 + 0.01 + 1e-6


def test_a_lost_sensor_is_no_more_waited_for_after_a_second() -> None:
    records = log([[], [(6.0, 99.0, True)]], [0.0, 0.0], [])
    told = live(records, 0.05)
    changes = [(e.sensor, e.working, e.time) for e in told if isinstance(e, SensorChange)]
    assert changes[-2] == ("right_shank", False, pytest.approx(6.89))
    assert not any(isinstance(e, SensorChange) and e.sensor == "lower_back" for e in told[5:-5])

"""Recordings with several sensors, from the choice of sensors to what is printed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gaitcue import cli
from gaitcue.errors import InputError
from gaitcue.events import DataProblem, SensorChange, WalkEnd, WalkStart, to_json
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Recording, Sensor
from gaitcue.recording.walk import write_walk
from gaitcue.replay import choose_sensors, replay
from gaitcue.replay.simulator import Scenario, SensorModel, Stand, Walk, simulate

SHORT = Scenario(name="short", segments=(Stand(duration=2), Walk(duration=9), Stand(duration=3)))
LEFT, RIGHT, BACK = (
    simulate(SHORT, placement=placement, side=side, rate=rate, model=SensorModel(loss=1.0))
    for placement, side, rate in (
        (Placement.SHANK, Side.LEFT, 100.0),
        (Placement.SHANK, Side.RIGHT, 50.0),
        (Placement.LOWER_BACK, Side.NONE, 128.0),
    )
)
WORN = replace(LEFT, name="worn", sensors=RIGHT.sensors + LEFT.sensors + BACK.sensors)


def lines(*sensors: Sensor, block: int | None = None) -> list[str]:
    return [to_json(event) for event in replay(*sensors, block=block)]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, ["lower_back", "left_shank", "right_shank"]),
        ({"placement": Placement.SHANK}, ["left_shank", "right_shank"]),
        ({"placement": Placement.SHANK, "side": Side.RIGHT}, ["right_shank"]),
        ({"name": "right_shank"}, ["right_shank"]),
    ],
)
def test_all_sensors_are_taken_but_for_what_is_asked(
    wanted: dict[str, str], names: list[str]
) -> None:
    assert [sensor.name for sensor in choose_sensors(WORN, **wanted)] == names  # type: ignore[arg-type]


def test_a_sensor_that_cannot_be_tracked_is_left_out_where_others_can() -> None:
    slow = replace(BACK.sensors[0], rate=10.0)
    with_slow = replace(WORN, sensors=(*LEFT.sensors, slow))
    assert [sensor.name for sensor in choose_sensors(with_slow)] == ["left_shank"]
    assert choose_sensors(replace(WORN, sensors=(slow,))) == (slow,)


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(InputError, match="'hat'; there is right_shank, left_shank, lower_back"):
        choose_sensors(WORN, name="hat")


def test_sensors_of_different_rates_do_not_depend_on_the_blocks() -> None:
    sensors = choose_sensors(WORN)
    whole = lines(*sensors)
    for block in (9, 400):
        assert lines(*sensors, block=block) == whole


def test_a_walk_of_several_tells_which_sensors_there_were_and_counts_the_samples_of_all() -> None:
    first, *rest = replay(*choose_sensors(WORN))
    assert isinstance(first, WalkStart)
    assert first.sensor == "lower_back"
    there = {event.sensor for event in rest if isinstance(event, SensorChange) and event.working}
    assert there == {"lower_back", "left_shank", "right_shank"}
    end = rest[-1]
    assert isinstance(end, WalkEnd)
    assert end.samples == SHORT.duration * (100 + 50 + 128)


def test_a_problem_names_its_sensor() -> None:
    def read() -> object:
        yield from LEFT.sensors[0].read()
        yield DataProblem(time=3.0, decided=3.0, kind="odd", count=1, detail="odd rows")

    odd = replace(LEFT.sensors[0], read=read)
    problems = [e for e in replay(odd, *RIGHT.sensors) if isinstance(e, DataProblem)]
    assert "left_shank: odd rows" in [problem.detail for problem in problems]


def test_the_command_takes_all_sensors_or_the_one_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = Recording(
        name="both", subject="x", sensors=LEFT.sensors + RIGHT.sensors, source="simulated"
    )
    write_walk(both, tmp_path / "both")
    report = tmp_path / "report.html"
    assert cli.main(["replay", str(tmp_path / "both"), "--report", str(report)]) == 0
    told = capsys.readouterr().out
    assert "sensors on the left shank and right shank" in told
    assert "step time left" in told
    assert "step time left" in report.read_text("utf-8")
    assert cli.main(["replay", str(tmp_path / "both"), "--sensor", "right_shank", "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {event["side"] for event in events if event["type"] == "step"} == {"right"}
    assert cli.main(["replay", str(tmp_path / "both"), "--sensor", "hat"]) == 2

"""The verb ``gaitcue replay``, as a person or a script calls it."""

import hashlib
import json
import os
import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from gaitcue import cli
from gaitcue.events import Event, Profile, to_json
from gaitcue.recording import open_recordings, write_walk
from gaitcue.replay import replay
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, SensorModel, Walk, simulate
from gaitcue.verbs import replaying

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "events.schema.json"
SCENARIO = Scenario(
    name="short",
    segments=(
        Walk(duration=14),
        Freeze(kind=FreezeKind.SHUFFLING, duration=7),
        Walk(duration=8),
    ),
)


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two walk folders, `one` and `two`."""
    folder = tmp_path_factory.mktemp("walks")
    for name, seed in (("one", 1), ("two", 2)):
        write_walk(simulate(SCENARIO, seed=seed, model=SensorModel(loss=1.0)), folder / name)
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = cli.main(["replay", *map(str, arguments)])
    return status, *capsys.readouterr()


def contents(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_summary_says_what_happened(walks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, walks / "one", "--profile", "assist")
    assert status == 0
    assert err == ""
    for words in ("29.0 s", "lower back", "steps/min", "m/s", "Freezing: 1 episode", "Cues: 1"):
        assert words in out
    assert "Missing: 30 samples of 2900 (1.03 %) in 3 gaps" in out


def test_json_is_the_events_and_nothing_else(
    walks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, walks / "one", "--json", "--profile", "assist")
    (recording,) = open_recordings(walks / "one")
    events = replay(
        recording.sensors[0], profile=Profile.ASSIST, height=recording.height,
        recording=recording.name,
    )  # fmt: skip
    assert out.splitlines() == [to_json(event) for event in events]
    assert (status, err) == (0, "")
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for line in out.splitlines():
        validator.validate(json.loads(line))


@pytest.mark.parametrize("block", [7, 100, 10**9])
def test_the_size_of_the_blocks_changes_no_byte(
    walks: Path, capsys: pytest.CaptureFixture[str], block: int
) -> None:
    _, whole, _ = run(capsys, walks / "one", "--json")
    _, cut, _ = run(capsys, walks / "one", "--json", "--block", block)
    assert cut == whole


def test_several_walks_and_quoted_patterns_go_in_one_call(
    walks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, listed, _ = run(capsys, walks / "one", walks / "two", "--json")
    assert status == 0
    starts = [line for line in map(json.loads, listed.splitlines()) if line["type"] == "walk_start"]
    (one,) = open_recordings(walks / "one")
    (two,) = open_recordings(walks / "two")
    assert [start["recording"] for start in starts] == [one.name, two.name]
    for way in (walks, f"{walks}/*"):
        assert run(capsys, way, "--json") == (0, listed, "")


def test_a_recording_is_never_changed(walks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(walks)
    run(capsys, walks)
    run(capsys, walks, "--json")
    assert contents(walks) == before


def test_what_cannot_be_read_is_told_and_the_rest_is_replayed(
    walks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(bytes(range(256)))
    status, out, err = run(capsys, bad, walks / "one", tmp_path / "nothing", "--json")
    assert status == 2
    assert len(err.splitlines()) == 2
    assert all(line.startswith("gaitcue: ") for line in err.splitlines())
    assert json.loads(out.splitlines()[-1])["type"] == "walk_end"


def test_an_unknown_placement_must_be_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "phone.csv"
    rows = np.column_stack([np.arange(3000) / 100, np.tile([0.0, 0.0, 9.81], (3000, 1))])
    rows[:, 1:] += np.random.default_rng(1).normal(0, 0.05, (3000, 3))
    np.savetxt(file, rows, "%.4f", ",", header="time,acc_x,acc_y,acc_z", comments="")
    status, out, err = run(capsys, file, "--wav", tmp_path / "cues.wav")
    assert (status, out) == (2, "")
    assert "pass --placement" in err
    assert not (tmp_path / "cues.wav").exists()
    status, out, _ = run(capsys, file, "--placement", "thigh")
    assert status == 0
    assert "sensor on the thigh" in out


def test_the_sound_of_the_cues_is_written(
    walks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cues.wav"
    status, out, _ = run(capsys, walks / "one", "--json", "--profile", "assist", "--wav", file)
    events = [json.loads(line) for line in out.splitlines()]
    (cue,) = (event for event in events if event["type"] == "cue_start")
    (end,) = (event for event in events if event["type"] == "cue_end")
    with wave.open(str(file)) as sound:
        heard = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
    ticks = np.flatnonzero(np.diff(np.flatnonzero(heard), prepend=-48000) > 4800)
    assert status == 0
    assert len(ticks) == end["beats"] >= 9
    assert np.flatnonzero(heard)[0] / 48000 == pytest.approx(cue["time"], abs=0.001)


def test_several_walks_need_a_folder_for_their_sounds_and_reports(
    walks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for flag, name in (("--wav", "cues.wav"), ("--report", "walk.html")):
        status, out, err = run(capsys, walks, flag, tmp_path / name)
        assert (status, out) == (2, "")
        assert "give a folder" in err
    assert not list(tmp_path.iterdir())

    status, _, _ = run(capsys, walks, "--wav", tmp_path / "out", "--report", tmp_path / "out")
    assert status == 0
    suffixes = sorted(file.suffix for file in (tmp_path / "out").iterdir())
    assert suffixes == [".html", ".html", ".wav", ".wav"]
    for page in (tmp_path / "out").glob("*.html"):
        assert "</html>" in page.read_text(encoding="utf-8")


def test_speed_1_is_real_time(
    walks: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[float] = []

    def in_real_time(events: Iterable[Event]) -> Iterator[Event]:
        for event in events:
            held.append(event.decided)
            yield event

    monkeypatch.setattr(replaying, "in_real_time", in_real_time)
    _, fast, _ = run(capsys, walks / "one", "--json")
    assert held == []
    _, slow, _ = run(capsys, walks / "one", "--json", "--speed", "1")
    assert slow == fast
    assert len(held) == len(fast.splitlines())


def test_blocks_of_nothing_are_refused(walks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, walks, "--block", "0")
    assert (status, out) == (2, "")
    assert "--block" in err


@pytest.mark.skipif("GAITCUE_DATA" not in os.environ, reason="GAITCUE_DATA is not set")
def test_a_publishers_zip_is_replayed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, Path(os.environ["GAITCUE_DATA"]) / "stanford_lumbar.zip")
    assert (status, err) == (0, "")
    assert out.count("sensor on the lower back") == len(
        list(open_recordings(Path(os.environ["GAITCUE_DATA"]) / "stanford_lumbar.zip"))
    )

import numpy as np
import pytest
from making import motion, recording, sensor

from gaitcue.cli import main
from gaitcue.imu import STANDARD_GRAVITY, Placement
from gaitcue.recording import open_recordings, write_walk
from gaitcue.recording.model import read_all


def test_a_table_becomes_a_walk_and_the_guess_is_shown(tmp_path, capsys):
    time, acc, _ = motion()
    acc_g = acc / STANDARD_GRAVITY
    rows = np.column_stack([time, acc_g]).tolist()
    source = tmp_path / "P07.csv"
    source.write_text("t,ax,ay,az\n" + "\n".join(",".join(map(repr, row)) for row in rows))
    target = tmp_path / "walk"
    assert main(["import", str(source), "-o", str(target), "--placement", "chest"]) == 0
    out, err = capsys.readouterr()
    assert out == f"{target}\n"
    assert err == "P07: ax,ay,az read as g at 100 Hz, t as s, placement chest\n"
    (walk,) = open_recordings(target)
    samples, _ = read_all(walk.sensors[0])
    np.testing.assert_array_equal(samples.acc, acc_g * STANDARD_GRAVITY)
    assert walk.sensors[0].placement is Placement.CHEST
    assert main(["import", str(target), "-o", str(tmp_path / "again")]) == 0
    for file in ("motion.csv", "walk.json"):
        assert (tmp_path / "again" / file).read_bytes() == (target / file).read_bytes()


def test_annotations_come_along(tmp_path):
    write_walk(recording(sensor()), tmp_path / "one")
    assert main(["import", str(tmp_path / "one"), "-o", str(tmp_path / "two")]) == 0
    files = {file.name: file.read_bytes() for file in (tmp_path / "one").iterdir()}
    assert {file.name: file.read_bytes() for file in (tmp_path / "two").iterdir()} == files


def test_what_was_wrong_with_the_source_is_shown(tmp_path, capsys):
    time, acc, _ = motion()
    time[500] = time[499]
    source = tmp_path / "waist.csv"
    rows = np.column_stack([time, acc]).tolist()
    source.write_text("t,ax,ay,az\n" + "\n".join(",".join(map(repr, row)) for row in rows))
    assert main(["import", str(source), "-o", str(tmp_path / "walk")]) == 0
    assert "waist: rows with the time of the row before: 1 (left out: 0)" in capsys.readouterr().err


def test_several_walks_are_imported_at_once(tmp_path, capsys):
    for name in ("a", "b"):
        write_walk(recording(sensor(), name=name), tmp_path / "in" / name)
    assert main(["import", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.split() == [str(tmp_path / "out" / name) for name in "ab"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{tmp}/nothing", "-o", "{tmp}/new"], "there is no file or folder"),
        (["{tmp}/walk", "-o", "{tmp}/walk"], "nothing is overwritten"),
        (["{tmp}/walk", "-o", "{tmp}/walk/walk.json/new"], "cannot write"),
        (["{tmp}/walk", "-o", "{tmp}/new", "--rate", "50"], "leave --rate out"),
        (["{tmp}/walk", "-o", "{tmp}/new", "--rate", "-1"], "above 0 Hz"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_status_2(tmp_path, capsys, arguments, words):
    write_walk(recording(), tmp_path / "walk")
    arguments = [argument.format(tmp=tmp_path) for argument in arguments]
    assert main(["import", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
    assert not (tmp_path / "new").exists()

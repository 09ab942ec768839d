import numpy as np
import pytest
from making import motion

from gaitcue.errors import InputError
from gaitcue.imu import STANDARD_GRAVITY, Placement, Side
from gaitcue.recording import ReadOptions, open_recordings
from gaitcue.recording.model import read_all

DEGREES = 180 / np.pi


def write(path, columns, header=None, delimiter=",", comma=False, preamble=""):
    rows = np.column_stack(columns).tolist()
    lines = [delimiter.join(map(repr, row)) for row in rows]
    if comma:
        lines = [line.replace(".", ",") for line in lines]
    text = preamble + (f"{header}\n" if header else "") + "\n".join(lines) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


def guess(path, **options):
    (recording,) = open_recordings(path, ReadOptions(**options))
    samples, problems = read_all(recording.sensors[0])
    return recording, samples, problems


def test_a_table_with_names_and_g_is_guessed_and_told(tmp_path):
    time, acc, gyr = motion()
    path = write(
        tmp_path / "walk.csv",
        [time, acc / STANDARD_GRAVITY, gyr * DEGREES],
        "time,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z",
    )
    recording, samples, problems = guess(path)
    assert recording.note == (
        "acc_x,acc_y,acc_z read as g at 100 Hz, gyr_x,gyr_y,gyr_z as deg/s, time as s, placement "
        "unknown: pass --placement"
    )
    np.testing.assert_allclose(samples.acc, acc)
    np.testing.assert_allclose(samples.gyr, gyr)
    np.testing.assert_array_equal(samples.time, time)
    assert problems == []
    assert recording.sensors[0].placement is None


@pytest.mark.parametrize(
    ("delimiter", "comma"),
    [(",", False), *((delimiter, comma) for delimiter in ";\t " for comma in (False, True))],
)
def test_delimiters_and_decimal_commas_are_seen(tmp_path, delimiter, comma):
    time, acc, gyr = motion()
    path = write(tmp_path / "w.txt", [time * 1000, acc, gyr], None, delimiter, comma)
    recording, samples, _ = guess(path)
    assert recording.note == (
        "columns 2,3,4 read as m/s2 at 100 Hz, columns 5,6,7 as rad/s, column 1 as ms, placement "
        "unknown: pass --placement"
    )
    np.testing.assert_allclose(samples.acc, acc)
    np.testing.assert_allclose(samples.gyr, gyr)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("AccX [mg],AccY [mg],AccZ [mg]", "mg"),
        ("Accelerometer_x(m/s²),Accelerometer_y(m/s²),Accelerometer_z(m/s²)", "m/s2"),
        ("AccV,AccML,AccAP", "m/s2"),
        ("ax_g,ay_g,az_g", "g"),
        ("x,y,z", "m/s2"),
    ],
)
def test_names_and_units_that_people_use_are_understood(tmp_path, header, unit):
    factor = {"mg": 1000 / STANDARD_GRAVITY, "g": 1 / STANDARD_GRAVITY, "m/s2": 1.0}[unit]
    time, acc, _ = motion()
    path = write(tmp_path / "w.csv", [acc * factor, time], f"{header},timestamp (s)")
    recording, samples, _ = guess(path)
    assert f" read as {unit} at 100 Hz" in recording.note
    np.testing.assert_allclose(samples.acc, acc)
    assert samples.gyr is None


@pytest.mark.parametrize(
    ("name", "placement", "side"),
    [
        ("left_ankle", Placement.SHANK, Side.LEFT),
        ("LowerBack", Placement.LOWER_BACK, Side.NONE),
        ("subject3-L5", Placement.LOWER_BACK, Side.NONE),
        ("right wrist 02", Placement.WRIST, Side.RIGHT),
        ("waist_or_foot", None, Side.NONE),
        ("walk", None, Side.NONE),
    ],
)
def test_placement_comes_from_the_name_and_is_told(tmp_path, name, placement, side):
    time, acc, _ = motion()
    recording, samples, _ = guess(write(tmp_path / f"{name}.csv", [time, acc], "t,ax,ay,az"))
    (sensor,) = recording.sensors
    assert (sensor.placement, sensor.side) == (placement, side)
    assert samples.placement == placement
    said = f"placement {side} {placement}".replace("none ", "") if placement else "--placement"
    assert said in recording.note


def test_every_part_of_the_guess_can_be_corrected(tmp_path):
    _, acc, gyr = motion(rate=64)
    path = write(tmp_path / "wrist.csv", [gyr * DEGREES, acc / STANDARD_GRAVITY], "a,b,c,d,e,f")
    recording, samples, _ = guess(
        path, placement=Placement.HEAD, side=Side.LEFT, rate=64.0, acc_unit="g", gyr_unit="deg/s",
        columns=("d", "e", "6", "a", "b", "c"),
    )  # fmt: skip
    assert (samples.placement, samples.side, samples.rate) == (Placement.HEAD, Side.LEFT, 64.0)
    np.testing.assert_allclose(samples.acc, acc)
    np.testing.assert_allclose(samples.gyr, gyr)
    assert recording.note == (
        "d,e,f read as g at 64 Hz, a,b,c as deg/s, no time column, placement left head"
    )


def test_acceleration_without_gravity_is_read_only_when_its_unit_is_told(tmp_path):
    time, acc, _ = motion()
    path = write(tmp_path / "w.csv", [time, acc - acc.mean(axis=0)], "time,acc_x,acc_y,acc_z")
    with pytest.raises(InputError, match="--acc-unit"):
        guess(path)
    recording, samples, _ = guess(path, acc_unit="m/s2")
    assert "read as m/s2 without gravity" in recording.note
    assert samples.gravity is False


def test_a_rate_above_the_table_counts(tmp_path):
    _, acc, _ = motion(rate=50)
    path = write(tmp_path / "w.csv", [np.arange(len(acc)), acc], "sample,x,y,z",
                 preamble="Recorded 2024\nAcquisition frequency: 50 Hz\n")  # fmt: skip
    recording, samples, _ = guess(path)
    assert samples.rate == 50.0
    assert "sample as samples" in recording.note


def test_lost_rows_of_a_counter_are_missing(tmp_path):
    _, acc, _ = motion()
    kept = np.delete(np.arange(len(acc)), slice(200, 260))
    path = write(tmp_path / "w.csv", [kept, acc[kept]], "PacketCounter,acc_x,acc_y,acc_z")
    _, samples, problems = guess(path, rate=100.0)
    assert np.flatnonzero(samples.missing).tolist() == list(range(200, 260))
    np.testing.assert_array_equal(samples.acc[260:], acc[260:])
    assert problems == []


def test_dates_are_read_as_time_from_the_first_row(tmp_path):
    _, acc, _ = motion(seconds=2)
    stamps = np.datetime64("2024-03-01T12:00:00") + np.arange(len(acc)) * np.timedelta64(10, "ms")
    lines = [
        f'"{t}",{x!r},{y!r},{z!r},walk' for t, (x, y, z) in zip(stamps, acc.tolist(), strict=True)
    ]
    path = tmp_path / "w.csv"
    path.write_text("datetime,acc_x,acc_y,acc_z,label\n" + "\n".join(lines))
    _, samples, problems = guess(path)
    assert samples.rate == 100.0
    np.testing.assert_allclose(samples.time, np.arange(len(acc)) / 100, atol=1e-6)
    np.testing.assert_array_equal(samples.acc, acc)
    assert problems == []


def test_epoch_in_nanoseconds_counts_from_the_first_row(tmp_path):
    time, acc, _ = motion()
    path = tmp_path / "w.csv"
    lines = [f"{1_700_000_000_000_000_000 + round(t * 1e9)},{x!r},{y!r},{z!r}"
             for t, (x, y, z) in zip(time, acc.tolist(), strict=True)]  # fmt: skip
    path.write_text("\n".join(lines))
    recording, samples, _ = guess(path)
    assert "column 1 as ns" in recording.note
    assert samples.rate == 100.0
    np.testing.assert_allclose(samples.time, time, atol=1e-5)


def unguessable(case):
    """Columns and header of a table in which one thing cannot be told."""
    t, a, g = motion()
    return {
        "no time": ([a], "acc_x,acc_y,acc_z"),
        "only a count": ([np.arange(len(a)), a], "index,acc_x,acc_y,acc_z"),
        "raw counts": ([t, a * 170, g], "t,ax,ay,az,gx,gy,gz"),
        "unit and size disagree": ([t, a], "time,acc_x_mg,acc_y_mg,acc_z_mg"),
        "nobody moves": ([t, a * 0 + 9.81 / 3**0.5, g * 3], "t,ax,ay,az,gx,gy,gz"),
        "two sensors": ([t, a, a], "t,l_acc_x,l_acc_y,l_acc_z,r_acc_x,r_acc_y,r_acc_z"),
        "two alike": ([t, a, g, a], None),
        "no acceleration": ([t, g, g], "t,gx,gy,gz,u,v,w"),
        "slow": ([t * 40, a], "t_s,ax,ay,az"),
        "stopped clock": ([t * 0, a], "time,ax,ay,az"),
    }[case]


@pytest.mark.parametrize(
    ("case", "flag"),
    [
        ("no time", "--rate"),
        ("only a count", "--rate"),
        ("raw counts", "--acc-unit"),
        ("unit and size disagree", "--acc-unit"),
        ("nobody moves", "--gyr-unit"),
        ("two sensors", "--columns"),
        ("two alike", "--columns"),
        ("no acceleration", "--columns"),
        ("slow", "--rate"),
        ("stopped clock", "does not advance"),
    ],
)
def test_what_cannot_be_guessed_is_asked_for(tmp_path, case, flag):
    path = write(tmp_path / "w.csv", *unguessable(case))
    with pytest.raises(InputError, match=flag):
        guess(path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"columns": ("1", "2")}, "3, 4, 6 or 7 in all"),
        ({"columns": ("time", "ax", "ay", "nose")}, "no column 'nose'"),
        ({"columns": ("1", "2", "9")}, "no column '9'"),
        ({"rate": 31.0}, "does not go with 31 Hz"),
        ({"acc_unit": "stone"}, "m/s2, g, mg"),
    ],
)
def test_a_wrong_correction_is_told(tmp_path, options, words):
    time, acc, _ = motion()
    path = write(tmp_path / "w.csv", [time, acc], "time,ax,ay,az")
    with pytest.raises(InputError, match=words):
        guess(path, **options)

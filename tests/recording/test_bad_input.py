import os
import tracemalloc
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from making import motion, recording, sensor

from gaitcue.errors import InputError
from gaitcue.events import DataProblem
from gaitcue.imu import Placement, Samples
from gaitcue.recording import ReadOptions, open_recordings, write_walk
from gaitcue.recording.model import BLOCK_ROWS, concatenate


@pytest.fixture
def own(tmp_path):
    """The motion file of a walk of 10 s at 100 Hz, its rows on lines 10 to 1009."""
    write_walk(recording(sensor()), tmp_path / "walk")
    return tmp_path / "walk" / "motion.csv"


def read(path, **options):
    """All samples of the only sensor, and problems by kind."""
    (found,) = open_recordings(path, ReadOptions(**options))
    items = list(found.sensors[0].read())
    problems = {item.kind: item for item in items if isinstance(item, DataProblem)}
    return concatenate([item for item in items if isinstance(item, Samples)]), problems


def edit(path, change):
    """Let `change` change the list of lines in place."""
    lines = path.read_bytes().split(b"\n")
    change(lines)
    path.write_bytes(b"\n".join(lines))


def test_rows_with_text_in_them_are_missing_and_told(own):
    before, _ = read(own)

    def change(lines):
        lines[109] = lines[109].replace(b"0", b"O", 3)
        lines[209] = b"garbage \xff\x00"
        lines[309] = lines[309].rsplit(b",", 1)[0]

    edit(own, change)
    after, problems = read(own)
    assert np.flatnonzero(after.missing).tolist() == [100, 200, 300]
    np.testing.assert_allclose(after.time, before.time)
    assert problems["unreadable_rows"].count == 3
    assert "line 110" in problems["unreadable_rows"].detail


def test_a_row_that_was_cut_off_is_left_out_and_told(own):
    before, _ = read(own)
    data = own.read_bytes()
    for cut in (2, 30, 100):
        own.write_bytes(data[:-cut])
        after, problems = read(own)
        assert len(after) == len(before) - 1
        assert list(problems) == ["cut_row"]
        assert "line 1009" in problems["cut_row"].detail


def test_repeated_backward_and_lost_rows_are_told_and_shift_nothing(own):
    before, _ = read(own)

    def change(lines):
        lines.insert(109, lines[108])
        lines[300] = lines[300].replace(lines[300].split(b",")[0], b"0.5", 1)
        del lines[600:620]

    edit(own, change)
    after, problems = read(own)
    assert len(after) == len(before)
    assert after.missing.sum() == 20
    kept = ~after.missing
    np.testing.assert_array_equal(after.acc[kept], before.acc[kept])
    assert {kind: problem.count for kind, problem in problems.items()} == {
        "repeated_time": 1,
        "backward_time": 1,
    }


def test_g_in_a_file_that_says_m_s2_is_refused_with_what_to_do(own):
    time, acc, gyr = motion()
    rows = np.column_stack([time, acc / 9.80665, gyr]).tolist()
    head = own.read_text().splitlines()[:9]
    own.write_text("\n".join(head + [",".join(map(repr, row)) for row in rows]) + "\n")
    with pytest.raises(InputError, match="--acc-unit g"):
        read(own)
    samples, problems = read(own, acc_unit="g")
    np.testing.assert_allclose(samples.acc, acc)
    assert problems == {}


def test_windows_line_ends_and_byte_order_marks_do_no_harm(own):
    before, _ = read(own)
    own.write_bytes(b"\xef\xbb\xbf" + own.read_bytes().replace(b"\n", b"\r\n"))
    after, problems = read(own)
    assert after.acc.tobytes() == before.acc.tobytes()
    assert problems == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: lines.__delitem__(slice(9, None)), "no samples"),
        (lambda lines: lines.__setitem__(0, b"# gaitcue motion 2"), "newer gaitcue"),
        (lambda lines: lines.__setitem__(0, b"# gaitcue motion"), "line 1: expected"),
        (lambda lines: lines.__setitem__(8, b"time,x,y,z"), "line 9: expected the header"),
        (lambda lines: lines.__setitem__(5, b"# rate: fast"), "rate"),
        (lambda lines: lines.__setitem__(5, b"# rate: 0"), "above 0 Hz"),
        (lambda lines: lines.__delitem__(5), "rate"),
        (lambda lines: lines.__setitem__(3, b"# placement: tail"), "tail"),
        (lambda lines: lines.__setitem__(slice(9, None), [b"\x00\x01" * 40] * 30), "line 10"),
        (lambda lines: lines.__setitem__(20, b"1" * 500_000), "too long"),
    ],
)  # fmt: skip
def test_a_broken_motion_file_is_told_in_one_sentence(own, change, words):
    edit(own, change)
    with pytest.raises(InputError, match=words) as told:
        read(own)
    assert str(own) in str(told.value)


@pytest.mark.parametrize("flag", ["rate", "columns"])
def test_what_a_file_says_itself_is_not_overruled(own, flag):
    with pytest.raises(InputError, match=f"leave --{flag} out"):
        read(own, **{flag: {"rate": 50.0, "columns": ("1", "2", "3")}[flag]})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"time,acc_x,acc_y,acc_z\n", "not a table"),
        (b"hello world\n", "not a table"),
        (bytes(range(256)) * 50, "not text"),
        (b"\x1f\x8b\x08\x00" + bytes(50), "not text"),
        (b"1,2\n3,4\n", "not a table"),
        (b"time,acc_x,acc_y,acc_z\n1,,,\n2,,,\n", "not a table"),
    ],
)
def test_a_file_without_motion_is_told_in_one_sentence(tmp_path, content, words):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as told:
        read(path)
    assert str(path) in str(told.value)


def test_paths_that_hold_nothing_are_told_in_one_sentence(tmp_path):
    with pytest.raises(InputError, match="there is no file or folder"):
        read(tmp_path / "nothing")
    with pytest.raises(InputError, match="neither a walk folder"):
        read(tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(InputError, match="loop"):
        read(tmp_path / "loop")
    (tmp_path / "zip.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    with pytest.raises(InputError, match=r"zip\.zip"):
        read(tmp_path / "zip.zip")
    (tmp_path / "walk").mkdir()
    (tmp_path / "walk" / "walk.json").mkdir()
    with pytest.raises(InputError, match="walk"):
        read(tmp_path / "walk")


def test_a_motion_file_that_became_a_folder_is_told(tmp_path):
    write_walk(recording(), tmp_path / "walk")
    (tmp_path / "walk" / "motion.csv").unlink()
    (tmp_path / "walk" / "motion.csv").mkdir()
    with pytest.raises(InputError, match="not in"):
        read(tmp_path / "walk")


def test_a_motion_file_that_vanishes_while_it_is_in_use_is_told(tmp_path):
    write_walk(recording(), tmp_path / "walk")
    (found,) = open_recordings(tmp_path / "walk")
    (tmp_path / "walk" / "motion.csv").unlink()
    with pytest.raises(InputError, match="cannot read"):
        list(found.sensors[0].read())


def test_a_table_whose_rows_break_up_later_is_read_and_told(tmp_path):
    time, acc, _ = motion()
    lines = [",".join(map(repr, row)) for row in np.column_stack([time, acc]).tolist()]
    lines[500] = "***"
    lines[600] = "6.0,nan,NaN,"
    path = tmp_path / "waist.csv"
    path.write_text("time,acc_x,acc_y,acc_z\n" + "\n".join(lines[:-1]) + "\n" + lines[-1][:9])
    samples, problems = read(path)
    assert np.flatnonzero(samples.missing).tolist() == [500, 600]
    assert len(samples) == len(time) - 1
    assert problems["unreadable_rows"].count == 1
    assert "line 502" in problems["unreadable_rows"].detail
    assert "line 1001" in problems["cut_row"].detail


broken = st.one_of(
    st.binary(max_size=300),
    st.text(alphabet="0123456789.,;-+eE \t\nnaxyzt_#", max_size=300).map(str.encode),
    st.lists(
        st.lists(
            st.sampled_from(["", "0.1", "9.8", "-1", "1e400", "nan", "x", "inf", "1_0", "1e308"]),
            min_size=3, max_size=8,
        ).map(",".join),
        max_size=40,
    ).map(lambda lines: "\n".join(lines).encode()),
)  # fmt: skip
OWN_TOP = (
    b"# gaitcue motion 1\n# rate: 100\n# placement: waist\n"
    b"time_s,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2\n"
)


def drain(path, **options):
    """Read all there is; nothing but an `InputError` may come out."""
    with suppress(InputError):
        for found in open_recordings(path, ReadOptions(**options)):
            for one in found.sensors:
                for item in one.read():
                    assert len(item) <= BLOCK_ROWS if isinstance(item, Samples) else item.count > 0


@given(broken, st.sampled_from([b"", b"time,acc_x,acc_y,acc_z\n", OWN_TOP]))
@example(b"0,1e308,1e308,1e308\n" * 3, OWN_TOP)
@settings(max_examples=150)
def test_no_bytes_bring_a_reader_down(tmp_path_factory, content, top):
    path = tmp_path_factory.getbasetemp() / "broken.csv"
    path.write_bytes(top + content)
    drain(path)
    drain(path, rate=100.0, acc_unit="g", gyr_unit="deg/s", columns=("1", "2", "3", "4"))


@given(broken, st.integers(0, 400), st.integers(0, 60))
@settings(max_examples=100)
def test_no_damage_to_a_good_file_brings_a_reader_down(tmp_path_factory, patch, start, length):
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    rows = b"".join(b"%.2f,0.1,-0.2,9.8\n" % (n / 100) for n in range(20))
    for top in (OWN_TOP, b"time,acc_x,acc_y,acc_z\n"):
        good = top + rows
        path.write_bytes(good[:start] + patch + good[start + length :])
        drain(path)


@given(broken)
@settings(max_examples=100)
def test_no_walk_file_or_labels_bring_a_reader_down(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp() / "broken_walk"
    if not folder.exists():
        write_walk(recording(sensor(seconds=0.5)), folder)
    good = (folder / "annotations.tsv").read_bytes()
    (folder / "annotations.tsv").write_bytes(b"onset\tduration\ttrial_type\n" + content)
    drain(folder)
    (folder / "annotations.tsv").write_bytes(good)


def test_memory_does_not_grow_with_the_file(tmp_path):
    row = "%.2f,0.12345,-0.23456,9.81234,0.1,0.2,0.3\n"
    top = OWN_TOP.decode().rstrip("\n") + ",gyr_x_rad_s,gyr_y_rad_s,gyr_z_rad_s\n"
    peaks = []
    for count in (40_000, 200_000):
        path = tmp_path / f"{count}.csv"
        with path.open("w") as file:
            file.write(top)
            file.writelines(row % (n / 100) for n in range(count))
        (found,) = open_recordings(path)
        tracemalloc.start()
        assert sum(len(block) for block in found.sensors[0].read()) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
    assert peaks[1] < 20e6


def test_a_long_gap_is_given_out_in_blocks(tmp_path):
    path = tmp_path / "waist.csv"
    path.write_bytes(OWN_TOP + b"0,0,0,9.8\n0.01,0,0,9.8\n40000,0,0,9.8\n")
    (found,) = open_recordings(path)
    blocks = [item for item in found.sensors[0].read() if isinstance(item, Samples)]
    assert max(len(block) for block in blocks) <= BLOCK_ROWS
    assert sum(len(block) for block in blocks) == 4_000_001
    assert found.sensors[0].placement is Placement.WAIST


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        read(tmp_path / "pipe")

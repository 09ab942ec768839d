import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitcue.errors import InputError
from gaitcue.recording.raw import Damage, RawWriter, Record, RecordKind, read_raw

HEART = "0000180d-0000-1000-8000-00805f9b34fb"

records = st.lists(
    st.one_of(
        st.builds(
            Record.value,
            st.integers(0, 255),
            st.integers(0, 1 << 62),
            st.uuids().map(str),
            st.binary(max_size=60),
        ),
        st.builds(
            Record,
            st.sampled_from([RecordKind.SENSOR, RecordKind.CONNECTED, RecordKind.DISCONNECTED]),
            st.integers(0, 255),
            st.integers(0, 1 << 62),
            st.binary(max_size=60),
        ),
    ),
    max_size=12,
)


def write(path: Path, items: list[Record]) -> list[int]:
    """Write a log; the file's size after each record."""
    path.unlink(missing_ok=True)
    sizes = []
    with RawWriter(path) as log:
        for item in items:
            log.append(item)
            sizes.append(path.stat().st_size)
    return sizes


@pytest.fixture(scope="session")
def log(tmp_path_factory):
    return tmp_path_factory.mktemp("raw") / "raw.bin"


def some(count=20):
    return [Record.value(1, 10_000_000 * n, HEART, bytes([n, 0xA7, 0x5E, n])) for n in range(count)]


@given(records)
@settings(max_examples=50)
def test_records_read_back_as_they_were_written(log, items):
    write(log, items)
    assert list(read_raw(log)) == items


def test_a_value_tells_its_characteristic_and_bytes(log):
    write(log, [Record.value(2, 5, HEART.upper(), b"\x01\x02")])
    (back,) = read_raw(log)
    assert (back.sensor, back.time, back.characteristic, back.data) == (2, 5, HEART, b"\x01\x02")


def test_a_record_is_in_the_file_as_soon_as_it_is_appended(log):
    log.unlink(missing_ok=True)
    writer = RawWriter(log)
    for number, item in enumerate(some(), 1):
        writer.append(item)
        assert len(list(read_raw(log))) == number
    writer.sync()
    writer.close()


def test_cut_at_every_byte_all_whole_records_are_kept_and_the_rest_is_told(log):
    items = some()
    sizes = write(log, items)
    whole = log.read_bytes()
    for length in range(len(whole)):
        log.write_bytes(whole[:length])
        kept = sum(size <= length for size in sizes)
        found = list(read_raw(log))
        assert found[:kept] == items[:kept]
        clean = length in (0, 16, *sizes)
        if clean:
            assert found[kept:] == []
        else:
            (damage,) = found[kept:]
            end = sizes[kept - 1] if kept else (16 if length > 16 else 0)
            assert damage == Damage(end, length - end, torn=True)


@given(records.filter(len), st.data())
@settings(max_examples=150)
def test_flipped_bits_cost_only_the_records_they_lie_in(log, items, data):
    sizes = write(log, items)
    whole = bytearray(log.read_bytes())
    hit = set()
    for _ in range(data.draw(st.integers(1, 3))):
        bit = data.draw(st.integers(16 * 8, len(whole) * 8 - 1))
        if bit in hit:
            continue
        hit.add(bit)
        whole[bit // 8] ^= 1 << bit % 8
    log.write_bytes(whole)
    bounds = zip([16, *sizes], sizes, strict=False)
    sound = [
        item
        for item, (begin, end) in zip(items, bounds, strict=True)
        if not any(begin <= bit // 8 < end for bit in hit)
    ]
    found = list(read_raw(log))
    assert [item for item in found if isinstance(item, Record)] == sound
    assert sum(item.length for item in found if isinstance(item, Damage)) > 0


@given(st.binary(max_size=400), st.integers(0, 20))
@settings(max_examples=100)
def test_garbage_between_records_is_told_by_place_and_length(log, garbage, at):
    items = some()
    sizes = [16, *write(log, items)]
    whole = log.read_bytes()
    log.write_bytes(whole[: sizes[at]] + garbage + whole[sizes[at] :])
    found = list(read_raw(log))
    damage = [Damage(sizes[at], len(garbage), torn=at == len(items))] if garbage else []
    assert found == [*items[:at], *damage, *items[at:]]


@given(st.binary(max_size=200))
def test_another_file_is_refused_in_one_sentence(log, content):
    log.write_bytes(b"x" + content)
    with pytest.raises(InputError, match="is not a raw log"):
        list(read_raw(log))


def test_a_log_longer_than_the_reader_takes_at_a_time(log):
    items = [Record.value(0, n, HEART, bytes(30_000)) for n in range(100)]
    write(log, items)
    assert list(read_raw(log)) == items


def test_nothing_is_overwritten(log):
    write(log, some())
    with pytest.raises(InputError, match="cannot write"):
        RawWriter(log)
    assert len(list(read_raw(log))) == 20


@pytest.mark.skipif(os.name != "posix", reason="file sizes cannot be limited on this system")
def test_a_full_disk_is_told_in_one_sentence_and_what_was_written_stays(tmp_path):
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from gaitcue.recording.raw import RawWriter, Record\n"
        "from gaitcue.errors import InputError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))\n"
        "log = RawWriter(Path(sys.argv[1]))\n"
        "try:\n"
        "    for n in range(9): log.append(Record.value(0, n, sys.argv[2], bytes(30)))\n"
        "except InputError as error: print(error)\n"
    )
    path = tmp_path / "raw.bin"
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), HEART], capture_output=True, text=True
    )
    assert done.stdout == f"cannot write {path}: File too large\n"
    *whole, torn = read_raw(path)
    assert len(whole) == 2
    assert torn == Damage(144, 56, torn=True)


ENDLESS = """
import sys
from pathlib import Path
from gaitcue.recording.raw import RawWriter, Record
log = RawWriter(Path(sys.argv[1]))
number = 0
while True:
    log.append(Record.value(0, number * 10_000_000, sys.argv[2], number.to_bytes(4, "little") * 60))
    number += 1
    if number % 50 == 0:
        print(number, flush=True)  # told only after it was appended
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL on this system")
@pytest.mark.parametrize("least", [50, 400, 3000])
def test_killed_at_any_moment_nothing_appended_is_lost(tmp_path, least):
    path = tmp_path / "raw.bin"
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(path), HEART], stdout=subprocess.PIPE, text=True
    ) as child:
        for line in child.stdout:
            if int(line) >= least:
                break
        child.send_signal(signal.SIGKILL)
        told = [int(line) for line in child.stdout.read().split("\n")[:-1]]
    appended = max([least, *told])
    found = list(read_raw(path))
    kept = [item for item in found if isinstance(item, Record)]
    assert len(kept) >= appended
    assert [int.from_bytes(item.data[:4], "little") for item in kept] == list(range(len(kept)))
    assert all(item.torn for item in found[len(kept) :])

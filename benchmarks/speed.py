"""What reading and tracking cost: ``python -m benchmarks.speed [--hours 8]``.

Every part runs in a fresh child process, so that its memory is its own. The recording is a
simulated walk with freezes, repeated; see README.md beside this file for what each figure means.
"""

import argparse
import json
import os
import platform
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
import scipy
from benchmarks.places import RESULTS
from scipy import signal

import gaitcue
from gaitcue.events import Profile
from gaitcue.imu import Samples
from gaitcue.recording import open_recordings, write_walk
from gaitcue.recording.model import BLOCK_ROWS, Recording, read_all
from gaitcue.replay import replay
from gaitcue.replay.simulator import SCENARIOS, simulate

RATE = 100.0
"""Hz."""
HOUR = 3600
"""s."""
LIVE_BLOCK = 10
"""Samples a wearable sends at a time: ten a second at 100 Hz."""
REPEATS = 3
"""Times each CPU figure is taken; the median is given."""

T = TypeVar("T")


def hour_long(hours: int) -> Recording:
    """A simulated walk with freezes, repeated to last `hours`; never in memory as a whole."""
    walk = simulate(SCENARIOS["freezing"], rate=RATE, seed=1)
    once, _ = read_all(walk.sensors[0])
    turning = once.gyr
    rows = int(hours * HOUR * RATE)

    def read() -> Iterator[Samples]:
        for start in range(0, rows, BLOCK_ROWS):
            here = np.arange(start, min(start + BLOCK_ROWS, rows))
            yield replace(
                once,
                time=here / RATE,
                acc=once.acc[here % len(once)],
                gyr=None if turning is None else turning[here % len(once)],
            )

    return replace(walk, annotations=(), annotated=frozenset(), sensors=(
        replace(walk.sensors[0], read=read),
    ))  # fmt: skip


def cpu_of_reading(walk: Path) -> float:
    """CPU seconds to read the walk folder block by block."""
    (recording,) = open_recordings(walk)
    began = time.process_time()
    for _ in recording.sensors[0].read():
        pass
    return time.process_time() - began


def cpu_of_tracking(walk: Path) -> float:
    """CPU seconds of tracker and coach, the samples already in memory."""
    (recording,) = open_recordings(walk)
    blocks = list(recording.sensors[0].read())
    sensor = replace(recording.sensors[0], read=lambda: iter(blocks))
    began = time.process_time()
    for _ in replay(sensor, profile=Profile.QUIET):
        pass
    return time.process_time() - began


def cpu_of_reference(_: Path) -> float:
    """CPU seconds of a fixed load: 20 fourth-order low-passes over an hour of six axes."""
    motion = np.random.default_rng(0).standard_normal((int(HOUR * RATE), 6))
    sections = signal.butter(4, 10.0, output="sos", fs=RATE)
    began = time.process_time()
    for _ in range(20):
        signal.sosfilt(sections, motion, axis=0)
    return time.process_time() - began


def memory_of_replay(walk: Path) -> float:
    """Peak resident memory of a whole replay, MB."""
    (recording,) = open_recordings(walk)
    for _ in replay(recording.sensors[0], profile=Profile.QUIET):
        pass
    return peak_memory()


def memory_of_start(_: Path) -> float:
    """Peak resident memory with everything imported and nothing read, MB."""
    return peak_memory()


def peak_memory() -> float:
    """Of this process so far, MB, as Linux tells it."""
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(peak) / 1024


def live_blocks(walk: Path) -> list[tuple[float, float]]:
    """For each block of `LIVE_BLOCK` samples, ms until all it gives is out: by clock, and of CPU.

    On a busy machine the clock also counts what other programs take.
    """
    (recording,) = open_recordings(walk)
    samples, _ = read_all(recording.sensors[0])
    took = []

    def read() -> Iterator[Samples]:
        for block in samples.blocks(LIVE_BLOCK):
            clock, cpu = time.perf_counter_ns(), time.thread_time_ns()
            yield block  # until the next block is asked for, everything downstream runs
            spent = time.thread_time_ns() - cpu
            took.append(((time.perf_counter_ns() - clock) / 1e6, spent / 1e6))

    for _ in replay(replace(recording.sensors[0], read=read), profile=Profile.QUIET):
        pass
    return took


def alone(part: Callable[[Path], T], walk: Path) -> T:
    """Run one part in a fresh process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(part, walk).result()


def median_of(part: Callable[[Path], float], walk: Path) -> float:
    """Median of `REPEATS` runs, each in its own process."""
    return float(np.median([alone(part, walk) for _ in range(REPEATS)]))


def measure(hour: Path, hours: Path, many: int) -> dict[str, float | int]:
    """All figures, from a walk of one hour and one of `many`."""
    reference = median_of(cpu_of_reference, hour)
    reading, tracking = median_of(cpu_of_reading, hour), median_of(cpu_of_tracking, hour)
    clock, cpu = np.array(alone(live_blocks, hour)).T
    return {
        "reference_cpu_s": reference,
        "reading_cpu_s_per_hour": reading,
        "reading_over_reference": reading / reference,
        "tracking_cpu_s_per_hour": tracking,
        "tracking_over_reference": tracking / reference,
        "memory_imported_mb": alone(memory_of_start, hour),
        "memory_1_hour_mb": alone(memory_of_replay, hour),
        f"memory_{many}_hours_mb": alone(memory_of_replay, hours),
        "live_block_median_ms": float(np.median(clock)),
        "live_block_p99_ms": float(np.percentile(clock, 99)),
        "live_block_max_ms": float(clock.max()),
        "live_block_cpu_median_ms": float(np.median(cpu)),
        "live_block_cpu_p99_ms": float(np.percentile(cpu, 99)),
        "live_blocks": len(clock),
    }


def write_report(figures: dict[str, float | int], many: int) -> str:
    """The figures as a Markdown table."""
    rows = [
        ("reading, CPU per hour", "reading_cpu_s_per_hour", "{:.2f} s"),
        ("reading over reference load", "reading_over_reference", "{:.2f}"),
        ("tracking, CPU per hour", "tracking_cpu_s_per_hour", "{:.2f} s"),
        ("tracking over reference load", "tracking_over_reference", "{:.2f}"),
        ("reference load, CPU", "reference_cpu_s", "{:.2f} s"),
        ("peak memory, imports only", "memory_imported_mb", "{:.0f} MB"),
        ("peak memory, replay of 1 h", "memory_1_hour_mb", "{:.0f} MB"),
        (f"peak memory, replay of {many} h", f"memory_{many}_hours_mb", "{:.0f} MB"),
        ("live block of 10 samples, median", "live_block_median_ms", "{:.3f} ms"),
        ("live block of 10 samples, P99", "live_block_p99_ms", "{:.3f} ms"),
        ("live block of 10 samples, longest", "live_block_max_ms", "{:.3f} ms"),
        ("live block of 10 samples, CPU median", "live_block_cpu_median_ms", "{:.3f} ms"),
        ("live block of 10 samples, CPU P99", "live_block_cpu_p99_ms", "{:.3f} ms"),
    ]
    lines = [
        "# Speed as measured",
        "",
        "An hour of simulated 100 Hz six-axis motion of the lower back; see ../README.md.",
        f"gaitcue {gaitcue.__version__}, Python {platform.python_version()},",
        f"numpy {np.__version__}, scipy {scipy.__version__},",
        f"{platform.machine()} with {os.cpu_count()} cores.",
        "",
        "| figure | measured |",
        "|---|---|",
        *(f"| {label} | {form.format(figures[key])} |" for label, key, form in rows),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and write ``results/speed.md`` and ``results/speed.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=int, default=8, help="length of the long walk (8)")
    many = parser.parse_args().hours
    with tempfile.TemporaryDirectory() as folder:
        hour, hours = Path(folder, "hour"), Path(folder, "hours")
        write_walk(hour_long(1), hour)
        write_walk(hour_long(many), hours)
        figures = measure(hour, hours, many)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "speed.json").write_text(json.dumps(figures, indent=1) + "\n")
    report = write_report(figures, many)
    (RESULTS / "speed.md").write_text(report)
    print(report)


if __name__ == "__main__":
    main()

"""Four sensors for an hour over a bad link: ``python -m benchmarks.soak [--hours 1]``.

Virtual sensors at 100 Hz, each with a skew of its own, over links that break, stall, deliver in
bursts, late, twice and in the wrong order. Every sample carries its number, so that it is known for
each whether it came out once, in order and at the right time. No real time passes.
"""

import argparse
import heapq
import json
import platform
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import repeat
from pathlib import Path

import numpy as np
from benchmarks.places import RESULTS

import gaitcue
from gaitcue.bluetooth.device import Decoder, Timing
from gaitcue.bluetooth.stream import Assembler
from gaitcue.bluetooth.virtual import (
    Connected,
    Disconnected,
    Faults,
    Notification,
    VirtualSensor,
    apply_faults,
    run_in_simulated_time,
)
from gaitcue.bluetooth.virtual.direct import DirectLink
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.events import DataProblem
from gaitcue.imu import FloatArray, Samples

SENSORS = (("gaitcue", 200.0), ("gaitcue", -200.0), ("openearable", 120.0), ("bangle", -60.0))
"""Of each, the kind and the skew in ppm; all send 100 Hz, count or stamp."""
FAULTS = Faults(
    disconnects=60,
    longest_outage=8,
    stalls=12,
    longest_stall=15,
    bursts=6,
    longest_burst=0.5,
    jitter=0.02,
    loss=0.5,
    duplicates=0.5,
    reordered=0.5,
)
"""Of each sensor; 60 breaks an hour make 240 of the four."""
HOUR = 3600.0
RATE = 100.0
STEP_ROWS = 55
"""A step every 0.55 s."""
UNIT = 0.01
"""m/s²: what 1 of a sample's number is written as; no sensor here is coarser than a quarter."""
SIGN = 5.0
"""m/s²: what marks a numbered sample."""


class WrongSampleError(Exception):
    """The sentence tells which, and what is wrong with it."""


def numbered(rows: np.ndarray) -> FloatArray:
    """Acceleration (n, 3) that tells its row."""
    return np.column_stack([rows % 1000 * UNIT, rows // 1000 * UNIT, np.full(len(rows), SIGN)])


def numbers(acc: FloatArray) -> np.ndarray:
    """The rows that accelerations tell, -1 where samples are missing or not numbered."""
    known = np.abs(acc[:, 2] - SIGN) < UNIT
    whole = np.rint(np.where(known[:, None], acc, 0.0) / UNIT).astype(int)
    return np.where(known, whole[:, 0] + 1000 * whole[:, 1], -1)


def sent(sensor: VirtualSensor, hours: float) -> Iterator[Notification]:
    """What the sensor sends, in the time of its own clock."""
    for first in range(0, int(hours * HOUR * RATE), sensor.rows):
        rows = np.arange(first, first + sensor.rows)
        acc = numbered(rows)
        for characteristic, value in sensor.encode(acc, 0 * acc, first):
            yield Notification(rows[-1] / RATE, characteristic, value)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an `Assembler`: a connection, its end (neither), or a value."""

    time: float
    connection: tuple[Timing, Decoder] | None = None
    value: tuple[str, bytes] | None = None


def session(sensor: VirtualSensor, faults: Faults, seed: int, hours: float) -> Iterator[Call]:
    """What the host has of a sensor that it starts anew after every break."""

    def start(at: float) -> Iterator[Call]:
        device = sensor.device()
        came: list[tuple[str, bytes]] = []
        link = DirectLink(sensor, lambda *value: came.append(value))
        run_in_simulated_time(device.start(link))
        yield Call(at, connection=(device.timing, device.decoder()))
        for value in came:
            yield Call(at, value=value)

    yield from start(0.0)
    for each in apply_faults(sent(sensor, hours), faults, seed):
        if isinstance(each, Connected):
            yield from start(each.time)
        elif isinstance(each, Disconnected):
            sensor.disconnected()
            yield Call(each.time)
        else:
            yield Call(each.time, value=(each.characteristic, each.value))
    yield Call(hours * HOUR)


@dataclass(slots=True)
class Check:
    """Holds one sensor's output to what went in; raises WrongSampleError."""

    rate: float
    """Of the sensor, by the host's clock, Hz."""
    connections: int = 0
    received: int = 0
    came_out: int = 0
    lost: int = 0
    """Samples lost while connected, each counted as a missing row."""
    away: int = 0
    """Samples taken while disconnected."""
    away_counted: int = 0
    """Missing rows in the output between connections."""
    worst_gap: int = 0
    """The most that the missing rows between two connections were off."""
    problems: dict[str, int] = field(default_factory=dict)
    errors: "array[float]" = field(default_factory=lambda: array("d"))
    """Of step times, s."""
    _due: set[int] = field(default_factory=set)
    _last: int | None = None
    _last_time: float = -np.inf
    _missing: int = 0
    _breaks: list[int] = field(default_factory=list)
    """Highest row received before each connection."""
    _highest: int = -1

    def connected(self) -> None:
        """A connection begins."""
        self.connections += 1
        self._breaks.append(self._highest)

    def arrived(self, acc: FloatArray) -> None:
        """These samples have been delivered."""
        for row in numbers(acc).tolist():
            if row >= 0 and (self._last is None or row > self._last):
                self._highest = max(self._highest, row)
                self.received += row not in self._due
                self._due.add(row)

    def output(self, item: object) -> None:
        """The assembler has given this."""
        if isinstance(item, DataProblem):
            self.problems[item.kind] = self.problems.get(item.kind, 0) + (item.count or 1)
        if not isinstance(item, Samples):
            return
        if not (np.diff(item.time, prepend=self._last_time) > 0).all():
            raise WrongSampleError("time runs backward")
        self._last_time = float(item.time[-1])
        for row, at, acc in zip(
            numbers(item.acc).tolist(), item.time.tolist(), item.acc, strict=True
        ):
            if row < 0:
                self._missing += bool(np.isnan(acc[0]))
                continue
            if row not in self._due:
                raise WrongSampleError(f"row {row} came out again, or was never delivered")
            if self._last is not None and row < self._last:
                raise WrongSampleError(f"row {row} came out after {self._last}")
            self._due.discard(row)
            self._count(row)
            self._last, self._missing = row, 0
            self.came_out += 1
            if row % STEP_ROWS == 0:
                self.errors.append(at - row / self.rate)

    def _count(self, row: int) -> None:
        crossed = [before for before in self._breaks if before < row]
        self._breaks = [before for before in self._breaks if before >= row]
        if self._last is None:
            return
        lost = row - self._last - 1
        if crossed:
            self.away += lost
            self.away_counted += self._missing
            self.worst_gap = max(self.worst_gap, abs(self._missing - lost))
        else:
            if self._missing != lost:
                raise WrongSampleError(f"{lost} lost before row {row}, {self._missing} counted")
            self.lost += lost

    def finish(self) -> None:
        """Nothing more will come."""
        if self._due:
            raise WrongSampleError(f"{len(self._due)} delivered samples never came out")


@dataclass(frozen=True, slots=True)
class Result:
    """Of one sensor."""

    kind: str
    skew_ppm: float
    breaks: int
    received: int
    came_out: int
    lost_and_counted: int
    away: int
    away_counted: int
    worst_gap_off: int
    problems: dict[str, int]
    delay_ms: float
    """Median error of step times: the least delay of the link, which nothing can tell."""
    sd_ms: float
    p99_ms: float
    """Of the distance from the median."""
    worst_ms: float
    cpu_s_per_hour: float


def soak(hours: float, faults: Faults = FAULTS, seed: int = 1) -> tuple[list[Result], list[int]]:
    """Results of all sensors, and the memory in use every tenth of the time, bytes.

    Raises
    ------
    WrongSampleError
        When a delivered sample is missing, repeated or out of order, or a lost one not counted.
    """
    sensors = [VIRTUAL_SENSORS[kind]() for kind, _ in SENSORS]
    for sensor in sensors:
        sensor.largest_notification = 244
    assemblers = [
        Assembler(rate=RATE, gyroscope=sensor.device().gyroscope, placement=None)
        for sensor in sensors
    ]
    checks = [Check(RATE * (1 + skew * 1e-6)) for _, skew in SENSORS]
    spies = [sensor.device().decoder() for sensor in sensors]
    cpu = [0.0] * len(sensors)
    memory: list[int] = []
    streams = [
        zip(session(sensor, replace(faults, skew=skew), seed + which, hours), repeat(which))
        for which, (sensor, (_, skew)) in enumerate(zip(sensors, SENSORS, strict=True))
    ]
    for call, which in heapq.merge(*streams, key=lambda pair: pair[0].time):
        if call.time >= len(memory) * hours * HOUR / 10:
            memory.append(_resident())
        assembler, check = assemblers[which], checks[which]
        if call.connection is not None:
            spies[which] = sensors[which].device().decoder()
            check.connected()
        elif call.value is not None:
            for message in spies[which](*call.value):
                acc = getattr(message, "acc", None)
                if acc is not None:
                    check.arrived(acc)
        began = time.thread_time()
        if call.connection is not None:
            items = assembler.connected(*call.connection)
        elif call.value is not None:
            items = assembler.value(call.time, *call.value)
        else:
            items = assembler.disconnected()
        cpu[which] += time.thread_time() - began
        for item in items:
            check.output(item)
    results = []
    for (kind, skew), check, used in zip(SENSORS, checks, cpu, strict=True):
        check.finish()
        results.append(_result(kind, skew, check, used / hours))
    return results, memory


def _result(kind: str, skew: float, check: Check, cpu: float) -> Result:
    errors = 1e3 * np.array(check.errors)
    off = np.abs(errors - np.median(errors))
    return Result(
        kind=kind,
        skew_ppm=skew,
        breaks=check.connections - 1,
        received=check.received,
        came_out=check.came_out,
        lost_and_counted=check.lost,
        away=check.away,
        away_counted=check.away_counted,
        worst_gap_off=check.worst_gap,
        problems=check.problems,
        delay_ms=round(float(np.median(errors)), 3),
        sd_ms=round(float(np.std(errors)), 3),
        p99_ms=round(float(np.percentile(off, 99)), 3),
        worst_ms=round(float(off.max()), 3),
        cpu_s_per_hour=round(cpu, 2),
    )


def _resident() -> int:
    """Memory of this process, bytes (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def main() -> None:
    """Run, print, and keep the figures beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    results, memory = soak(options.hours, seed=options.seed)
    used = [round(each / 1e6, 1) for each in memory]
    table = render(results, used, options.hours)
    print(table)
    figures = {
        "gaitcue": gaitcue.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "hours": options.hours,
        "seed": options.seed,
        "faults_of_each": asdict(FAULTS),
        "sensors": [asdict(each) for each in results],
        "memory_mb": used,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "soak.json").write_text(json.dumps(figures, indent=2) + "\n")
    (RESULTS / "soak.md").write_text(table)


def render(results: Sequence[Result], memory: Sequence[float], hours: float) -> str:
    """The figures as a table in Markdown."""
    columns = (
        ("sensor", "kind"),
        ("skew, ppm", "skew_ppm"),
        ("breaks", "breaks"),
        ("delivered", "received"),
        ("came out", "came_out"),
        ("lost, each counted", "lost_and_counted"),
        ("taken while away", "away"),
        ("most a break's count was off", "worst_gap_off"),
        ("SD, ms", "sd_ms"),
        ("P99, ms", "p99_ms"),
        ("worst, ms", "worst_ms"),
        ("constant delay, ms", "delay_ms"),
        ("CPU, s per hour", "cpu_s_per_hour"),
    )
    rows = [[str(getattr(each, name)) for _, name in columns] for each in results]
    head = [title for title, _ in columns]
    lines = [head, ["---"] * len(head), *rows]
    return (
        f"# {len(results)} sensors for {hours:g} h over a bad link\n\n"
        + "\n".join(f"| {' | '.join(line)} |" for line in lines)
        + f"\n\n{sum(each.breaks for each in results)} breaks in all. Memory of the process "
        f"at each tenth of the time, MB: {', '.join(map(str, memory))}.\n"
    )


if __name__ == "__main__":
    main()

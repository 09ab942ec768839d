"""How well arrival times tell when something was measured: ``python benchmarks/clock.py TRACES``.

TRACES (or the environment variable GAITCUE_CLOCK_TRACES) is a folder of CSV files with the columns
``arrival_s,device_s``: when a notification arrived on the host's clock, and when its sample was
taken on the sensor's. See README.md beside this file.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from scipy.spatial import ConvexHull

import gaitcue
from gaitcue.bluetooth.clock import ClockMap
from gaitcue.imu import FloatArray

RESULTS = Path(__file__).parent / "results"

WARM_UP = 30.0
"""s at the start of a trace that are not judged: every method may settle first."""

STALL = 5.0
"""s for which nothing is delivered, from the middle of the trace on, and then all at once."""

STALL_SPACING = 0.0005
"""s between the deliveries of the burst after a stall."""

HALF_TIME = 90.0
"""s after which an arrival counts half in the recursive least squares, as LSL has it
(liblsl, src/time_postprocessor.cpp)."""

REGRESSION_WINDOW = 30.0
"""s."""

Method = Callable[[FloatArray, FloatArray], FloatArray]


def arrival_time(arrival: FloatArray, device: FloatArray) -> FloatArray:  # noqa: ARG001
    """No map at all: a sample is taken when it arrives."""
    return arrival


def recursive_least_squares(arrival: FloatArray, device: FloatArray) -> FloatArray:
    """A line through the arrivals, fitted recursively with an exponential window."""
    rate = (len(device) - 1) / (device[-1] - device[0])
    forget = 2.0 ** (-1.0 / (HALF_TIME * rate))
    weights, covariance = np.zeros(2), np.eye(2) * 1e10
    mapped = np.empty(len(arrival))
    for row, (host, clock) in enumerate(zip(arrival - arrival[0], device, strict=True)):
        regressor = np.array([1.0, clock - device[0]])
        gain = covariance @ regressor / (forget + regressor @ covariance @ regressor)
        weights = weights + gain * (host - regressor @ weights)
        covariance = (covariance - np.outer(gain, regressor @ covariance)) / forget
        mapped[row] = regressor @ weights
    return mapped + arrival[0]


def window_regression(arrival: FloatArray, device: FloatArray) -> FloatArray:
    """A line through the arrivals of the last `REGRESSION_WINDOW` s."""
    mapped = np.empty(len(arrival))
    for row in range(len(arrival)):
        first = int(np.searchsorted(arrival, arrival[row] - REGRESSION_WINDOW))
        x, y = device[first : row + 1] - device[row], arrival[first : row + 1]
        spread = x.var()
        slope = ((x - x.mean()) * (y - y.mean())).mean() / spread if spread > 1e-6 else 1.0
        mapped[row] = y.mean() - slope * x.mean()
    return mapped


def sliding_minimum(arrival: FloatArray, device: FloatArray) -> FloatArray:
    """The map that gaitcue uses."""
    clock = ClockMap()
    mapped = np.empty(len(arrival))
    for row, (host, sensor) in enumerate(zip(arrival.tolist(), device.tolist(), strict=True)):
        clock.observe(host, sensor)
        mapped[row] = sensor + clock.offset
    return mapped


METHODS: dict[str, Method] = {
    "arrival time": arrival_time,
    "recursive least squares (LSL)": recursive_least_squares,
    "window regression, 30 s": window_regression,
    "sliding minimum (gaitcue)": sliding_minimum,
}


def stalled(arrival: FloatArray) -> FloatArray:
    """The same deliveries with a stall of `STALL` s in the middle of them."""
    begin = arrival[0] + (arrival[-1] - arrival[0]) / 2
    late = arrival.copy()
    held = np.flatnonzero((arrival >= begin) & (arrival < begin + STALL))
    late[held] = begin + STALL + STALL_SPACING * np.arange(len(held))
    return np.maximum.accumulate(late)


def line_of_least_delay(arrival: FloatArray, device: FloatArray) -> FloatArray:
    """Host time of each sample: the edge of the lower convex hull under the middle of the trace."""
    hull = ConvexHull(np.column_stack([device, arrival - device])).vertices
    middle = (device.min() + device.max()) / 2
    best = (np.inf, 0.0, 0.0)
    for a, b in zip(hull, np.roll(hull, -1), strict=True):
        if device[a] == device[b] or (device[a] - middle) * (device[b] - middle) > 0:
            continue
        slope = (arrival[b] - device[b] - arrival[a] + device[a]) / (device[b] - device[a])
        start = arrival[a] - device[a] - slope * device[a]
        best = min(best, (start + slope * middle, start, slope))
    _, start, slope = best
    return device + start + slope * device


def errors(trace: Path, method: Method, *, stall: bool) -> tuple[FloatArray, float]:
    """Each mapped time's error, s, less the trace's median; and the drift of the clock."""
    arrival, device = np.loadtxt(trace, delimiter=",", skiprows=1, unpack=True)
    truth = line_of_least_delay(arrival, device)
    mapped = method(stalled(arrival) if stall else arrival, device)
    error = (mapped - truth)[arrival >= arrival[0] + WARM_UP]
    return error - np.median(error), float((truth[-1] - truth[0]) / (device[-1] - device[0]) - 1)


def figures(traces: Iterable[Path], method: Method, *, stall: bool) -> dict[str, float]:
    """Medians over the traces of the errors' SD and P99, ms; and the worst trace's SD."""
    found = [errors(trace, method, stall=stall)[0] * 1000 for trace in traces]
    spread = [float(error.std()) for error in found]
    return {
        "sd_ms": float(np.median(spread)),
        "p99_ms": float(np.median([np.quantile(np.abs(error), 0.99) for error in found])),
        "worst_sd_ms": max(spread),
    }


def main() -> None:
    """Judge every method on every trace; write the table and the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("traces", nargs="?", default=os.environ.get("GAITCUE_CLOCK_TRACES"))
    folder = parser.parse_args().traces
    if not folder:
        parser.error("name the folder of traces, or set GAITCUE_CLOCK_TRACES")
    every = sorted(Path(folder).glob("*.csv"))
    traces = [t for t in every if np.loadtxt(t, delimiter=",", skiprows=1)[-1, 0] > 2 * WARM_UP]
    if not traces:
        parser.error(f"there is no CSV of more than {2 * WARM_UP:.0f} s in {folder}")
    result = {
        name: {
            kind: figures(traces, method, stall=stall)
            for kind, stall in (("as recorded", False), ("with a stall", True))
        }
        for name, method in METHODS.items()
    }
    lines = [
        "# Clock map as measured",
        "",
        f"gaitcue {gaitcue.__version__}, {len(traces)} traces. Error of each sample's mapped time,",
        "less its median, ms. SD and P99: medians over the traces. Protocol: ../README.md.",
        "",
        "| method | SD | P99 | worst SD | SD, 5 s stall | P99, 5 s stall | worst SD, 5 s stall |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in result.items():
        cells = [f"{value:.2f}" for kind in row.values() for value in kind.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "clock.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (RESULTS / "clock.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

"""How well arrival times tell when something was measured: ``python -m benchmarks.clock TRACES``.

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
from benchmarks.places import RESULTS
from scipy.spatial import ConvexHull

import gaitcue
from gaitcue.bluetooth.clock import ClockMap
from gaitcue.imu import FloatArray

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

LEFT_OUT = 5.0
"""s of a trace that are left out to see how far the line of truth hangs on them."""

PIECE = 5.0
"""s of real delays at a time, of which a long link is put together: long enough to keep how delays
follow each other."""

LONG = 900.0
"""s."""

SKEWS = (-150, -85, -40, 0, 40, 85, 150)
"""ppm by which the sensor's clock of a long link is fast, taken in turn."""

SETTLED = 60.0
"""s of a long link that are not judged."""

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


def gaitcue_map(arrival: FloatArray, device: FloatArray) -> FloatArray:
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
    "line under the promptest (gaitcue)": gaitcue_map,
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


def slopes_left_out(trace: Path) -> FloatArray:
    """Slopes of the line of truth, ppm, each without `LEFT_OUT` s of the trace."""
    arrival, device = np.loadtxt(trace, delimiter=",", skiprows=1, unpack=True)
    slopes = []
    for begin in np.arange(arrival[0], arrival[-1], LEFT_OUT):
        kept = (arrival < begin) | (arrival >= begin + LEFT_OUT)
        line = line_of_least_delay(arrival[kept], device[kept])
        slopes.append((line[-1] - line[0]) / (device[kept][-1] - device[kept][0]) - 1)
    return 1e6 * np.array(slopes)


def long_link(trace: Path, skew: float, seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Arrivals, stamps and true times, s, of `LONG` s with the delays of a real trace.

    `skew` is how much the sensor's clock is fast. Unlike that of a trace, the truth is known.
    """
    arrival, device = np.loadtxt(trace, delimiter=",", skiprows=1, unpack=True)
    taken = line_of_least_delay(arrival, device)
    random = np.random.default_rng(seed)
    times, delays = [], []
    for begin in np.arange(0.0, LONG, PIECE):
        since = random.uniform(taken[0], taken[-1] - PIECE)
        piece = (taken >= since) & (taken < since + PIECE)
        times.append(begin + taken[piece] - since)
        delays.append((arrival - taken)[piece])
    true = np.concatenate(times)
    return np.maximum.accumulate(true + np.concatenate(delays)), true * (1 + skew), true


def long_figures(traces: Iterable[Path], method: Method) -> dict[str, float]:
    """Medians of the errors' mean and SD, and the worst, ms, over long links."""
    means, spreads = [], []
    for number, trace in enumerate(traces):
        skew = SKEWS[number % len(SKEWS)] * 1e-6
        arrival, device, true = long_link(trace, skew, seed=number)
        error = 1e3 * (method(arrival, device) - true)[true >= SETTLED]
        means.append(float(error.mean()))
        spreads.append(float(error.std()))
    return {
        "sd_ms": float(np.median(spreads)),
        "worst_sd_ms": max(spreads),
        "mean_ms": float(np.median(means)),
        "worst_mean_ms": max(means, key=abs),
    }


def figures(traces: Iterable[Path], method: Method, *, stall: bool) -> dict[str, float]:
    """Medians over the traces of the errors' SD and P99, ms; and the worst trace's SD."""
    found = [errors(trace, method, stall=stall)[0] * 1000 for trace in traces]
    spread = [float(error.std()) for error in found]
    return {
        "sd_ms": float(np.median(spread)),
        "p99_ms": float(np.median([np.quantile(np.abs(error), 0.99) for error in found])),
        "worst_sd_ms": max(spread),
    }


def _rows(result: dict[str, dict[str, dict[str, float]]], *kinds: str) -> list[str]:
    """Of a table in Markdown."""
    return [
        f"| {name} | {' | '.join(f'{v:.2f}' for kind in kinds for v in row[kind].values())} |"
        for name, row in result.items()
    ]


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
    result: dict[str, dict[str, dict[str, float]]] = {
        name: {
            "as recorded": figures(traces, method, stall=False),
            "with a stall": figures(traces, method, stall=True),
            "long, true clock known": long_figures(traces, method),
        }
        for name, method in METHODS.items()
    }
    ranges = [float(np.ptp(slopes_left_out(trace))) for trace in traces]
    lines = [
        "# Clock map as measured",
        "",
        f"gaitcue {gaitcue.__version__}, {len(traces)} traces. Error of each sample's mapped time,",
        "less its median, ms. SD and P99: medians over the traces. Protocol: ../README.md.",
        "",
        "| method | SD | P99 | worst SD | SD, 5 s stall | P99, 5 s stall | worst SD, 5 s stall |",
        "|---|---|---|---|---|---|---|",
        *_rows(result, "as recorded", "with a stall"),
        "",
        "The line that these errors are measured from is found in the trace itself. Leaving out",
        f"{LEFT_OUT:g} s of it moves its slope by {np.median(ranges):.0f} ppm (median of traces),",
        f"up to {max(ranges):.0f} ppm; 30 ppm over the judged half minute make an SD of 0.3 ms.",
        "Of gaitcue's, {} of the traces have an SD of 0.5 ms or less, {} with the stall.".format(
            *(
                sum(
                    errors(trace, gaitcue_map, stall=stall)[0].std() <= 0.5e-3  # as is aimed at
                    for trace in traces
                )
                for stall in (False, True)
            )
        ),
        "",
        f"{LONG / 60:g} min put together of the same delays, on a clock that is off by",
        f"{min(SKEWS)} to {max(SKEWS)} ppm, where the true time is known; ms:",
        "",
        "| method | SD | worst SD | mean | worst mean |",
        "|---|---|---|---|---|",
        *_rows(result, "long, true clock known"),
    ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "clock.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (RESULTS / "clock.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

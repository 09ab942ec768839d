"""From a command to the first audible sample, and how even beats are, on a virtual sound device.

The device is PulseAudio's null sink, paced by the computer's clock, and a recorder of what it
plays. Run with ``python -m benchmarks.audio`` (5 minutes), then ``--long 0.02`` (10 minutes more,
added to the results). Not with ``chrt -f``: it hung in the kernel at the end of such a run.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from gaitcue.app.beat import Beat  # noqa: E402
from gaitcue.cue.sounds import SOUND_RATE  # noqa: E402
from gaitcue.cue.speaker import Speaker, SpeakerSettings  # noqa: E402
from gaitcue.cue.speaker.keeper import LATENCIES  # noqa: E402
from gaitcue.events import CuePlayed, OutputChange  # noqa: E402
from null_sink import NullSink, Recorder  # noqa: E402

SETTLING = 3.0
"""s after opening, while PulseAudio's sink may wait."""

COMMANDS = 30
"""For each latency."""

TEMPO, SECONDS = 110.0, 30.0
"""Of the metronomes, beats/min, and for how long each plays."""

BESIDE = 0.05
"""s of latency that all the metronomes ask for."""

LONG = 600.0
"""s of the long run."""

KINDS = ("time.sleep", "asyncio.sleep", "perf_counter thread")


class Playing:
    """A speaker on the null sink, settled, and its reports."""

    def __init__(self, latency: float) -> None:
        self.speaker = Speaker(SpeakerSettings(latency=latency, tempo=TEMPO))
        self.played: list[CuePlayed] = []
        self.stopped: list[str] = []
        opened = time.monotonic()
        while not self.speaker.reports():
            if time.monotonic() > opened + 30:
                sys.exit("the speaker does not open")
            time.sleep(0.02)
        self.rest(SETTLING)
        self._lost = self.speaker.lost

    @property
    def lost(self) -> int:
        """How often sound was lost since it has settled."""
        return self.speaker.lost - self._lost

    def rest(self, seconds: float) -> None:
        """Listen for so many s."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for report in self.speaker.reports():
                match report:
                    case CuePlayed():
                        self.played.append(report)
                    case OutputChange(detail=detail):
                        self.stopped.append(detail)
            time.sleep(0.01)


def delays(latency: float, seconds: float, sink: NullSink) -> dict[str, object]:
    """Commands at random moments for so many s: how long after each its beat was recorded."""
    playing = Playing(latency)
    chance, commands = random.Random(1), []  # noqa: S311 - no secret
    begun = time.monotonic()
    loads = []
    with sink.recorder() as recorder:
        playing.rest(0.5)
        while time.monotonic() < begun + seconds:
            beat, now = Beat(TEMPO), time.monotonic()
            playing.speaker.take(beat.start(now), now + playing.speaker.delay)
            commands.append(now)
            playing.rest(0.3)
            now = time.monotonic()
            playing.speaker.take(beat.end(now), now)
            playing.rest(0.4 + chance.uniform(0, 0.1))
            loads.append(os.getloadavg()[0])
        playing.rest(0.5)
        gap, lost = recorder.gap, playing.lost
        heard = recorder.times(recorder.onsets())
    playing.speaker.close()
    recorded = [
        float(heard[heard > command][0] - command) for command in commands if heard[-1] > command
    ]
    said = [report.time - report.command for report in playing.played]
    return {
        "latency": latency, "seconds": seconds, "commands": len(commands), "heard": len(heard),
        "recorded": spread(recorded), "said": spread(said), "lost": lost, "priority": priority(),
        "recording_missed": gap, "stopped": playing.stopped, "load": float(np.mean(loads)),
    }  # fmt: skip


def priority() -> str:
    """Over other programs."""
    if os.sched_getscheduler(0) == os.SCHED_FIFO:
        return "real time"
    return f"nice {os.nice(0)}"


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, P99 and largest, ms."""
    low, high = np.percentile(values, [50, 99]) * 1000
    return {"median": round(low, 1), "p99": round(high, 1), "largest": round(max(values) * 1e3, 1)}


def evenness(kind: str, recorder: Recorder, lost: int | None) -> dict[str, object]:
    """What is recorded of a metronome: SD of its intervals and drift over the whole, ms."""
    onsets = recorder.onsets()
    off = (onsets - onsets[0]) / SOUND_RATE - np.arange(len(onsets)) * 60 / TEMPO
    intervals = np.diff(onsets) / SOUND_RATE * 1000
    return {
        "kind": kind, "beats": len(onsets), "sd": round(float(np.std(intervals)), 3),
        "shortest": round(float(intervals.min()), 2), "longest": round(float(intervals.max()), 2),
        "drift": round(float(off[-1]) * 1000, 2), "lost": lost, "priority": priority(),
        "recording_missed": recorder.gap, "load": os.getloadavg()[0],
    }  # fmt: skip


def ours(sink: NullSink) -> dict[str, object]:
    """The speaker as a metronome."""
    playing, beat = Playing(BESIDE), Beat(TEMPO)
    with sink.recorder() as recorder:
        now = time.monotonic()
        playing.speaker.take(beat.start(now), now + playing.speaker.delay)
        playing.rest(SECONDS)
        now = time.monotonic()
        playing.speaker.take(beat.end(now), now)
        playing.rest(0.5)
    lost = playing.lost
    playing.speaker.close()
    return evenness("gaitcue", recorder, lost)


def naive(kind: str, sink: NullSink) -> dict[str, object]:
    """One of those that are often written."""
    with sink.recorder() as recorder:
        command = [HERE / "naive_metronome.py", kind, TEMPO, SECONDS, BESIDE]
        subprocess.run([sys.executable, *map(str, command)], check=True)
    return evenness(kind, recorder, None)


OF = "median, P99, largest"


def three(row: dict[str, float]) -> str:
    """Of a spread."""
    return f"{row['median']}, {row['p99']}, {row['largest']}"


def page(results: dict[str, list[dict[str, object]]]) -> str:
    """The results as a page."""
    lines = [
        "# From a command to sound",
        "",
        "On PulseAudio's null sink, which is paced by the computer's clock; no real sound device.",
        "Times in ms. *recorded* is when a recorder of the sink had the first sample, *said* what",
        "gaitcue reports of itself. *lost* counts the times that sound ran out or stood still",
        "after the first 3 s. The load is the machine's mean of one minute.",
        "",
        f"| asked for | commands | recorded: {OF} | said: {OF} | lost | s | priority | load |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in [*results["latencies"], *results["long"]]:
        recorded, said = row["recorded"], row["said"]
        lines.append(
            f"| {1000 * row['latency']:.0f} | {row['commands']} | {three(recorded)} "
            f"| {three(said)} | {row['lost']} | {row['seconds']:.0f} | {row['priority']} "
            f"| {row['load']:.1f} |"
        )
    lines += [
        "",
        "## Beside other metronomes",
        "",
        f"{SECONDS:.0f} s at {TEMPO:.0f} beats/min ({60000 / TEMPO:.2f} ms), with a latency of",
        f"{1000 * BESIDE:.0f} ms asked for. The others begin a tick with the next block after",
        "their timer. SD is that of the intervals. gaitcue keeps to the computer's clock, and the",
        "sink's samples come some tens of ppm faster: so many more of them lie between its beats.",
        "",
        "| metronome | beats | SD | shortest | longest | drift in all | lost | load |",
        f"|{'---|' * 8}",
    ]
    lines += [
        f"| {row['kind']} | {row['beats']} | {row['sd']} | {row['shortest']} | {row['longest']} "
        f"| {row['drift']} | {'' if row['lost'] is None else row['lost']} | {row['load']:.1f} |"
        for row in results["metronomes"]
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", type=float, action="append", help="only long runs, at so many s")
    options = parser.parse_args()
    path = HERE / "results" / "audio.json"
    found: dict[str, list[dict[str, object]]] = {"long": []}
    with tempfile.TemporaryDirectory(prefix="sink") as folder:
        sink = NullSink(Path(folder))
        os.environ.update(sink.variables)
        try:
            if not options.long:
                each = COMMANDS * 0.75
                found["latencies"] = [delays(one, each, sink) for one in LATENCIES]
                found["metronomes"] = [ours(sink), *(naive(kind, sink) for kind in KINDS)]
            found["long"] = [delays(one, LONG, sink) for one in options.long or ()]
        finally:
            sink.stop()
    results = found
    if options.long:  # beside what was measured before
        results = json.loads(path.read_text())
        results["long"] += found["long"]
    path.write_text(json.dumps(results, indent=1) + "\n")
    path.with_suffix(".md").write_text(page(results))
    print(page(results))


if __name__ == "__main__":
    main()

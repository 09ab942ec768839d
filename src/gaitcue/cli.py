"""The command ``gaitcue``: one command, few verbs."""

import argparse
import glob
import itertools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

import gaitcue
from gaitcue.bluetooth.virtual import Faults
from gaitcue.bluetooth.virtual.on_air import play_on_air
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.cue import CueWav
from gaitcue.errors import InputError
from gaitcue.events import Event, Profile, to_json
from gaitcue.imu import Placement, Side
from gaitcue.recording import ReadOptions, open_recordings, write_walk, write_walks
from gaitcue.recording.model import Recording, read_all
from gaitcue.recording.units import ACC_UNITS, GYR_UNITS
from gaitcue.replay import choose_sensor, in_real_time, replay
from gaitcue.replay.outputs import Outputs
from gaitcue.replay.score import STEP_TOLERANCE, render, score
from gaitcue.replay.simulator import SCENARIOS, SensorModel, Strap, simulate
from gaitcue.review import SummaryFold, summary_lines
from gaitcue.review.report import write_report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the process's exit status: 0 done, 1 found wanting, 2 bad input."""
    parser = argparse.ArgumentParser(prog="gaitcue", description=gaitcue.__doc__)
    parser.add_argument("--version", action="version", version=f"gaitcue {gaitcue.__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for add in VERBS:
        add(verbs)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except InputError as error:
        print(f"gaitcue: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; there is nobody to tell
        return 1
    except KeyboardInterrupt:
        print("gaitcue: stopped", file=sys.stderr)
        return 130


def add_reading_flags(parser: argparse.ArgumentParser) -> None:
    """Flags that say what a file does not say itself; `read_options` takes them."""
    flags = parser.add_argument_group("what a file does not say itself")
    flags.add_argument(
        "--placement",
        choices=list(Placement),
        type=Placement,
        metavar="WHERE",
        help=f"where the sensor is worn: {', '.join(Placement)}",
    )
    flags.add_argument(
        "--side",
        choices=list(Side),
        type=Side,
        metavar="SIDE",
        help=f"the side it is worn on: {', '.join(Side)}",
    )
    flags.add_argument("--rate", type=float, metavar="HZ", help="samples per second")
    flags.add_argument("--acc-unit", choices=list(ACC_UNITS), help="unit of acceleration")
    flags.add_argument("--gyr-unit", choices=list(GYR_UNITS), help="unit of angular rate")
    flags.add_argument(
        "--columns",
        type=lambda text: tuple(name.strip() for name in text.split(",")),
        metavar="[T,]X,Y,Z[,X,Y,Z]",
        help="columns by name or by number from 1: time (if any), acceleration, angular rate "
        "(if any)",
    )


def read_options(options: argparse.Namespace) -> ReadOptions:
    """What the flags of `add_reading_flags` say."""
    if options.rate is not None and not 0 < options.rate < float("inf"):
        raise InputError(f"--rate must be above 0 Hz, not {options.rate}")
    return ReadOptions(
        placement=options.placement,
        side=options.side,
        rate=options.rate,
        acc_unit=options.acc_unit,
        gyr_unit=options.gyr_unit,
        columns=options.columns,
    )


def _add_import(verbs: "argparse._SubParsersAction[Any]") -> None:
    parser = verbs.add_parser(
        "import",
        help="turn a recording or a data set into walk folders",
        description="Turn a recording, or each one of a data set, into a walk folder: plain files "
        "with the same samples and annotations.",
    )
    parser.add_argument("file", help="a file, folder or zip with recorded motion")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        type=Path,
        metavar="WALK",
        help="the new folder; of several recordings, each gets one in it",
    )
    add_reading_flags(parser)
    parser.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    written = write_walks(open_recordings(options.file, read_options(options)), options.output)
    for recording, folder, problems in tqdm(written, unit=" walks", disable=None, delay=1):
        if recording.note:
            print(f"{recording.name}: {recording.note}", file=sys.stderr)
        for problem in problems:
            print(f"{recording.name}: {problem.detail}", file=sys.stderr)
        print(folder)
    return 0


def _add_simulate(verbs: "argparse._SubParsersAction[Any]") -> None:
    parser = verbs.add_parser(
        "simulate",
        help="write a walk folder with simulated motion and the exact truth",
        description="Simulate a walker with a worn sensor, and write a walk folder with the "
        "motion and the exact truth beside it. The same flags give the same bytes.",
    )
    add = parser.add_argument
    add("-o", "--output", required=True, type=Path, metavar="WALK", help="the new folder")
    add("--scenario", choices=sorted(SCENARIOS), default="freezing", help="what the walker does")
    add(
        "--placement",
        choices=list(Placement),
        type=Placement,
        default=Placement.LOWER_BACK,
        metavar="WHERE",
        help=f"where the sensor is worn: {', '.join(Placement)} (default lower_back)",
    )
    add(
        "--side",
        choices=list(Side),
        type=Side,
        default=Side.NONE,
        metavar="SIDE",
        help="the side it is worn on: left, right or none; a limb's is right unless told",
    )
    add("--rate", type=float, default=100.0, metavar="HZ", help="25 to 400 (default 100)")
    add("--seed", type=int, default=0, metavar="N", help="another N is another walk (default 0)")
    add(
        "--strap",
        choices=list(Strap),
        type=Strap,
        default=Strap.UPRIGHT,
        metavar="HOW",
        help=f"which way round the sensor sits: {', '.join(Strap)} (default upright)",
    )
    add(
        "--noise",
        type=float,
        default=1.0,
        metavar="FACTOR",
        help="noise and bias, 1 for those of a consumer sensor (default), 0 for none",
    )
    add("--clip", type=float, default=16.0, metavar="G", help="accelerometer range (default 16)")
    add("--loss", type=float, default=0.0, metavar="PERCENT", help="packets of ten samples lost")
    add(
        "--tremor",
        type=float,
        default=0.0,
        metavar="M/S2",
        help="peak acceleration of a 4 to 6 Hz tremor of the limbs",
    )
    parser.set_defaults(run=_simulate)


def _simulate(options: argparse.Namespace) -> int:
    scenario = SCENARIOS[options.scenario]
    try:
        recording = simulate(
            replace(scenario, walker=replace(scenario.walker, tremor=options.tremor)),
            placement=options.placement,
            side=options.side,
            rate=options.rate,
            seed=options.seed,
            model=SensorModel(
                strap=options.strap, noise=options.noise, clip=options.clip, loss=options.loss
            ),
        )
    except ValueError as error:
        raise InputError(str(error)) from error
    write_walk(recording, options.output)
    print(options.output)
    return 0


def _paths(patterns: Sequence[str]) -> Iterator[str]:
    """Each path; one that is not there may be a pattern with ``*``."""
    for pattern in patterns:
        found = [] if Path(pattern).exists() else glob.glob(pattern, recursive=True)  # noqa: PTH207
        yield from sorted(found) or [pattern]


def _recordings(patterns: Sequence[str], reading: ReadOptions) -> Iterator[Recording]:
    """The recordings at each path or pattern."""
    for path in _paths(patterns):
        yield from open_recordings(path, reading)


def _add_replay(verbs: "argparse._SubParsersAction[Any]") -> None:
    parser = verbs.add_parser(
        "replay",
        help="tell what happened on recorded walks, and when gaitcue cues",
        description="Run recorded walks through the same tracker and coach as a live one, and "
        "tell what happened. Recordings are never changed. The exit status is 0 when all of them "
        "were replayed, and 2 when one could not be read; the others are replayed nevertheless.",
    )
    add = parser.add_argument
    add("walk", nargs="+", help="a walk folder, file, data set's folder or zip, or a pattern")
    add(
        "--profile",
        choices=list(Profile),
        type=Profile,
        default=Profile.QUIET,
        help="how ready to cue (default quiet)",
    )
    add("--speed", choices=["1", "max"], default="max", help="1 is real time (default max)")
    add("--block", type=int, metavar="N", help="samples at a time; changes nothing but the work")
    add("--json", action="store_true", help="print the events as JSON lines, and nothing else")
    where = "to a file of that name (*%s), or to a folder, with one for each walk"
    add("--wav", type=Path, metavar="PATH", help=f"write the sound of the cues {where % '.wav'}")
    add("--report", type=Path, metavar="PATH", help=f"write a report {where % '.html'}")
    add_reading_flags(parser)
    parser.set_defaults(run=_replay)


def _replay(options: argparse.Namespace) -> int:
    if options.block is not None and options.block < 1:
        raise InputError(f"--block must be 1 sample or more, not {options.block}")
    bad: list[InputError] = []
    walks = _readable(options.walk, read_options(options), bad)
    first = list(itertools.islice(walks, 2))
    several = len(first) > 1
    wav = Outputs(options.wav, ".wav", several=several) if options.wav else None
    report = Outputs(options.report, ".html", several=several) if options.report else None
    for recording in itertools.chain(first, walks):
        try:
            _replay_one(recording, options, wav, report)
        except InputError as error:
            _complain(error, bad)
    return 2 if bad else 0


def _readable(
    patterns: Sequence[str], reading: ReadOptions, bad: list[InputError]
) -> Iterator[Recording]:
    """The recordings that can be opened; of the others it is told why, and kept in `bad`."""
    for path in _paths(patterns):
        try:
            yield from open_recordings(path, reading)
        except InputError as error:
            _complain(error, bad)


def _complain(error: InputError, bad: list[InputError]) -> None:
    bad.append(error)
    print(f"gaitcue: {error}", file=sys.stderr)


def _replay_one(
    recording: Recording,
    options: argparse.Namespace,
    wav: Outputs | None,
    report: Outputs | None,
) -> None:
    """Replay one walk, writing and printing what the options ask for."""
    if recording.note:
        print(f"{recording.name}: {recording.note}", file=sys.stderr)
    sensor = choose_sensor(recording, options.placement, options.side)
    summary = SummaryFold(sensor, recording.height)
    sound_path = wav.path(recording.name) if wav else None
    report_path = report.path(recording.name) if report else None
    events = replay(
        sensor,
        profile=options.profile,
        height=recording.height,
        block=options.block,
        recording=recording.name,
    )
    with ExitStack() as opened:
        sound = opened.enter_context(CueWav(sound_path)) if sound_path else None

        def told() -> Iterator[Event]:
            for event in _with_progress(events, recording.name, options):
                summary.add(event)
                if sound:
                    sound.take(event)
                if options.json:
                    print(to_json(event), flush=options.speed == "1")
                yield event

        if report_path:
            write_report(recording, sensor, told(), report_path)
        else:
            for _ in told():
                pass
    if not options.json:
        print("\n".join(summary_lines(summary.result())))
        for what, path in (("Sound", sound_path), ("Report", report_path)):
            if path:
                print(f"  {what}: {path}")


def _with_progress(
    events: Iterator[Event], name: str, options: argparse.Namespace
) -> Iterator[Event]:
    """The events, with a bar that counts the seconds of the walk, if anybody is looking."""
    paced = in_real_time(events) if options.speed == "1" else events
    hidden = True if options.json and sys.stdout.isatty() else None
    form = "{desc}: {n:.0f} s of the walk [{elapsed}]"
    with tqdm(desc=name, bar_format=form, leave=False, disable=hidden, delay=1) as bar:
        begun: float | None = None
        for event in paced:
            begun = event.decided if begun is None else begun
            bar.update(event.decided - begun - bar.n)
            yield event


def _add_score(verbs: "argparse._SubParsersAction[Any]") -> None:
    parser = verbs.add_parser(
        "score",
        help="compare what gaitcue detects with the annotations of recordings",
        description="Replay annotated recordings and compare steps, speed, freezes and cues with "
        "the annotations, for each person and pooled.",
    )
    add = parser.add_argument
    add("walk", nargs="+", help="a walk folder, file, data set's folder or zip, or a pattern")
    add(
        "--placement",
        choices=list(Placement),
        type=Placement,
        metavar="WHERE",
        help=f"score the sensors worn there: {', '.join(Placement)} (default: as for replay)",
    )
    add(
        "--profile",
        choices=list(Profile),
        type=Profile,
        default=Profile.QUIET,
        help="how ready to cue (default quiet)",
    )
    add(
        "--tolerance",
        type=float,
        default=STEP_TOLERANCE,
        metavar="S",
        help=f"seconds a step may be off its reference (default {STEP_TOLERANCE})",
    )
    add("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_score)


def _score(options: argparse.Namespace) -> int:
    if not 0 < options.tolerance < float("inf"):
        raise InputError(f"--tolerance must be above 0 s, not {options.tolerance}")
    reading = ReadOptions(placement=options.placement)
    result = score(
        tqdm(_recordings(options.walk, reading), unit=" recordings", disable=None, delay=1),
        placement=options.placement,
        profile=options.profile,
        tolerance=options.tolerance,
    )
    if result.left_out:
        print(
            f"left out {len(result.left_out)} recordings: {result.left_out[0]}"
            + (", and more" if len(result.left_out) > 1 else ""),
            file=sys.stderr,
        )
    if options.json:
        print(json.dumps(result.as_json(), allow_nan=False, indent=2))
    else:
        print(render(result.pooled, result.per_subject))
    return 0


def _add_sensors(verbs: "argparse._SubParsersAction[Any]") -> None:
    parser = verbs.add_parser(
        "sensors",
        help="tell which Bluetooth sensors are near, and which can be used",
        description="Look for Bluetooth sensors and connect to each for a moment: its kind, "
        "whether it can be used or why not, its signal and its battery. The exit status is 0 when "
        "there is one that can be used, 1 when there is none, 2 when Bluetooth cannot be used.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object for each")
    parser.set_defaults(run=_sensors)


def _sensors(options: argparse.Namespace) -> int:
    from gaitcue.bluetooth.console import list_sensors  # noqa: PLC0415 - bleak is slow to import

    return list_sensors(as_json=options.json)


def _add_record(verbs: "argparse._SubParsersAction[Any]") -> None:
    parser = verbs.add_parser(
        "record",
        help="record worn Bluetooth sensors into a walk folder",
        description="Record worn Bluetooth sensors into a new walk folder without analysing, "
        "until Ctrl-C or for --duration. A sensor whose connection is lost is connected again.",
    )
    add = parser.add_argument
    add("-o", "--output", required=True, type=Path, metavar="WALK", help="the new folder")
    add(
        "--sensor",
        action="append",
        default=[],
        metavar="[WHICH][@WHERE[:SIDE]]",
        help="address, name or kind of a sensor, and where it is worn, such as "
        "movella-dot@shank:left; without WHICH the only one near; can be given several times",
    )
    add("--duration", type=float, metavar="S", help="stop after so many seconds")
    add("--subject", default="", help="the person's pseudonym")
    parser.set_defaults(run=_record)


def _record(options: argparse.Namespace) -> int:
    from gaitcue.bluetooth.console import record_walk  # noqa: PLC0415 - bleak is slow to import

    if options.duration is not None and not 0 < options.duration < float("inf"):
        raise InputError(f"--duration must be above 0 s, not {options.duration}")
    record_walk(
        options.output, options.sensor or [""], duration=options.duration, subject=options.subject
    )
    print(options.output)
    return 0


FAULT_FLAGS = (
    ("loss", float, "PERCENT", "notifications that never arrive"),
    ("jitter", float, "S", "mean extra delay"),
    ("bursts", float, "PER_MINUTE", "times that notifications are held back and come at once"),
    ("longest-burst", float, "S", "for how long at most"),
    ("stalls", float, "PER_HOUR", "times that they are held back for long"),
    ("longest-stall", float, "S", "for how long at most"),
    ("disconnects", float, "PER_HOUR", "times that the link breaks"),
    ("longest-outage", float, "S", "for how long at most"),
    ("skew", float, "PPM", "how much the sensor's clock is fast"),
    ("duplicates", float, "PERCENT", "notifications that arrive twice"),
    ("reordered", float, "PERCENT", "notifications that arrive after the next one"),
    ("wrong-bytes", float, "PERCENT", "notifications with a wrong byte or without their end"),
    ("battery", int, "PERCENT", "charge at the start; one is used up a minute"),
)
"""Of the verb virtual: flag, type, unit and meaning of each field of `Faults`."""


def _add_virtual(verbs: "argparse._SubParsersAction[Any]") -> None:
    parser = verbs.add_parser(
        "virtual",
        help="play a recorded walk as a Bluetooth sensor",
        description="Play a recorded walk as a Bluetooth sensor that anything can connect to, on "
        "an adapter of its own, from the moment that a host asks for samples. Needs bumble: pip "
        "install 'gaitcue[virtual]'.",
    )
    add = parser.add_argument
    add(
        "--device",
        required=True,
        choices=sorted(VIRTUAL_SENSORS),
        metavar="NAME",
        help=f"the sensor to be: {', '.join(sorted(VIRTUAL_SENSORS))}",
    )
    add("--walk", required=True, metavar="WALK", help="a walk folder or another recording")
    add(
        "--adapter",
        default="usb:0",
        metavar="TRANSPORT",
        help="the Bluetooth adapter in bumble's words, not in use otherwise: usb:0 (default), "
        "hci-socket:0 and more",
    )
    add("--seed", type=int, default=0, metavar="N", help="another N is other chances of faults")
    faults = parser.add_argument_group("what goes wrong (default: nothing)")
    for name, kind, unit, meaning in FAULT_FLAGS:
        faults.add_argument(f"--{name}", type=kind, metavar=unit, help=meaning)
    add_reading_flags(parser)
    parser.set_defaults(run=_virtual)


def _virtual(options: argparse.Namespace) -> int:
    if options.seed < 0:
        raise InputError(f"--seed must be 0 or more, not {options.seed}")
    names = [name.replace("-", "_") for name, *_ in FAULT_FLAGS]
    told = {name: getattr(options, name) for name in names}
    try:
        faults = Faults(**{name: value for name, value in told.items() if value is not None})
    except ValueError as error:
        raise InputError(f"--{str(error).replace('_', '-')}") from error
    recording, *more = itertools.islice(open_recordings(options.walk, read_options(options)), 2)
    if more:
        raise InputError(f"{options.walk} holds several recordings; give one of them")
    motion, _ = read_all(choose_sensor(recording, options.placement, options.side))
    play_on_air(
        VIRTUAL_SENSORS[options.device](),
        motion,
        faults,
        seed=options.seed,
        adapter=options.adapter,
        tell=lambda text: print(text, file=sys.stderr),
    )
    return 0


VERBS: tuple[Callable[["argparse._SubParsersAction[Any]"], None], ...] = (
    _add_replay,
    _add_import,
    _add_simulate,
    _add_score,
    _add_sensors,
    _add_record,
    _add_virtual,
)

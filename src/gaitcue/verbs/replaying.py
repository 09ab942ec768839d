"""The verb ``replay``: what happened on recorded walks, and when gaitcue cues."""

import argparse
import itertools
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gaitcue.cue import CueWav
from gaitcue.cue.level import DEFAULT_LEVEL, check_level
from gaitcue.cue.sounds import sound_named
from gaitcue.errors import InputError
from gaitcue.events import Event, Profile, to_json
from gaitcue.recording import ReadOptions, open_recordings
from gaitcue.recording.model import Recording
from gaitcue.replay import choose_sensors, in_real_time, replay
from gaitcue.replay.output_files import OutputFiles
from gaitcue.replay.settings import settings_of
from gaitcue.review import SummaryFold, summary_lines
from gaitcue.review.report import write_report
from gaitcue.verbs.reading import add_reading_flags, paths, read_options


def add_replay(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
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
        help="how ready to cue (default: as the walk was made, else quiet)",
    )
    add(
        "--sensitivity",
        type=float,
        metavar="X",
        help="dial of the freeze detector, -2 to 2: above 0 more freezes are found and more cues "
        "are false (default: as the walk was made, else 0)",
    )
    add("--sensor", metavar="NAME", help="only that sensor (default: all of them together)")
    add("--speed", choices=["1", "max"], default="max", help="1 is real time (default max)")
    add("--block", type=int, metavar="N", help="samples at a time; changes nothing but the work")
    add("--json", action="store_true", help="print the events as JSON lines, and nothing else")
    where = "to a file of that name (*%s), or to a folder, with one for each walk"
    add("--wav", type=Path, metavar="PATH", help=f"write the sound of the cues {where % '.wav'}")
    add("--sound", default="tick", metavar="NAME", help="of the cues in --wav (default tick)")
    add("--level", type=int, default=DEFAULT_LEVEL, help="of the cues in --wav, 1 to 10")
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
    wav = OutputFiles(options.wav, ".wav", several=several) if options.wav else None
    report = OutputFiles(options.report, ".html", several=several) if options.report else None
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
    for path in paths(patterns):
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
    wav: OutputFiles | None,
    report: OutputFiles | None,
) -> None:
    """Replay one walk, writing and printing what the options ask for."""
    if recording.note:
        print(f"{recording.name}: {recording.note}", file=sys.stderr)
    sensors = choose_sensors(recording, options.placement, options.side, options.sensor)
    settings, left_out = settings_of(recording).usable()
    if left_out:
        print(f"{recording.name}: {left_out}", file=sys.stderr)
    if options.sensitivity is not None:
        settings = replace(settings, sensitivity=options.sensitivity)
    summary = SummaryFold(sensors, recording.height)
    sound_path = wav.path(recording.name) if wav else None
    report_path = report.path(recording.name) if report else None
    events = replay(
        *sensors,
        profile=options.profile or settings.profile,
        sensitivity=settings.sensitivity,
        corrections=settings.corrections,
        height=recording.height,
        speed_factor=settings.speed_factor,
        coach=settings.coach,
        block=options.block,
        recording=recording.name,
    )
    with ExitStack() as opened:
        sound = None
        if sound_path:
            beat = sound_named(options.sound)
            sound = opened.enter_context(CueWav(sound_path, beat, check_level(options.level)))

        def told() -> Iterator[Event]:
            for event in _with_progress(events, recording.name, options):
                summary.add(event)
                if sound:
                    sound.take(event)
                if options.json:
                    print(to_json(event), flush=options.speed == "1")
                yield event

        if report_path:
            write_report(recording, sensors, told(), report_path)
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

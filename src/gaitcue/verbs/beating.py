"""The verb ``metronome``: a beat to walk to, without a sensor."""

import argparse
from pathlib import Path
from typing import Any

from gaitcue.cue.level import DEFAULT_LEVEL


def add_metronome(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "metronome",
        help="play a beat to walk to, without a sensor",
        description="Play a beat to walk to, without a sensor, until Q or Ctrl-C or for "
        "--duration. In a terminal the tempo is shown large, and keys change it: Up and Down the "
        "tempo, Left and Right the volume, T taps the tempo, Space pauses. The exit status is 0 "
        "when it was played, 1 when nothing could be heard.",
    )
    add = parser.add_argument
    add("tempo", nargs="?", type=float, default=100.0, help="60 to 140 steps/min (default 100)")
    add(
        "--sound",
        default="tick",
        metavar="NAME",
        help="tick (the default), tick_tock with an accent for one foot, footsteps on gravel, "
        "count, get_ready, or music:FILE for one's own",
    )
    add(
        "--level",
        type=int,
        default=DEFAULT_LEVEL,
        metavar="N",
        help=f"1 (softest) to 10 (loudest); default {DEFAULT_LEVEL}",
    )
    add("--duration", type=float, metavar="S", help="end after so many seconds")
    add("--ramp", type=float, metavar="TEMPO", help="go evenly to this tempo over the duration")
    add("--device", default="", metavar="NAME", help="part of the name of what is to play it")
    add("--wav", type=Path, metavar="PATH", help="write the sound to a file instead of playing it")
    parser.set_defaults(run=_metronome)


def _metronome(options: argparse.Namespace) -> int:
    # Sound and signals are slow to import.
    from gaitcue.app.beat import Plan  # noqa: PLC0415
    from gaitcue.app.metronome import play_here, write_wav  # noqa: PLC0415

    plan = Plan(
        tempo=options.tempo, ramp=options.ramp, duration=options.duration, level=options.level
    )
    if options.wav:
        write_wav(plan, options.sound, options.wav)
        print(options.wav)
        return 0
    return 0 if play_here(plan, options.sound, options.device) else 1

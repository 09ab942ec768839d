"""The verb ``simulate``: a walk with exact truth."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from gaitcue.errors import InputError
from gaitcue.imu import Placement, Side
from gaitcue.recording import write_walk
from gaitcue.replay.simulator import SCENARIOS, SensorModel, Strap, simulate


def add_simulate(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
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
        "--slips-at",
        type=float,
        default=None,
        metavar="SECONDS",
        help="when the strap slips and the sensor tips over by 40 degrees",
    )
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
                strap=options.strap,
                noise=options.noise,
                clip=options.clip,
                loss=options.loss,
                slips_at=options.slips_at,
            ),
        )
    except ValueError as error:
        raise InputError(str(error)) from error
    write_walk(recording, options.output)
    print(options.output)
    return 0

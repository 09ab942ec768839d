"""Runs scikit-digital-health on a folder of motion: FOLDER OUT.json."""

import each_walk
import numpy as np
from skdh.context import PredictGaitLumbarLgbm
from skdh.gait import GaitLumbar

STANDARD_GRAVITY = 9.80665
"""m/s²."""

NOON = 43200.0
"""s: some day's, as the package wants to know the hour."""


def walk(path):
    """Steps, s, and strides (start, end, m, m/s) of one recording; g, rad/s and m go in."""
    with np.load(path) as archive:
        acc, gyr = archive["acc"] / STANDARD_GRAVITY, archive["gyr"]
        rate, height = float(archive["rate"]), float(archive["height"])
    time = NOON + np.arange(len(acc)) / rate
    found = PredictGaitLumbarLgbm().predict(time=time, accel=acc, fs=rate)
    bouts = np.column_stack([found[f"Gait Bout {edge} Index"] for edge in ("Start", "Stop")])
    done = GaitLumbar().predict(
        time=time, accel=acc, gyro=gyr, fs=rate, height=height, gait_bouts=bouts
    )
    steps = np.asarray(done["IC Timestamp"]) - NOON
    if not len(steps):  # then there are no columns of strides either
        return {"steps": [], "strides": []}
    ends = steps + done["stride time"]
    rows = np.column_stack([steps, ends, done["stride length"], done["gait speed"]])
    return {"steps": steps.tolist(), "strides": rows[np.isfinite(rows).all(axis=1)].tolist()}


if __name__ == "__main__":
    each_walk.main(walk)

"""Runs mobgap's own pipelines on a folder of motion: PIPELINE FOLDER OUT.json."""

import each_walk
import numpy as np
import pandas as pd
from mobgap import pipeline as pipelines
from mobgap.data import GaitDatasetFromData

COLUMNS = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]

STRIDE = ["start", "end", "stride_length_m", "walking_speed_mps"]

COHORTS = {"MobilisedPipelineHealthy": "HA", "MobilisedPipelineImpaired": "PD"}
"""For whom each was made, which its limits of plausible values are chosen by."""

SENSOR_HEIGHT = 0.61
"""Of the person's height; in the Mobilise-D examples it was measured as 0.606 and 0.617."""


def walk(path, name):
    """Steps, s, and strides (start, end, m, m/s) of one recording; m/s², °/s and m go in."""
    with np.load(path) as archive:
        rate, height = float(archive["rate"]), float(archive["height"])
        rows = np.hstack([archive["acc"], np.degrees(archive["gyr"])])
    data = GaitDatasetFromData(
        {("walk",): {"LowerBack": pd.DataFrame(rows, columns=COLUMNS)}},
        rate,
        {
            ("walk",): {
                "height_m": height,
                "sensor_height_m": SENSOR_HEIGHT * height,
                "cohort": COHORTS[name],
            }
        },
        {("walk",): {"measurement_condition": "laboratory"}},
    )
    done = getattr(pipelines, name)().safe_run(data[0])
    strides = done.raw_per_stride_parameters_.reindex(columns=STRIDE)  # missing without a stride
    return {
        "steps": (done.raw_ic_list_["ic"] / rate).tolist(),
        "strides": [
            (start / rate, end / rate, length, speed)
            for start, end, length, speed in strides.to_numpy(dtype=float)
        ],
    }


if __name__ == "__main__":
    each_walk.main(walk)

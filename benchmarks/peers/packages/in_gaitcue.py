"""Runs gaitcue on a folder of motion as the other peers are run: FOLDER OUT.json."""

import each_walk
import numpy as np

from gaitcue.events import Step, Stride
from gaitcue.imu import Placement
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.replay import replay


def walk(path):
    """Steps, s, and strides (start, end, m, m/s) of one recording."""
    with np.load(path) as archive:
        motion = Motion(archive["acc"], archive["gyr"])
        rate, height = float(archive["rate"]), float(archive["height"])
    sensor = array_sensor(
        path.stem, lambda: motion, rate=rate, placement=Placement.LOWER_BACK, gyroscope=True
    )
    steps, strides = [], []
    for event in replay(sensor, height=height):
        if isinstance(event, Step):
            steps.append(event.time)
        elif isinstance(event, Stride):
            strides.append((event.start, event.time, event.length, event.speed))
    return {"steps": steps, "strides": strides}


if __name__ == "__main__":
    each_walk.main(walk)

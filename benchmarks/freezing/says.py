"""What a model says of an example, by the code that runs on a walk."""

import numpy as np
from benchmarks.freezing.examples import Example

from gaitcue.gait.freezing.model import Network, Weights
from gaitcue.imu import FloatArray


def say(weights: Weights, example: Example) -> FloatArray:
    """(n,) log-odds at each tick."""
    network = Network(weights, example.placement, gyroscope=example.gyroscope)
    return np.array(network(example.rows.astype(np.float64)))

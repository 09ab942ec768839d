"""What a model says of an example, by the code that runs on a walk."""

import numpy as np
from benchmarks.freezing.examples import Example

from gaitcue.gait.freezing.model import Network, Weights
from gaitcue.imu import FloatArray


def say(weights: Weights, example: Example) -> FloatArray:
    """(n,) log-odds at each tick."""
    return follow(weights, example)[0]


def follow(weights: Weights, example: Example) -> tuple[FloatArray, FloatArray]:
    """(n,) log-odds at each tick, and (n, h) what is remembered then."""
    network = Network(weights, example.placement, gyroscope=example.gyroscope)
    memory = network.remember(example.rows.astype(np.float64))
    return np.array(network.odds(memory)), memory

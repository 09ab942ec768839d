"""Freezing of gait: finding it as it happens.

`Inputs` turns motion into what the model looks at, `model` holds the model and its weights, and
`FreezeDetector` decides from them when a freeze begins and ends.
"""

from gaitcue.gait.freezing.detector import LARGEST_SENSITIVITY, FreezeDetector, Look
from gaitcue.gait.freezing.features import Inputs
from gaitcue.gait.freezing.model import sees_rotation

__all__ = ["LARGEST_SENSITIVITY", "FreezeDetector", "Inputs", "Look", "sees_rotation"]

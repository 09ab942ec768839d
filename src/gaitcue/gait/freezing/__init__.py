"""Freezing of gait: finding it as it happens.

`Inputs` turns motion into what the model looks at, `model` holds the model and its weights, and
`FreezeDetector` decides from them when a freeze begins and ends. A person's `Correction` of the
model is learned by `most_probable` from lessons in which it is known what was a freeze.
"""

from gaitcue.gait.freezing.correction import Correction, most_probable
from gaitcue.gait.freezing.detector import LARGEST_SENSITIVITY, FreezeDetector, Look
from gaitcue.gait.freezing.features import Inputs
from gaitcue.gait.freezing.lessons import lessons_of
from gaitcue.gait.freezing.model import sees_rotation

__all__ = [
    "LARGEST_SENSITIVITY",
    "Correction",
    "FreezeDetector",
    "Inputs",
    "Look",
    "lessons_of",
    "most_probable",
    "sees_rotation",
]

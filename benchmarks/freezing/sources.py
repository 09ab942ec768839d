"""Which public data sets the freezing model learns from, and which only judge them."""

from dataclasses import dataclass

from benchmarks.freezing.simulated import SIMULATED

from gaitcue.imu import Placement


@dataclass(frozen=True, slots=True)
class Source:
    """One data set at one placement.

    Attributes
    ----------
    data
        Name of its zip or folder.
    placement
        Of the sensors taken from it.
    learned
        Whether the shipped model is trained on it; false where the licence does not let it, or
        where the placement is not one that freezing can be learned at.
    """

    data: str
    placement: Placement
    learned: bool


SOURCES = (
    Source("tdcsfog", Placement.LOWER_BACK, learned=True),
    Source("stanford_lumbar", Placement.LOWER_BACK, learned=True),
    Source("daphnet", Placement.WAIST, learned=True),
    Source("daphnet", Placement.SHANK, learned=True),
    Source("daphnet", Placement.THIGH, learned=True),
    Source("turning_in_place", Placement.SHANK, learned=True),
    Source("mobgap_example", Placement.LOWER_BACK, learned=True),
    Source("oxford_steps", Placement.CHEST, learned=True),
    Source("oxford_steps", Placement.THIGH, learned=True),
    Source("gaitmap_example", Placement.FOOT, learned=True),
    Source(SIMULATED, Placement.LOWER_BACK, learned=True),
    Source(SIMULATED, Placement.SHANK, learned=True),
    Source(SIMULATED, Placement.THIGH, learned=True),
    Source(SIMULATED, Placement.FOOT, learned=True),
    Source("voisard497", Placement.LOWER_BACK, learned=False),
    Source("voisard497", Placement.FOOT, learned=False),
    Source("sisfall_elderly", Placement.WAIST, learned=False),
    Source("umafall", Placement.WAIST, learned=False),
    Source("umafall", Placement.CHEST, learned=False),
    Source("umafall", Placement.SHANK, learned=False),
    Source("umafall", Placement.THIGH, learned=False),
    Source("umafall", Placement.WRIST, learned=False),
    Source("weda_fall", Placement.WRIST, learned=False),
    Source("oxford_steps", Placement.WRIST, learned=False),
)
"""Those learned from first. ipol265 is not here: its acceleration has no gravity in it, and then
freezes are not looked for."""

PROCESSED = frozenset({"stanford_lumbar"})
"""Sets whose publisher filtered and turned the motion, unlike what a sensor gives: learned from,
but neither calibration nor thresholds are chosen on them."""

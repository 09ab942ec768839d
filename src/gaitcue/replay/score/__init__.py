"""Compare what gaitcue did on recorded walks with their annotations.

`tally_walk` counts one walk's events against its reference, `combine` adds tallies up, and
`figures` turns a tally into the published figures. ``docs/reference/score.md`` defines each.
"""

from gaitcue.replay.score.figures import Figures, figures
from gaitcue.replay.score.table import render
from gaitcue.replay.score.tally import STEP_TOLERANCE, Tally, combine, tally_walk

__all__ = ["STEP_TOLERANCE", "Figures", "Tally", "combine", "figures", "render", "tally_walk"]

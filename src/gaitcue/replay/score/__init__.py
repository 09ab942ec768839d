"""Compare what gaitcue did on recorded walks with their annotations.

`score` replays recordings and counts, person by person. Beneath it, `tally_walk` counts one walk's
events against its reference, `combine` adds tallies up, `figures` turns a tally into the published
figures and `render` a score into a table. `freezing` and `episodes` are about freezes and cues,
`chance` about what shifted cues would do, `bootstrap` about how sure the pooled figures are.
``docs/reference/score.md`` defines each figure.
"""

from gaitcue.replay.score.bootstrap import Interval
from gaitcue.replay.score.figures import Figures, figures
from gaitcue.replay.score.run import Score, score
from gaitcue.replay.score.table import render
from gaitcue.replay.score.tally import STEP_TOLERANCE, Tally, combine, tally_walk

__all__ = [
    "STEP_TOLERANCE",
    "Figures",
    "Interval",
    "Score",
    "Tally",
    "combine",
    "figures",
    "render",
    "score",
    "tally_walk",
]

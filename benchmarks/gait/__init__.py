"""How right the steps are, for whom, through which strap, link and rate.

``python -m benchmarks.gait``, with GAITCUE_DATA set. `changes` spoils a recording as real life
does, `measure` tracks and scores it, `report` writes ``results/gait.md``. Freezing is for
`accuracy`.
"""

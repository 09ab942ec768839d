"""The draws of the walker's own trial: which freezes are cued and which are not.

Permuted blocks keep the two arms alike in number however few freezes there are, and alike in time
of day and of medication; a seed makes every draw reproducible.
"""

import random

BLOCK = (True, True, False, False)
"""A block in order: as small as leaves a guess open, so that arms differ by two at most."""

WITHHELD_FOR = 5.0
"""s for which a freeze is left without a cue at most; then it gets one all the same. As long as the
shortest cue: no one is left standing for longer than they commonly are (more than half of the
annotated episodes of the tDCS-FOG set are over by then), and both arms can be compared up to it."""


def drawn(seed: int, episode: int) -> bool:
    """Whether freeze number `episode` (the first is 0) of the trial is cued."""
    number, place = divmod(episode, len(BLOCK))
    block = list(BLOCK)
    random.Random(f"{seed} {number}").shuffle(block)  # noqa: S311 - a draw, not a secret
    return block[place]

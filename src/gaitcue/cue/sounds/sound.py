"""What a sound is, to whatever renders it."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SOUND_RATE = 48_000
"""Samples a second of all sound: what sound devices run at by themselves."""

Waveform = NDArray[np.float32]
"""(n,) samples at `SOUND_RATE`, of full level 1 at most, beginning and ending at 0."""


class Sound(Protocol):
    """What is heard on the beats of a cue.

    Attributes
    ----------
    name
        As given on the command line.
    tempo_step
        Steps/min by which a tempo may be rounded before its beats are made: they serve all
        around it.
    """

    name: str
    tempo_step: float

    def beats(self, tempo: float) -> tuple[Waveform, ...]:
        """What begins on each beat of a cue at `tempo` steps/min, in turn and over again.

        Two beats may sound into each other: a texture without breaks is made of such.
        """

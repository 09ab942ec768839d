"""Somebody walking on gravel: a crunch on every beat, and the rolling of the foot between.

People with Parkinson's who freeze stepped for longer before a freeze to the continuous sound of
steps on gravel than to a metronome; neither continuity nor the steps alone did it (Young 2016,
Neuropsychologia 87:54). The sound is made by the model of Cook (1997, Computer Music Journal
21(3):38): many small stones that strike one another at random moments and each ring shortly, more
of them and harder the more the load on the foot changes. How a foot is loaded, with a peak after
heel strike and another at push-off, is what Rodger et al. (2013, IEEE TNSRE) made theirs from.
"""

from functools import cache

import numpy as np
from scipy.signal import lfilter

from gaitcue.cue.beats import SECONDS_PER_MINUTE
from gaitcue.cue.settings import SLOWEST_TEMPO
from gaitcue.cue.sounds.loudness import equally_loud
from gaitcue.cue.sounds.shape import eased, seconds, smooth
from gaitcue.cue.sounds.sound import SOUND_RATE, Waveform
from gaitcue.imu import FloatArray

STEPS = 8
"""Different steps before they come again: no two alike within four strides, so that no loop is
heard, and it is still made at once."""

SEED = 20_160_501
"""The stones always lie alike: the same tempo gives the same samples."""

STANCE = 1.24
"""Steps that a foot stays on the ground: 62 % of a stride of two steps, as in ordinary walking, so
that the next foot is down before this one leaves and the sound never breaks off."""

STRIKE_RISE, STRIKE_DECAY = 0.024, 0.050
"""s in which the crunch at heel strike swells, and in which it then falls by a factor of e. Its
height is 1. Stones strike at random, so that it takes a longer swell than a note's for no crunch
to begin more abruptly."""

ROLLING = 0.10
"""Height of the rolling of the foot, all through the stance: 20 dB below the crunch."""

PUSH_OFF, PUSH_OFF_AT, PUSH_OFF_WIDTH = 0.18, 0.75, 0.16
"""Height of the grinding at push-off, where its middle is, and how far it reaches to either side,
the last two as parts of the stance. 15 dB below the crunch, so that the beat stays the heel's."""

STRIKES = 2400
"""Stones that strike in a second."""

STONES = tuple(700.0 * 1.17**k for k in range(12))
"""Hz at which stones ring, 0.7 to 3.9 kHz; small loudspeakers give all of it, and twelve sizes are
too many to be heard as notes."""

RINGING = 0.0007
"""s in which a stone's ringing falls by a factor of e: a dull click."""

HIGHEST = 2.0
"""Peak of the gravel over its rms, to which it bends: of stones that strike together none is to
stand out, which would come again with every round."""

THUMP, THUMP_PITCH, THUMP_DECAY = 0.5, 240.0, 0.030
"""Height, Hz and s of the body's weight coming down, which marks the moment of the step."""


class Footsteps:
    """Steps on gravel without a pause, left and right alike."""

    name = "footsteps"
    tempo_step = 4.0

    def beats(self, tempo: float) -> tuple[Waveform, ...]:
        """So many different steps, each sounding into the next."""
        stance = STANCE * SECONDS_PER_MINUTE / tempo
        time = seconds(stance)
        load, thump = _load(time, stance), _thump(time)
        steps = tuple(eased(load * gravel[: len(time)] + thump) for gravel in _gravel())
        return equally_loud(steps, tempo)


def _load(time: FloatArray, stance: float) -> FloatArray:
    """How strongly the stones are stirred, from one initial contact to the foot's leaving."""
    away = np.abs(time / stance - PUSH_OFF_AT) / PUSH_OFF_WIDTH
    load: FloatArray = _strike(time, STRIKE_DECAY) + PUSH_OFF * smooth(1 - away) + ROLLING
    return load


def _strike(time: FloatArray, decay: float) -> FloatArray:
    return smooth(time / STRIKE_RISE) * np.exp(-np.maximum(time - STRIKE_RISE, 0) / decay)


def _thump(time: FloatArray) -> FloatArray:
    thump: FloatArray = THUMP * np.sin(2 * np.pi * THUMP_PITCH * time) * _strike(time, THUMP_DECAY)
    return thump


@cache
def _gravel() -> FloatArray:
    """Evenly stirred gravel of about rms 1 under each step: (STEPS, n), longer than any stance."""
    random = np.random.default_rng(SEED)
    longest = len(seconds(STANCE * SECONDS_PER_MINUTE / SLOWEST_TEMPO))
    sound = np.zeros(STEPS * longest)
    for pitch in STONES:
        struck = random.integers(len(sound), size=round(
            len(sound) * STRIKES / len(STONES) / SOUND_RATE
        ))  # fmt: skip
        hardness = np.bincount(struck, random.uniform(-1, 1, len(struck)), len(sound))
        radius = np.exp(-1 / (RINGING * SOUND_RATE))
        turn = 2 * np.pi * pitch / SOUND_RATE
        ring = lfilter([np.sin(turn)], [1, -2 * radius * np.cos(turn), radius**2], hardness)
        sound += ring / ring.std()  # small stones are as loud as large ones
    even: FloatArray = HIGHEST * np.tanh(sound / sound.std() / HIGHEST)
    return even.reshape(STEPS, longest)

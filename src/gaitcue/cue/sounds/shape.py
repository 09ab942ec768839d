"""How a sound begins and ends without startling, and how its beats sound together."""

from collections.abc import Sequence

import numpy as np

from gaitcue.cue.beats import SECONDS_PER_MINUTE
from gaitcue.cue.sounds.sound import SOUND_RATE, Waveform
from gaitcue.imu import FloatArray

ATTACK = 0.016
"""s over which every sound swells from nothing. Startle to a sound near its threshold became weaker
and rarer as its linear rise went from 2.5 to 10 and 25 ms (Blumenthal 1988, Psychophysiology
25:607); half a cosine of 16 ms is nowhere steeper than that line of 10 ms. A much slower beat no
longer marks a moment."""

FADE = 0.010
"""s over which every sound closes, so that its end is no click."""


def smooth(x: FloatArray) -> FloatArray:
    """Half a cosine from 0 at x = 0 to 1 at x = 1, flat outside."""
    half: FloatArray = 0.5 - 0.5 * np.cos(np.pi * np.clip(x, 0.0, 1.0))
    return half


def seconds(length: float) -> FloatArray:
    """The times of the samples in so many s, from 0."""
    return np.arange(round(length * SOUND_RATE)) / SOUND_RATE


def eased(sound: FloatArray) -> FloatArray:
    """The sound (n,), swelling from 0 and closing at 0."""
    time = seconds(len(sound) / SOUND_RATE)
    return sound * smooth(time / ATTACK) * smooth((time[-1] - time) / FADE)


def one_round(beats: Sequence[Waveform | FloatArray], tempo: float) -> FloatArray:
    """All beats once, as they sound on and on at `tempo` steps/min: (n,) whose end meets its start.

    This is what a listener hears once the cue has reached its full level, at a gain of 1.
    """
    firsts = [round(k * SECONDS_PER_MINUTE / tempo * SOUND_RATE) for k in range(len(beats) + 1)]
    mix = np.zeros(firsts[-1])
    for first, beat in zip(firsts, beats, strict=False):
        for start in range(0, len(beat), len(mix)):  # a beat may be longer than the round
            part = beat[start : start + len(mix)]
            rows = (first + start + np.arange(len(part))) % len(mix)
            mix[rows] += part
    return mix

"""How loud a sound is, and making all sounds equally loud.

What counts is the greatest reading that a sound level meter would show: A-weighted, with its time
weighting F (IEC 61672-1), which adds up over 125 ms and so is fair to a tick, to a word and to a
texture alike.
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft, rfftfreq
from scipy.signal import lfilter

from gaitcue.cue.sounds.shape import one_round
from gaitcue.cue.sounds.sound import SOUND_RATE, Waveform
from gaitcue.imu import FloatArray

LOUDNESS = -13.5
"""dB of every sound before its gain: as loud as all of them can be with peaks of 1, of which the
tick, the shortest, needs 0.91."""

TIME_WEIGHTING = 0.125
"""s, time constant of the weighting F (IEC 61672-1, 5.8)."""

POLES = (20.598997, 107.65265, 737.86223, 12194.217)
"""Hz, the pole frequencies of the A-weighting (IEC 61672-1, annex E); the outer two are double."""

SHORTEST = 2.0
"""s for which a sound is heard at least before it is judged: a meter has risen to it by then."""


def loudest_reading(sound: FloatArray) -> float:
    """The greatest A-weighted level F of (n,) samples, dB; -inf for silence.

    A lasting sine of 1 kHz whose peak is 1 reads 0 dB.
    """
    if not sound.any():
        return -np.inf
    # A meter reads on while the sound dies away; the spectrum needs that room too.
    samples = next_fast_len(len(sound) + round(TIME_WEIGHTING * SOUND_RATE), real=True)
    weighted = irfft(rfft(sound, samples) * _a_weighting(samples), samples)
    keep = float(np.exp(-1 / (TIME_WEIGHTING * SOUND_RATE)))
    power = lfilter([1 - keep], [1, -keep], weighted**2)
    return float(10 * np.log10(2 * power.max()))


def equally_loud(beats: tuple[FloatArray, ...], tempo: float) -> tuple[Waveform, ...]:
    """The beats of a sound so that together, over and over at `tempo`, they are as loud as all.

    A sound that cannot be so loud keeps its peak at 1 and stays softer.
    """
    round_ = one_round(beats, tempo)
    heard = np.tile(round_, math.ceil(SHORTEST * SOUND_RATE / len(round_)))
    gain = 10 ** ((LOUDNESS - loudest_reading(heard)) / 20)
    gain = min(gain, 1 / np.abs(heard).max(), 1 / max(np.abs(beat).max() for beat in beats))
    return tuple((gain * beat).astype(np.float32) for beat in beats)


def alike(sounds: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    """Notes or words of which none is to stand out: each as loud as the others by itself."""
    return tuple(sound * 10 ** ((LOUDNESS - loudest_reading(sound)) / 20) for sound in sounds)


def _a_weighting(samples: int) -> FloatArray:
    """Gain at each frequency of the spectrum of so many samples."""
    f2 = rfftfreq(samples, 1 / SOUND_RATE) ** 2
    low, second, third, high = (pole**2 for pole in POLES)

    def curve(f2: FloatArray) -> FloatArray:
        spread = (f2 + low) * np.sqrt((f2 + second) * (f2 + third)) * (f2 + high)
        gain: FloatArray = high * f2**2 / spread
        return gain

    return curve(f2) / curve(np.array([1000.0**2]))

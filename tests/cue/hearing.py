"""What a listener and a sound level meter make of samples (n,) at 48 kHz."""

import numpy as np
import pyloudnorm
from numpy.typing import NDArray

from gaitcue.cue.sounds import SOUND_RATE, Sound, Waveform
from gaitcue.cue.sounds.shape import one_round

Samples = NDArray[np.floating]

SOFT_RISE = 8.0
"""ms from 10 to 90 % that a linear rise of 10 ms takes, the slower of the two that startled less
than 2.5 ms in Blumenthal 1988."""


def lasting(sound: Sound, tempo: float, seconds: float = 12.0) -> Samples:
    """The sound over and over for so long, at a gain of 1."""
    heard = one_round(sound.beats(tempo), tempo)
    return np.tile(heard, int(seconds * SOUND_RATE / len(heard)) + 1)


def envelope(sound: Samples) -> Samples:
    """Root mean square in a window of 3 ms: longer than the waves, shorter than any rise."""
    window = np.hanning(round(0.003 * SOUND_RATE) + 2)[1:-1]
    power = np.convolve(sound.astype(float) ** 2, window / window.sum())
    return np.sqrt(np.maximum(power, 0.0))


def rise(sound: Waveform) -> float:
    """From 10 to 90 % of the highest level, ms."""
    highest = np.maximum.accumulate(envelope(sound))
    low, high = (int(np.argmax(highest >= part * highest[-1])) for part in (0.1, 0.9))
    return (high - low) / SOUND_RATE * 1000


def programme_loudness(sound: Samples) -> float:
    """Integrated loudness by ITU-R BS.1770-4, LUFS."""
    return float(pyloudnorm.Meter(SOUND_RATE).integrated_loudness(sound.astype(float)))


def decibels(level: float) -> float:
    """Of a ratio of amplitudes."""
    return float(20 * np.log10(level))


def pitch(sound: Waveform) -> float:
    """The strongest frequency, Hz."""
    spectrum = np.abs(np.fft.rfft(sound.astype(float), SOUND_RATE))
    return float(np.argmax(spectrum))


def levels(sound: Samples, frame: float = 0.05) -> Samples:
    """Level in each frame of so many s, dB."""
    length = round(frame * SOUND_RATE)
    frames = sound[: len(sound) // length * length].astype(float).reshape(-1, length)
    return 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)

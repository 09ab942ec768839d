"""A soft knock of wood on every beat, alike for both feet or not."""

import numpy as np

from gaitcue.cue.sounds.loudness import alike, equally_loud
from gaitcue.cue.sounds.shape import ATTACK, eased, seconds
from gaitcue.cue.sounds.sound import Waveform
from gaitcue.imu import FloatArray

PITCH = 760.0
"""Hz. Both partials lie in 0.5-2.7 kHz, which small loudspeakers give and most old ears hear."""

ACCENT = 4 / 3
"""The pitch of the accented knock over the other's: a fourth, which nobody takes for the same."""

PARTIALS = ((1.0, 1.0, 1.0), (2.756, 0.3, 2.0))
"""Pitch over the lowest, amplitude, and how many times faster it decays, of each partial. 2.756 is
the ratio of the first two bending modes of a free bar, which is why it sounds of wood."""

DECAY = 0.016
"""s in which a knock falls by a factor of e, as a small piece of wood does. Our choice, by the
shape: gone (-60 dB) after 0.11 s, well before the next beat at 140 steps/min (0.43 s)."""

LENGTH = 0.136
"""s."""


def knock(pitch: float, decay: float = DECAY, length: float = LENGTH) -> FloatArray:
    """One knock: (n,) of peak 1."""
    time = seconds(length)
    fallen = np.maximum(time - ATTACK, 0.0) / decay
    sound = np.zeros_like(time)
    for ratio, amplitude, faster in PARTIALS:
        sound += amplitude * np.sin(2 * np.pi * ratio * pitch * time) * np.exp(-faster * fallen)
    shaped = eased(sound)
    level: FloatArray = shaped / np.abs(shaped).max()
    return level


class Tick:
    """The same knock on every beat."""

    name = "tick"
    tempo_step = 20.0

    def beats(self, tempo: float) -> tuple[Waveform, ...]:
        """One knock."""
        return equally_loud((knock(PITCH),), tempo)


class TickTock:
    """A higher knock on every other beat, the first one: for the foot that is to step first."""

    name = "tick_tock"
    tempo_step = 20.0

    def beats(self, tempo: float) -> tuple[Waveform, ...]:
        """The higher knock, then the lower."""
        return equally_loud(alike([knock(PITCH * ACCENT), knock(PITCH)]), tempo)

"""The metronome: a soft wooden tick on every beat of a cue, each on its own sample."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitcue.cue.beats import beat_time
from gaitcue.events import CueEnd, CueStart
from gaitcue.imu import FloatArray

SOUND_RATE = 48_000
"""Samples a second of all sound: what sound devices run at by themselves."""

ATTACK = 0.010
"""s over which a tick swells. Startle to a sound near its threshold became weaker and rarer as the
rise went from 2.5 to 10 and 25 ms (Blumenthal 1988, Psychophysiology 25:607); above 10 ms a tick
no longer marks a moment."""

DECAY = 0.016
"""s in which a tick falls by a factor of e, as a small piece of wood does. Our choice, by ear of
the shape: gone (-60 dB) after 0.11 s, well before the next beat at 140 steps/min (0.43 s)."""

TICK_LENGTH = 0.130
"""s."""

PARTIALS = ((760.0, 1.0, 1.0), (760.0 * 2.756, 0.3, 2.0))
"""Pitch in Hz, amplitude, and how many times faster it decays, of each partial. 2.756 is the ratio
of the first two bending modes of a free bar, which is why it sounds of wood; both lie in 0.5-2.5
kHz, which small loudspeakers give and most old ears hear."""

PEAK_LEVEL = 0.5
"""Level cap: the greatest sample value, of full scale (-6 dB)."""

FIRST_BEAT_DB, RAMP_BEATS = -12.0, 4
"""The first beat is this many dB below the full level, which beat number `RAMP_BEATS` reaches in
equal steps. Our choice: 3 dB a beat, a quarter of the amplitude at first."""

FADE = 0.010
"""s over which a tick that is cut short fades, so that the end is no click."""

CHUNK = SOUND_RATE
"""Samples rendered at a time, so that memory does not grow with a walk."""


def tick() -> FloatArray:
    """One tick at full level: (n,) of peak 1, beginning and ending at 0."""
    time = np.arange(round(TICK_LENGTH * SOUND_RATE)) / SOUND_RATE
    fallen = np.maximum(time - ATTACK, 0.0) / DECAY
    sound = np.zeros_like(time)
    for pitch, amplitude, faster in PARTIALS:
        sound += amplitude * np.sin(2 * np.pi * pitch * time) * np.exp(-faster * fallen)
    swell = _smooth(time / ATTACK)
    close = _smooth((time[-1] - time) / FADE)
    shaped = sound * swell * close
    level: FloatArray = shaped / np.abs(shaped).max()
    return level


def beat_gain(beat: int) -> float:
    """Level of a beat (the first is 0) relative to the full one."""
    below = FIRST_BEAT_DB * max(1 - beat / RAMP_BEATS, 0.0)
    return float(10 ** (below / 20))


@dataclass(slots=True)
class _Voice:
    """A tick that is sounding: its first sample, its gain, and where it is cut short."""

    first: int
    gain: float
    cut: int | None = None


class Metronome:
    """Renders cues as sound; sample 0 is at `origin` s on the clock of the events.

    Beat k of a cue begins exactly on the sample nearest to its own time.
    """

    def __init__(self, origin: float) -> None:
        self._origin = origin
        self._position = 0
        self._tick = PEAK_LEVEL * tick()
        self._cue: CueStart | None = None
        self._beat = 0  # the next one to sound
        self._voices: list[_Voice] = []

    @property
    def position(self) -> int:
        """Samples rendered so far."""
        return self._position

    def sample_at(self, time: float) -> int:
        """The sample nearest to `time` s."""
        return round((time - self._origin) * SOUND_RATE)

    def start(self, cue: CueStart) -> None:
        """Begin a cue at or after what is rendered."""
        self._cue, self._beat = cue, 0

    def stop(self, end: CueEnd) -> None:
        """End the running cue at the moment up to which it is rendered."""
        cut = self.sample_at(end.time)
        self._sound_beats(cut + 1, last=end.beats)
        self._cue = None
        for voice in self._voices:
            voice.cut = cut if voice.cut is None else voice.cut

    def render(self, until: float) -> Iterator[NDArray[np.int16]]:
        """The sound from where it is up to `until` s (exclusive), in chunks of bounded length."""
        end = self.sample_at(until)
        while self._position < end:
            yield self._chunk(min(end, self._position + CHUNK))

    def _chunk(self, end: int) -> NDArray[np.int16]:
        start, self._position = self._position, end
        self._sound_beats(end)
        if not self._voices:
            return np.zeros(end - start, dtype=np.int16)
        sound = np.zeros(end - start)
        for voice in self._voices:
            self._add(voice, sound, start)
        self._voices = [v for v in self._voices if self._last_sample(v) > end]
        level = np.clip(sound, -PEAK_LEVEL, PEAK_LEVEL) * np.iinfo(np.int16).max
        return np.round(level).astype(np.int16)

    def _sound_beats(self, before: int, last: int | None = None) -> None:
        """Begin a voice for every beat of the cue whose sample lies before `before`."""
        while self._cue is not None and (last is None or self._beat < last):
            first = self.sample_at(beat_time(self._cue.time, self._cue.tempo, self._beat))
            if first >= before:
                break
            self._voices.append(_Voice(first, beat_gain(self._beat)))
            self._beat += 1

    def _last_sample(self, voice: _Voice) -> int:
        whole = voice.first + len(self._tick)
        return whole if voice.cut is None else min(whole, voice.cut + round(FADE * SOUND_RATE))

    def _add(self, voice: _Voice, sound: FloatArray, start: int) -> None:
        """Add the part of a voice that falls into `sound`, whose first sample is `start`."""
        rows = np.arange(max(voice.first, start), min(self._last_sample(voice), start + len(sound)))
        if len(rows) == 0:
            return
        part = voice.gain * self._tick[rows - voice.first]
        if voice.cut is not None:
            part *= _smooth(1 - (rows - voice.cut) / (FADE * SOUND_RATE))
        sound[rows - start] += part


def _smooth(x: FloatArray) -> FloatArray:
    """Half a cosine from 0 at x = 0 to 1 at x = 1, flat outside."""
    smooth: FloatArray = 0.5 - 0.5 * np.cos(np.pi * np.clip(x, 0.0, 1.0))
    return smooth

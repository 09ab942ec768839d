"""Makes sound of cues: every beat on its own sample, nothing abrupt, nothing above the cap.

The same code fills a sound device's buffers and a WAV file. It computes no sound: what a beat
sounds like is made beforehand (`tables`).
"""

from dataclasses import dataclass

import numpy as np

from gaitcue.cue.beats import Beats
from gaitcue.cue.level import PEAK_CAP, cue_gain, next_gain, speech_gain
from gaitcue.cue.sounds import SOUND_RATE, Waveform
from gaitcue.cue.tables import SoundTables
from gaitcue.events import CuePattern, CueStrength

FADE = 0.010
"""s over which a sound that is cut short fades, so that the end is no click."""

DUCKED = 0.5
"""Gain of the beats while something is said: half the amplitude, so that the words are understood
and both together stay below the cap."""

DUCKING = 0.050
"""s in which the beats get softer for what is said, and loud again after it. Our choice."""


@dataclass(slots=True)
class _Voice:
    """A sound that is heard: from which of its samples on, and where it is cut short."""

    sound: Waveform
    gain: float
    position: int
    cut: int | None = None

    @property
    def end(self) -> int:
        whole = len(self.sound)
        return whole if self.cut is None else min(whole, self.cut + len(_FADE_OUT))


_FADE_OUT = 0.5 + 0.5 * np.cos(np.pi * np.arange(round(FADE * SOUND_RATE)) / (FADE * SOUND_RATE))
"""Gains from 1 to 0."""


class Renderer:
    """Renders one cue at a time, and what is said.

    Times are s on whatever clock the blocks are given on.

    Parameters
    ----------
    tables
        The sounds; those of a tempo must be prepared to be heard.
    level
        The person's, 1 to 10.
    """

    def __init__(self, tables: SoundTables, level: int) -> None:
        self._tables = tables
        self.level = level
        self._beats: Beats | None = None
        self._number = 0  # of the next beat
        self._pattern, self._pattern_from = CuePattern.BEAT, 0
        self._strength = CueStrength.DISCREET
        self._gain: float | None = None  # of the last beat
        self._cue: list[_Voice] = []
        self._speech: list[_Voice] = []
        self._duck = 1.0

    @property
    def cueing(self) -> bool:
        """Whether a cue is under way."""
        return self._beats is not None

    def start(self, beats: Beats, pattern: CuePattern, strength: CueStrength) -> None:
        """Begin a cue; one that is under way gives way to it."""
        self.stop()
        self._beats, self._number = beats, beats.first
        self._pattern, self._pattern_from, self._strength = pattern, beats.first, strength
        self._gain = None

    def change(self, tempo: float, pattern: CuePattern, strength: CueStrength) -> None:
        """Go on like this from the next beat on, which falls when it would have fallen anyway."""
        if self._beats is None:
            return
        self._beats = Beats(self._beats.time(self._number), tempo, self._number)
        if pattern is not self._pattern:
            self._pattern, self._pattern_from = pattern, self._number
        self._strength = strength

    def stop(self, beats: int | None = None) -> None:
        """End the cue where it is rendered to; `beats` were to be heard if that is known."""
        if self._beats is not None and beats is not None:
            while self._number < beats:
                self._begin(self._beats, 0)
        self._beats = None
        for voice in self._cue:
            voice.cut = max(voice.position, 0) if voice.cut is None else voice.cut

    def say(self, sound: Waveform) -> None:
        """Say something from where it is rendered to, after what is being said."""
        waiting = max((voice.end - voice.position for voice in self._speech), default=0)
        self._speech.append(_Voice(sound, 1.0, -waiting))

    def hush(self) -> None:
        """Say no more of what is being said."""
        self._speech = [voice for voice in self._speech if voice.position >= 0]
        for voice in self._speech:
            voice.cut = voice.position if voice.cut is None else voice.cut

    def render(self, out: Waveform, time: float) -> list[tuple[int, float]]:
        """Fill `out` (n,), whose first sample is heard at `time` s.

        A beat whose time has passed unrendered is left out, never made up for.

        Returns
        -------
        list
            Number and time of the beats that begin in it.
        """
        begun: list[tuple[int, float]] = []
        while self._beats is not None:
            at = self._beats.time(self._number)
            row = round((at - time) * SOUND_RATE)
            if row >= len(out):
                break
            if row < 0:
                self._number += 1
                continue
            begun.append((self._number, at))
            self._begin(self._beats, row)
        out.fill(0.0)
        self._cue = _mixed(self._cue, out)
        self._say_over(out)
        np.clip(out, -PEAK_CAP, PEAK_CAP, out=out)
        return begun

    def _begin(self, beats: Beats, row: int) -> None:
        """Begin the sound of the next beat, `row` samples ahead."""
        self._gain = next_gain(self._gain, cue_gain(self.level, self._strength))
        sound = self._tables.beat(self._pattern, beats.tempo, self._number - self._pattern_from)
        if sound is not None:
            self._cue.append(_Voice(sound, self._gain, -row))
        self._number += 1

    def _say_over(self, out: Waveform) -> None:
        target = DUCKED if self._speech else 1.0
        if self._duck != target or target != 1.0:
            step = (1.0 - DUCKED) / (DUCKING * SOUND_RATE)
            ramp = self._duck + np.sign(target - self._duck) * step * np.arange(1, len(out) + 1)
            low, high = min(self._duck, target), max(self._duck, target)
            ramp = np.clip(ramp, low, high)
            out *= ramp.astype(np.float32)
            self._duck = float(ramp[-1])
        gain = min(speech_gain(self.level), PEAK_CAP * (1 - DUCKED))
        for voice in self._speech:
            voice.gain = gain
        self._speech = _mixed(self._speech, out)


def _mixed(voices: list[_Voice], out: Waveform) -> list[_Voice]:
    """Add the voices to a block; give those that go on after it."""
    for voice in voices:
        first = max(-voice.position, 0)
        start = voice.position + first
        count = min(voice.end - start, len(out) - first)
        if count > 0:
            part = voice.gain * voice.sound[start : start + count]
            if voice.cut is not None and start + count > voice.cut:
                faded = max(voice.cut - start, 0)
                offset = start + faded - voice.cut
                part[faded:] *= _FADE_OUT[offset : offset + count - faded]
            out[first : first + count] += part
        voice.position += len(out)
    return [voice for voice in voices if voice.position < voice.end]

"""The walker's own music, its beats on the beats of the cue.

Needs the extra ``music`` (librosa): it reads the file, finds the beats by dynamic programming
(Ellis 2007, Journal of New Music Research 36:51) and stretches time without changing the pitch by
a phase vocoder.
"""

from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter1d

from gaitcue.cue.beats import SECONDS_PER_MINUTE
from gaitcue.cue.sounds.loudness import equally_loud
from gaitcue.cue.sounds.shape import ATTACK, smooth
from gaitcue.cue.sounds.sound import SOUND_RATE, Waveform
from gaitcue.errors import InputError
from gaitcue.imu import FloatArray

PREFIX = "music:"
"""Before the file's path, where the name of a sound is asked for."""

SHORTEST, LONGEST = 5.0, 180.0
"""s of music that are needed at least, and that are read at most."""

MISSING = "music needs more than is installed: pip install 'gaitcue[music]'"

EXCERPT = 32
"""Beats that are played over and over, the loudest in a row: eight bars, so that a cue can begin
soon after its tempo is known."""

BEAT_RATE = 22_050
"""Samples a second in which beats are looked for, as librosa's defaults are made for."""

HOP = 256
"""Of those samples from one look to the next: beats to within 6 ms. Their tempo is found with
librosa's default of 512 beforehand, which less often takes half a beat for one."""

SEARCH = 0.06
"""s to either side within which the beats are moved, all alike, to where the music is struck; what
librosa gives is about 0.03 s late at its default hop."""

STRIKE = 0.004
"""s, width of the Gaussian by which the loudness of the music is smoothed to find strikes."""

UNSTEADY = 0.10
"""Spread of the beats' intervals over their median, from which they are nothing to walk to: steady
walking varies by a few percent. Our choice."""

LEAD = 0.05
"""s of music before and after a beat's own that is stretched with it, so that its edges are not."""


class Music:
    """A file of music.

    Raises
    ------
    InputError
        When the extra is not there, the file cannot be read, or it has no steady beat.
    """

    name = "music"
    tempo_step = 2.0

    def __init__(self, path: Path) -> None:
        self._music, self._at = _excerpt(path)

    @property
    def tempo(self) -> float:
        """Of the music itself, beats/min."""
        return float(SECONDS_PER_MINUTE / np.median(np.diff(self._at)))

    def beats(self, tempo: float) -> tuple[Waveform, ...]:
        """The music from a beat to the next, each sounding into it."""
        at = in_octave(self._at, tempo)
        period = SECONDS_PER_MINUTE / tempo
        sounds = [self._stretched(start, end, period) for start, end in pairwise(at)]
        return equally_loud(tuple(sounds), tempo)

    def _stretched(self, start: float, end: float, period: float) -> FloatArray:
        """The music from `start` to `end` s in so many s, and as it goes over into the next."""
        rate = (end - start) / period
        rows = np.arange(round((start - LEAD) * SOUND_RATE), round((end + LEAD) * SOUND_RATE))
        part = np.where(rows >= 0, self._music.take(rows, mode="clip"), 0)
        stretched = _extra("librosa").effects.time_stretch(part, rate=rate)
        whole, cross = round(period * SOUND_RATE), round(ATTACK * SOUND_RATE)
        sound = np.zeros(whole + cross)
        kept = stretched[round(LEAD / rate * SOUND_RATE) :][: whole + cross]
        sound[: len(kept)] = kept
        into = smooth(np.arange(cross) / cross)
        sound[:cross] *= into
        sound[whole:] *= 1 - into
        return sound


def in_octave(at: FloatArray, tempo: float) -> FloatArray:
    """Beats doubled or left out until stretching them to `tempo` is by the least ratio."""
    while SECONDS_PER_MINUTE / np.median(np.diff(at)) > tempo * np.sqrt(2):
        at = at[::2]
    while SECONDS_PER_MINUTE / np.median(np.diff(at)) < tempo / np.sqrt(2):
        at = np.interp(np.arange(2 * len(at) - 1) / 2, np.arange(len(at)), at)
    return at


def check_music(path: Path) -> None:
    """Find out at once what is sure to keep `Music` from being made of the file.

    Raises
    ------
    InputError
        When the extra is not there, or the file cannot be read.
    """
    if find_spec("librosa") is None:
        raise InputError(MISSING)
    _read(path, 0.0)


def _read(path: Path, seconds: float) -> tuple[FloatArray, int]:
    """So many s of the file: (n, channels), and samples a second."""
    soundfile = _extra("soundfile")
    try:
        with soundfile.SoundFile(path) as file:
            frames = file.read(round(seconds * file.samplerate), dtype="float32", always_2d=True)
            return frames, file.samplerate
    except (OSError, soundfile.SoundFileError) as error:
        raise InputError(
            f"{path}: expected music (WAV, FLAC, Ogg or MP3), and it cannot be read: {error}"
        ) from error


def _excerpt(path: Path) -> tuple[FloatArray, FloatArray]:
    """The loudest beats of a file in a row: their music, and their times in it, s."""
    channels, rate = _read(path, LONGEST)
    mono = np.nan_to_num(channels.mean(axis=1))
    music = _extra("librosa").resample(mono, orig_sr=rate, target_sr=SOUND_RATE)
    at = _beats(music) if len(music) > SHORTEST * SOUND_RATE else np.array([])
    if len(at) <= EXCERPT:
        raise InputError(f"{path}: no music with at least {EXCERPT + 1} beats was found in it")
    at = at + _lateness(music, at)
    power = np.cumsum(music.astype(float) ** 2)
    before = power[np.clip(np.round(at * SOUND_RATE).astype(int), 0, len(power) - 1)]
    first = int(np.argmax(before[EXCERPT:] - before[:-EXCERPT]))
    chosen = at[first : first + EXCERPT + 1]
    intervals = np.diff(chosen)
    if np.std(intervals) > UNSTEADY * np.median(intervals):
        raise InputError(f"{path}: the beat is not steady enough to walk to; choose other music")
    start, end = max(chosen[0] - LEAD, 0.0), chosen[-1] + LEAD
    part = music[round(start * SOUND_RATE) : round(end * SOUND_RATE)]
    return np.asarray(part, dtype=float), chosen - start


def _beats(music: FloatArray) -> FloatArray:
    """Their times, s, not yet moved to where the music is struck."""
    librosa = _extra("librosa")
    coarse = librosa.resample(music, orig_sr=SOUND_RATE, target_sr=BEAT_RATE)
    tempo, _ = librosa.beat.beat_track(y=coarse, sr=BEAT_RATE)
    _, at = librosa.beat.beat_track(y=coarse, sr=BEAT_RATE, bpm=tempo, hop_length=HOP, units="time")
    return np.asarray(at)


def _lateness(music: FloatArray, at: FloatArray) -> float:
    """Time to add to the beats, s, so that on the whole they are where the music is struck."""
    smoothed = gaussian_filter1d(np.abs(music).astype(float), STRIKE * SOUND_RATE)
    struck = np.maximum(np.diff(smoothed), 0.0)
    rows = np.round(at * SOUND_RATE).astype(int)
    shifts = np.arange(-round(SEARCH * SOUND_RATE), round(SEARCH * SOUND_RATE) + 1)
    total = [struck[np.clip(rows + shift, 0, len(struck) - 1)].sum() for shift in shifts]
    return float(shifts[int(np.argmax(total))] / SOUND_RATE)


def _extra(module: str) -> Any:
    """A module of the extra, loaded only when it is needed: that takes seconds."""
    try:
        return import_module(module)
    except ImportError as error:
        raise InputError(MISSING) from error

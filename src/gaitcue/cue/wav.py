"""A WAV file of what the walker would have heard: silence, and the cues in their places."""

import wave
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from gaitcue.cue.beats import Beats
from gaitcue.cue.level import DEFAULT_LEVEL
from gaitcue.cue.render import FADE, Renderer
from gaitcue.cue.sounds import SOUND_RATE, Sound, sound_named
from gaitcue.cue.tables import SPARE, SoundTables
from gaitcue.errors import InputError
from gaitcue.events import CueChange, CueEnd, CueStart, Event, WalkEnd, WalkStart

SAMPLE_BYTES = 2

LONGEST_SAMPLES = (2**32 - 1 - 36) // SAMPLE_BYTES
"""The sizes in a WAV header are of 32 bits and count 36 bytes of the header itself."""

CHUNK = SOUND_RATE
"""Samples rendered at a time, so that memory does not grow with a walk."""


class CueWav:
    """Writes 16-bit mono WAV as the events of one walk come, in order of `decided`.

    The file begins with the walk's first sample and ends with its last one, plus the fade of
    a cue that the end of the walk cuts short. Without a walk no file is left behind.

    Parameters
    ----------
    path
        Of the file.
    sound
        Of the beat; a tick when None.
    level
        1 to 10.

    Raises
    ------
    InputError
        When the file cannot be written, or the walk is longer than a WAV file can be.
    """

    def __init__(self, path: Path, sound: Sound | None = None, level: int = DEFAULT_LEVEL) -> None:
        self._path = path
        self._tables = SoundTables(sound or sound_named(SPARE))
        self._renderer = Renderer(self._tables, level)
        self._origin: float | None = None
        self._position = 0
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise self._failure(error) from error
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115 - closed with this object
        self._wave.setnchannels(1)
        self._wave.setsampwidth(SAMPLE_BYTES)
        self._wave.setframerate(SOUND_RATE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with self._file:
                self._wave.close()  # writes the lengths into the header
            if self._origin is None:
                self._path.unlink()
        except OSError as failure:
            raise self._failure(failure) from failure

    def begin(self, time: float) -> None:
        """Let the file begin at `time` s."""
        self._origin = time

    def finish(self, time: float) -> None:
        """Let it end at `time` s, and a fade later."""
        self._write(time + FADE)

    def take(self, event: Event) -> None:
        """Write the sound up to the event, and let a cue start, change or end there."""
        match event:
            case WalkStart():
                self.begin(event.time)
                return
            case WalkEnd():
                self.finish(event.decided)
                return
        self._write(event.decided)
        match event:
            case CueStart():
                self._tables.prepare(event.tempo)
                self._renderer.start(Beats(event.time, event.tempo), event.pattern, event.strength)
            case CueChange():
                self._tables.prepare(event.tempo)
                self._renderer.change(event.tempo, event.pattern, event.strength)
            case CueEnd():
                self._renderer.stop(event.beats)

    def _write(self, until: float) -> None:
        if self._origin is None:
            raise ValueError("the first event of a walk is its start")
        origin = self._origin
        end = round((until - origin) * SOUND_RATE)
        if end > LONGEST_SAMPLES:
            hours = LONGEST_SAMPLES / SOUND_RATE / 3600
            raise InputError(
                f"{self._path}: a WAV file holds at most {hours:.1f} h of sound, and this is "
                "longer; leave out --wav"
            )
        while self._position < end:
            block = np.empty(min(CHUNK, end - self._position), dtype=np.float32)
            self._renderer.render(block, origin + self._position / SOUND_RATE)
            self._position += len(block)
            samples = np.round(block * np.iinfo(np.int16).max).astype("<i2")
            try:
                self._wave.writeframesraw(samples.tobytes())
            except OSError as error:
                raise self._failure(error) from error

    def _failure(self, error: OSError) -> InputError:
        return InputError(f"{self._path}: the sound cannot be written ({error.strerror})")

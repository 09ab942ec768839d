"""A WAV file of what the walker would have heard: silence, and the cues in their places."""

import wave
from pathlib import Path
from types import TracebackType
from typing import Self

from gaitcue.cue.metronome import FADE, SOUND_RATE, Metronome
from gaitcue.errors import InputError
from gaitcue.events import CueEnd, CueStart, Event, WalkEnd, WalkStart

SAMPLE_BYTES = 2

LONGEST_SAMPLES = (2**32 - 1 - 36) // SAMPLE_BYTES
"""The sizes in a WAV header are of 32 bits and count 36 bytes of the header itself."""


class CueWav:
    """Writes 16-bit mono WAV as the events of one walk come, in order of `decided`.

    The file begins with the walk's first sample and ends with its last one, plus the fade of
    a cue that the end of the walk cuts short. Without a walk no file is left behind.

    Raises
    ------
    InputError
        When the file cannot be written, or the walk is longer than a WAV file can be.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise self._failure(error) from error
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115 - closed with this object
        self._wave.setnchannels(1)
        self._wave.setsampwidth(SAMPLE_BYTES)
        self._wave.setframerate(SOUND_RATE)
        self._metronome: Metronome | None = None

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
            if self._metronome is None:
                self._path.unlink()
        except OSError as failure:
            raise self._failure(failure) from failure

    def take(self, event: Event) -> None:
        """Write the sound up to the event, and let a cue start or end there."""
        match event:
            case WalkStart():
                self._metronome = Metronome(event.time)
            case _ if self._metronome is None:
                raise ValueError("the first event of a walk is its start")
            case WalkEnd():
                self._write(self._metronome, event.decided + FADE)
            case _:
                self._write(self._metronome, event.decided)
                if isinstance(event, CueStart):
                    self._metronome.start(event)
                elif isinstance(event, CueEnd):
                    self._metronome.stop(event)

    def _write(self, metronome: Metronome, until: float) -> None:
        if metronome.sample_at(until) > LONGEST_SAMPLES:
            hours = LONGEST_SAMPLES / SOUND_RATE / 3600
            raise InputError(
                f"{self._path}: a WAV file holds at most {hours:.1f} h of sound and this walk is "
                "longer; leave out --wav"
            )
        try:
            for chunk in metronome.render(until):
                self._wave.writeframesraw(chunk.astype("<i2").tobytes())
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> InputError:
        return InputError(f"{self._path}: the sound cannot be written ({error.strerror})")

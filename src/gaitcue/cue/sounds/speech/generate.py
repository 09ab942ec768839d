"""Speaks all texts of a language into its folder of recordings.

``python -m gaitcue.cue.sounds.speech.generate [LANGUAGE] [FOLDER]``, where the engine Flite is
(Debian: ``apt install flite``). Flite 2.2 and its voice slt are Carnegie Mellon University's, under
a licence of the BSD kind that allows any use and puts no condition on what is spoken with them.
The recordings are part of this package and under its licence.
"""

import argparse
import subprocess
import sys
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gaitcue.cue.sounds.speech.phrases import RECORDED_RATE, texts
from gaitcue.errors import InputError

SLOWNESS = {"status": 1.0, "count": 0.75}
"""Length over the voice's own. Sentences spoken more slowly were understood less well by a
recogniser (`benchmarks/speech.py`); a counted word must fit between two beats at 140 steps/min."""

QUIET = 10 ** (-40 / 20)
"""Amplitude over the peak's, below which the beginning and the end are silence."""

MARGIN = 0.02
"""s of that silence that are kept: the breath of a soft consonant."""


def generate(language: str, folder: Path) -> None:
    """Write one WAV file for every text of the language into `folder`.

    Raises
    ------
    InputError
        When the language has no texts, the engine is not there, or a file cannot be written.
    """
    content = texts(language)
    folder.mkdir(parents=True, exist_ok=True)
    for part, slowness in SLOWNESS.items():
        for name, text in content[part].items():
            _write(folder / f"{name}.wav", trimmed(_said(text, content["voice"], slowness)))


def trimmed(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Without the silence before and after."""
    loud = np.flatnonzero(
        np.abs(samples.astype(float)) > QUIET * np.abs(samples.astype(float)).max()
    )
    margin = round(MARGIN * RECORDED_RATE)
    return samples[max(loud[0] - margin, 0) : loud[-1] + margin]


def _said(text: str, voice: str, slowness: float) -> NDArray[np.int16]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        options = ["-voice", voice, "--setf", f"duration_stretch={slowness}"]
        try:
            subprocess.run(["flite", *options, "-t", text, "-o", str(path)], check=True)  # noqa: S603, S607 - texts of this package
        except (OSError, subprocess.CalledProcessError) as error:
            raise InputError(
                f"the speech engine flite cannot be run ({error}): install it"
            ) from error
        with wave.open(str(path)) as file:
            if (file.getframerate(), file.getnchannels()) != (RECORDED_RATE, 1):
                raise InputError(f"the voice {voice!r} does not speak at {RECORDED_RATE} Hz")
            return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def _write(path: Path, samples: NDArray[np.int16]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RECORDED_RATE)
        file.writeframes(samples.tobytes())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command; the exit status is 2 when something is missing."""
    parser = argparse.ArgumentParser(description="Speak all texts of a language into its folder.")
    parser.add_argument("language", nargs="?", default="en")
    parser.add_argument("folder", nargs="?", type=Path, help="elsewhere than in the package")
    options = parser.parse_args(arguments)
    try:
        generate(options.language, options.folder or Path(__file__).parent / options.language)
    except InputError as error:
        print(f"gaitcue: {error}", file=sys.stderr)  # noqa: T201 - this is a command
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

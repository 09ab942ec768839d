"""The phrases, as text and as sound."""

import io
import tomllib
import wave
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import butter, resample_poly, sosfilt

from gaitcue.cue.beats import SECONDS_PER_MINUTE
from gaitcue.cue.sounds.loudness import equally_loud
from gaitcue.cue.sounds.shape import eased
from gaitcue.cue.sounds.sound import SOUND_RATE, Waveform
from gaitcue.errors import InputError
from gaitcue.imu import FloatArray

RECORDED_RATE = 16_000
"""Samples a second of the recordings: what the engine gives. Up to 8 kHz is plain speech."""

LOWEST = 300.0
"""Hz below which the voice is taken back, as telephones do (ITU-T G.712): the hum of a voice takes
most of the peak, small loudspeakers do not give it, and the words are above it."""

PAUSE = 0.3
"""s of silence after a phrase before its loudness would count as that of the next."""

COUNT = ("one", "two", "step")


class Phrase(StrEnum):
    """What can be said."""

    LOOKING = "looking"
    SENSOR_FOUND = "sensor_found"
    NO_SENSOR = "no_sensor"
    WALK_STARTED = "walk_started"
    SENSOR_LOST = "sensor_lost"
    ONE_LOST = "one_lost"
    SENSOR_BACK = "sensor_back"
    NOT_WORN = "not_worn"
    WRONG_WAY = "wrong_way"
    BATTERY_LOW = "battery_low"
    NOT_HELPING = "not_helping"
    NOTED = "noted"
    SOUND_LOST = "sound_lost"
    SOUND_BACK = "sound_back"
    NOT_RECORDED = "not_recorded"
    STOPPED = "stopped"
    WALK_ENDED = "walk_ended"


def text_of(phrase: Phrase, language: str = "en") -> str:
    """What the phrase says; raises InputError when nothing is said in the language."""
    return str(texts(language)["status"][phrase])


@cache
def spoken(phrase: Phrase, language: str = "en") -> Waveform:
    """The phrase as sound, as loud as all sounds; raises InputError as `text_of` does."""
    sound = eased(recording(phrase, language))
    tempo = SECONDS_PER_MINUTE / (len(sound) / SOUND_RATE + PAUSE)
    return equally_loud((sound,), tempo)[0]


def counted(language: str = "en") -> tuple[FloatArray, ...]:
    """The words of a count: (n,) each, not yet levelled; raises InputError as `text_of` does."""
    return tuple(recording(word, language) for word in COUNT)


def recording(name: str, language: str) -> FloatArray:
    """What was recorded under that name, (n,) at `SOUND_RATE`."""
    with wave.open(io.BytesIO((_folder() / language / f"{name}.wav").read_bytes())) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    voice = resample_poly(samples / np.iinfo(np.int16).max, SOUND_RATE, RECORDED_RATE)
    return np.asarray(sosfilt(butter(4, LOWEST, "highpass", fs=SOUND_RATE, output="sos"), voice))


def texts(language: str) -> dict[str, Any]:
    """The file of a language: its voice, and texts by name.

    Raises
    ------
    InputError
        When nothing is said in that language.
    """
    path = _folder() / f"{language}.toml"
    if not path.is_file():
        known = sorted(Path(p.name).stem for p in _folder().iterdir() if p.name.endswith(".toml"))
        raise InputError(f"nothing is said in {language!r}: it is one of {', '.join(known)}")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _folder() -> Traversable:
    return files(__package__)

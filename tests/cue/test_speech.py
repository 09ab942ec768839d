import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from hearing import SOFT_RISE, levels, rise
from numpy.typing import NDArray

import gaitcue.cue.sounds.speech
from gaitcue.cue.sounds import SOUND_RATE
from gaitcue.cue.sounds.loudness import LOUDNESS, loudest_reading
from gaitcue.cue.sounds.speech import Phrase, counted, spoken, text_of
from gaitcue.cue.sounds.speech.generate import main
from gaitcue.errors import InputError

SYLLABLES = "aeiouy"
every_phrase = pytest.mark.parametrize("phrase", Phrase)


@every_phrase
def test_a_phrase_is_short_and_spoken_at_an_easy_pace(phrase: Phrase) -> None:
    length = len(spoken(phrase)) / SOUND_RATE
    assert 0.4 < length < 4.5
    vowels = sum(
        a in SYLLABLES and b not in SYLLABLES
        for a, b in zip(text_of(phrase).lower(), text_of(phrase)[1:] + " ", strict=True)
    )
    assert 2.0 < vowels / length < 5.5, "syllables a second, roughly; ordinary speech has 4 to 6"


@every_phrase
def test_a_phrase_is_as_loud_as_a_cue_and_begins_softly(phrase: Phrase) -> None:
    sound = spoken(phrase)
    assert loudest_reading(sound) == pytest.approx(LOUDNESS, abs=0.1)
    assert np.abs(sound).max() <= 1
    assert np.abs(sound[[0, -1]]).max() < 1e-4
    assert rise(sound[: SOUND_RATE // 10]) >= SOFT_RISE


@every_phrase
def test_a_phrase_has_the_spectrum_and_the_rhythm_of_speech(phrase: Phrase) -> None:
    sound = spoken(phrase).astype(float)
    power = np.abs(np.fft.rfft(sound)) ** 2
    frequency = np.fft.rfftfreq(len(sound), 1 / SOUND_RATE)

    def share(low: float, high: float) -> float:
        return float(power[(frequency >= low) & (frequency < high)].sum() / power.sum())

    assert share(300, 4000) > 0.6, "vowels"
    assert share(2000, 8000) > 0.01, "consonants"
    assert share(8000, 24_000) < 1e-3, "nothing that resampling made"
    spread = np.percentile(levels(sound, 0.02), [10, 90])
    assert spread[1] - spread[0] > 10, "syllables and pauses"


def test_no_two_phrases_sound_alike() -> None:
    sounds = [spoken(phrase) for phrase in Phrase]
    for k, one in enumerate(sounds):
        assert not any(np.array_equal(one, other) for other in sounds[:k])
    assert len({text_of(phrase) for phrase in Phrase}) == len(Phrase)


def test_the_words_of_a_count_fit_between_beats() -> None:
    words = counted()
    assert len(words) == 3
    assert max(map(len, words)) < 60 / 140 * SOUND_RATE


def test_a_language_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(InputError, match="nothing is said in 'xx': it is one of en"):
        text_of(Phrase.STOPPED, "xx")


@pytest.mark.skipif(shutil.which("flite") is None, reason="the speech engine flite is not here")
def test_the_recordings_are_what_the_engine_says(tmp_path: Path) -> None:
    assert main(["en", str(tmp_path)]) == 0
    shipped = Path(gaitcue.cue.sounds.speech.__file__).parent / "en"
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in shipped.iterdir()}
    for path in sorted(shipped.iterdir()):
        ours, again = samples(path), samples(tmp_path / path.name)
        assert len(ours) == pytest.approx(len(again), rel=0.02), path.name
        length = min(len(ours), len(again))
        assert np.corrcoef(ours[:length], again[:length])[0, 1] > 0.98, path.name


def test_without_the_engine_it_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError("flite")

    monkeypatch.setattr(subprocess, "run", missing)
    assert main(["en", str(tmp_path)]) == 2
    assert "the speech engine flite cannot be run" in capsys.readouterr().err
    assert main(["xx", str(tmp_path)]) == 2


def samples(path: Path) -> NDArray[np.float64]:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(float)

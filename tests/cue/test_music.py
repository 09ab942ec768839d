import sys
from pathlib import Path

import numpy as np
import pytest
from hearing import Samples
from scipy.ndimage import gaussian_filter1d

from gaitcue.cue.sounds import SOUND_RATE, check_sound, sound_named
from gaitcue.cue.sounds.loudness import LOUDNESS, loudest_reading
from gaitcue.cue.sounds.music import Music, in_octave
from gaitcue.cue.sounds.shape import one_round
from gaitcue.errors import InputError

soundfile = pytest.importorskip("soundfile")
pytest.importorskip("librosa")

SONG_TEMPO = 92.0


def drums(tempo: float, length: float) -> Samples:
    """A bar of drums and a chord over and over, each beat played up to 10 ms off."""
    random = np.random.default_rng(7)
    sound = np.zeros(round((length + 1) * SOUND_RATE))
    time = np.arange(round(0.25 * SOUND_RATE)) / SOUND_RATE
    low = np.sin(2 * np.pi * (60 * time + 3 * (1 - np.exp(-40 * time)))) * np.exp(-18 * time)
    drum = low + 0.3 * random.standard_normal(len(time)) * np.exp(-200 * time)
    snare = 0.4 * random.standard_normal(len(time)) * np.exp(-30 * time)
    for beat in range(int(length * tempo / 60)):
        at = round((0.4 + beat * 60 / tempo + random.uniform(-0.01, 0.01)) * SOUND_RATE)
        hit = drum if beat % 2 == 0 else snare
        chord = sum(
            np.sin(2 * np.pi * f * time) for f in ((220, 277, 330), (196, 247, 294))[beat // 4 % 2]
        )
        sound[at : at + len(time)] += hit + 0.1 * chord * np.exp(-6 * time)
    return 0.9 * sound / np.abs(sound).max()


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("music") / "my song.wav"
    channels = np.column_stack([drums(SONG_TEMPO, 40.0)] * 2)
    soundfile.write(path, channels, SOUND_RATE)
    return path


@pytest.fixture(scope="module")
def music(song: Path) -> Music:
    found = sound_named(f"music:{song}")
    assert isinstance(found, Music)
    return found


def strikes(heard: Samples, period: float, beats: int) -> Samples:
    """How late each beat is struck after its own time, s."""
    louder = np.maximum(
        np.diff(gaussian_filter1d(np.abs(heard), 0.004 * SOUND_RATE, mode="wrap")), 0
    )
    reach = round(0.08 * SOUND_RATE)
    around = np.arange(-reach, reach)
    return np.array(
        [
            around[np.argmax(louder.take(around + round(k * period * SOUND_RATE), mode="wrap"))]
            for k in range(beats)
        ]
    ) / SOUND_RATE  # fmt: skip


def test_the_tempo_of_the_music_is_found(music: Music) -> None:
    assert music.tempo == pytest.approx(SONG_TEMPO, rel=0.02)


@pytest.mark.parametrize("tempo", [75.0, 103.7])
def test_its_beats_are_struck_on_the_beats_of_the_cue(music: Music, tempo: float) -> None:
    beats = music.beats(tempo)
    late = strikes(one_round(beats, tempo).astype(float), 60 / tempo, len(beats))
    assert np.median(np.abs(late)) < 0.020
    assert np.mean(np.abs(late) < 0.045) > 0.85


@pytest.mark.parametrize("tempo", [60.0, 140.0])
def test_it_is_stretched_by_half_an_octave_at_most(music: Music, tempo: float) -> None:
    beats = music.beats(tempo)
    assert len(beats) in (16, 32, 64)
    assert all(
        len(beat) / SOUND_RATE == pytest.approx(60 / tempo + 0.016, abs=1e-3) for beat in beats
    )


def test_beats_are_doubled_or_left_out_until_the_stretch_is_small() -> None:
    at = np.arange(33) * 0.5  # 120 a minute
    assert np.diff(in_octave(at, 60)) == pytest.approx(1.0)
    assert np.diff(in_octave(at, 120)) == pytest.approx(0.5)
    assert np.diff(in_octave(at / 2, 100)) == pytest.approx(0.5)
    assert np.diff(in_octave(at * 2, 110)) == pytest.approx(0.5)


def test_it_goes_on_without_a_gap_and_is_no_louder_than_other_sounds(music: Music) -> None:
    heard = one_round(music.beats(100), 100)
    assert loudest_reading(heard) < LOUDNESS + 0.5
    assert np.abs(heard).max() <= 1
    steepest = np.abs(np.diff(heard)).max()
    assert np.abs(np.diff(heard[round(0.6 * SOUND_RATE) - 5 :][:10])).max() <= steepest


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cannot be read"),
        (b"not music at all", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_music_is_refused_in_words(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    path = tmp_path / "song.mp3"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=told):
        Music(path)


@pytest.mark.parametrize("seconds", [0.0, 0.01, 4.0, 12.0])
def test_music_without_beats_is_refused_in_words(tmp_path: Path, seconds: float) -> None:
    path = tmp_path / "hum.wav"
    time = np.arange(round(seconds * SOUND_RATE)) / SOUND_RATE
    soundfile.write(path, 0.0 * time, SOUND_RATE)
    with pytest.raises(InputError, match="at least 33 beats"):
        Music(path)


def test_without_the_extra_it_is_told_what_to_install(
    song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "librosa", None)
    with pytest.raises(InputError, match=r"pip install 'gaitcue\[music\]'"):
        sound_named(f"music:{song}")


def test_what_can_be_known_of_a_sound_at_once_is_known_at_once(song: Path, tmp_path: Path) -> None:
    check_sound(f"music:{song}")
    check_sound("tick")
    with pytest.raises(InputError, match="cannot be read"):
        check_sound(f"music:{tmp_path}")
    with pytest.raises(InputError, match="there is no sound 'bell'"):
        check_sound("bell")

"""Exactness: half an hour of beats through the real sound library, judged sample by sample.

The device is one of ALSA's plugins, which needs no hardware and takes sound as fast as it comes.
"""

import os
import subprocess
import sys
import threading
from ctypes.util import find_library
from pathlib import Path

import numpy as np
import pytest

from gaitcue.cue.sounds import SOUND_RATE

MINUTES = 30.0
TEMPI = (60.0, 100.0, 140.0)
SILENCE = 2400
"""Samples of nothing before a beat; the tick is over long before the next."""

READ = 1 << 20

ALSA = Path("/usr/share/alsa/alsa.conf")
CARD = """\
<{alsa}>
pcm.gaitcue {{
    type file slave.pcm "null" file "{file}" format "raw"
    hint {{ show on description "gaitcue" }}
}}
"""


def onsets(path: Path) -> np.ndarray:
    """Where in the float32 samples of a pipe each sound begins that follows silence."""
    found: list[np.ndarray] = []
    position, last, rest = 0, -SILENCE - 1, b""
    with path.open("rb") as file:
        while read := file.read(READ):
            read = rest + read
            whole = len(read) // 4 * 4
            rest = read[whole:]
            sound = np.flatnonzero(np.frombuffer(read[:whole], "<f4")) + position
            position += whole // 4
            if len(sound):
                quiet = np.diff(sound, prepend=last) > SILENCE
                found.append(sound[quiet])
                last = int(sound[-1])
    return np.concatenate(found)


@pytest.fixture(scope="module")
def beats(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """The samples on which the beats of all the cues began."""
    if not ALSA.exists() or not find_library("portaudio"):
        pytest.skip("PortAudio or ALSA is not installed: apt install libportaudio2")
    folder = tmp_path_factory.mktemp("card")
    pipe, config = folder / "sound.raw", folder / "asound.conf"
    os.mkfifo(pipe)
    config.write_text(CARD.format(alsa=ALSA, file=pipe))
    found: list[np.ndarray] = []
    listener = threading.Thread(target=lambda: found.append(onsets(pipe)))
    listener.start()
    program = Path(__file__).with_name("beat_into_card.py")
    played = subprocess.run(
        [sys.executable, program, "gaitcue", str(MINUTES), *map(str, TEMPI)],
        env={**os.environ, "ALSA_CONFIG_PATH": str(config)},
        capture_output=True,
        text=True,
    )
    if played.returncode:  # it may never have opened the pipe that the listener waits for
        os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK))
    listener.join()
    assert played.returncode == 0, played.stderr
    return found[0]


def test_half_an_hour_at_each_tempo_keeps_every_beat_on_its_sample(beats: np.ndarray) -> None:
    numbers = [round(MINUTES * tempo) for tempo in TEMPI]
    assert len(beats) == sum(numbers), "every beat, and none too many"
    ends = np.cumsum(numbers)
    for tempo, number, end in zip(TEMPI, numbers, ends, strict=True):
        cue = beats[end - number : end]
        exact = np.arange(number) * 60.0 / tempo * SOUND_RATE
        off = cue - cue[0] - exact
        assert np.abs(off).max() <= 1.0, "drift: nothing adds up"
        assert np.abs(np.diff(off)).max() < 1.0, "each interval within one sample"

"""How well what gaitcue says can be understood, by a recogniser that knows all of English.

``python -m benchmarks.speech`` with ``pip install pocketsphinx``: PocketSphinx (its own
acoustic model and language model for US English) hears every phrase as it is played, alone and
under noise with the spectrum of speech, and its words are compared with the phrase's.
A recogniser of this kind errs far more than a person: the figures compare voices and wordings.
"""

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder
from scipy.signal import resample_poly

from gaitcue.cue.sounds import SOUND_RATE
from gaitcue.cue.sounds.speech import Phrase, spoken, text_of

HEARD_RATE = 16_000
PAUSE = 0.3  # s of silence before and after
RATIOS = (None, 20.0, 10.0)  # dB of speech over noise


def main() -> None:
    """Print the share of words recognised at each ratio, and what was misheard without noise."""
    decoder = Decoder(samprate=HEARD_RATE, loglevel="FATAL")
    random = np.random.default_rng(1)
    everything = np.concatenate([spoken(phrase) for phrase in Phrase])
    for ratio in RATIOS:
        wrong = total = 0
        for phrase in Phrase:
            said = words(text_of(phrase))
            heard = words(hear(decoder, noisy(spoken(phrase), everything, ratio, random)))
            errors = distance(said, heard)
            wrong, total = wrong + errors, total + len(said)
            if ratio is None and errors:
                print(f"  {' '.join(said)}  ->  {' '.join(heard)}")
        noise = "no noise" if ratio is None else f"{ratio:g} dB over noise"
        print(f"{noise}: {wrong} of {total} words wrong ({100 * wrong / total:.0f} %)")


def noisy(
    speech: NDArray[np.float32],
    everything: NDArray[np.float32],
    ratio: float | None,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """The phrase at the recogniser's rate, in noise that has the spectrum of all phrases."""
    silence = np.zeros(round(PAUSE * SOUND_RATE))
    sound = np.concatenate([silence, speech.astype(float), silence])
    if ratio is not None:
        spectrum = np.abs(np.fft.rfft(everything, len(sound)))
        turned = spectrum * np.exp(2j * np.pi * random.random(len(spectrum)))
        noise = np.fft.irfft(turned, len(sound))
        power = np.mean(speech.astype(float) ** 2)
        sound += noise * np.sqrt(power / np.mean(noise**2) / 10 ** (ratio / 10))
    return np.asarray(resample_poly(sound, HEARD_RATE, SOUND_RATE))


def hear(decoder: Decoder, sound: NDArray[np.float64]) -> str:
    """What the recogniser takes the sound for."""
    decoder.start_utt()
    level = 0.5 * sound / np.abs(sound).max()
    decoder.process_raw((level * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return found.hypstr if found else ""


def words(text: str) -> list[str]:
    """In small letters, without points."""
    return "".join(c for c in text.lower() if c.isalpha() or c in " '").split()


def distance(said: list[str], heard: list[str]) -> int:
    """Words to insert, leave out or replace."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


if __name__ == "__main__":
    main()

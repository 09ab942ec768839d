"""A voice counts on the beats: one, two, step."""

import numpy as np
from scipy.signal import butter, sosfiltfilt

from gaitcue.cue.beats import SECONDS_PER_MINUTE
from gaitcue.cue.sounds.loudness import alike, equally_loud
from gaitcue.cue.sounds.shape import ATTACK, eased, smooth
from gaitcue.cue.sounds.sound import SOUND_RATE, Waveform
from gaitcue.cue.sounds.speech import counted
from gaitcue.imu import FloatArray

SYLLABLES = 10.0
"""Hz below which the envelope of speech is followed: syllables, not the pulses of the voice."""


def beat_of(word: FloatArray) -> int:
    """The sample of a spoken syllable that is heard as its beat.

    Words whose sounds begin at equal intervals are heard as uneven (Morton 1976, Psychological
    Review 83:405). The beat is taken where the energy of the syllable rises fastest, the model
    that Rathcke et al. (2024, J. Acoust. Soc. Am. 155:2698) found to hold for English.
    """
    silence = np.zeros(SOUND_RATE // 10)
    low = butter(2, SYLLABLES, fs=SOUND_RATE, output="sos")
    envelope = sosfiltfilt(low, np.concatenate([silence, np.abs(word), silence]))
    return max(int(np.argmax(np.diff(envelope))) - len(silence), 0)


class Count:
    """The three words over and over, so that the foot that steps at "step" changes."""

    name = "count"
    tempo_step = 4.0

    def beats(self, tempo: float) -> tuple[Waveform, ...]:
        """The words; what one has long before its beat is said at the end of the one before it.

        All are heard as late after their own beat as the first is (0.03 s).
        """
        words = alike([eased(word) for word in counted()])
        at = [beat_of(word) for word in words]
        period = round(SECONDS_PER_MINUTE / tempo * SOUND_RATE)
        longest = max(map(len, words))
        sounds = [np.zeros(period + longest) for _ in words]
        for k, (word, beat) in enumerate(zip(words, at, strict=True)):
            early = max(beat - at[0], 0)
            after = np.ones(len(word))
            if early:
                after = smooth((np.arange(len(word)) - early) / (ATTACK * SOUND_RATE))
                sounds[k - 1][period - early :][: len(word)] += word * (1 - after)
            sounds[k][: len(word) - early] += (word * after)[early:]
        return equally_loud(tuple(np.trim_zeros(sound, "b") for sound in sounds), tempo)

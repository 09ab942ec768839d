"""Three rising notes and a fourth that says: step. For somebody who cannot begin to walk."""

from gaitcue.cue.sounds.loudness import alike, equally_loud
from gaitcue.cue.sounds.sound import Waveform
from gaitcue.cue.sounds.tick import PITCH, knock

NOTES = (1.0, 5 / 4, 3 / 2, 2.0)
"""Pitch of each beat over the first: a major chord upwards, whose end everybody awaits."""

NOTE_DECAY, STEP_DECAY = 0.030, 0.075
"""s in which a note falls by a factor of e; the last one rings on. Our choice, by the shape."""

NOTE_LENGTH, STEP_LENGTH = 0.22, 0.40
"""s; the last is over within a beat at 140 steps/min (0.43 s)."""


class GetReady:
    """Played once, before a cue's own sound goes on with the beat."""

    name = "get_ready"
    tempo_step = 20.0

    def beats(self, tempo: float) -> tuple[Waveform, ...]:
        """Three notes to make ready by, and the note to step off at."""
        notes = [knock(PITCH * note, NOTE_DECAY, NOTE_LENGTH) for note in NOTES[:-1]]
        step = knock(PITCH * NOTES[-1], STEP_DECAY, STEP_LENGTH)
        return equally_loud(alike([*notes, step]), tempo)

"""Plain tables of motion that no reader knows: looked at, guessed, and the guess told.

`guess_recording` reads such a file as a recording with one sensor; its `note` says how.
"""

from gaitcue.recording.formats.guess import guess_recording

__all__ = ["guess_recording"]

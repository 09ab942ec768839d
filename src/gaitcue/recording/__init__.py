"""Recorded walks: reading them from any file, and writing them as walk folders.

`open_recordings` reads whatever a path holds, corrected by `ReadOptions`; `write_walk` and
`write_walks` write the walk folders of ``docs/reference/recordings.md``. `model` says what a
recording is; `arrays` and `grid` put rows with counters or time stamps on the uniform time grid;
publishers' layouts are in `datasets`, and the guess at a table nobody knows in `formats`.
"""

from gaitcue.recording.find import open_recordings
from gaitcue.recording.options import ReadOptions
from gaitcue.recording.walk import write_walk, write_walks

__all__ = ["ReadOptions", "open_recordings", "write_walk", "write_walks"]

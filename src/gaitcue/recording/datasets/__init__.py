"""Readers of published labelled data sets, each in its publisher's own layout.

`find_dataset` tells which one a folder or zip holds, and `Dataset.recordings` reads it recording
by recording; `read_publisher_file` reads a single file of a known layout. What each set holds,
its traps and how to cite it stands in ``docs/reference/datasets.md``.

A further set is one file here with a `Dataset` in it, added to the registry; from outside, a
package offers its `Dataset` in the entry point group ``gaitcue.formats``.
"""

from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.registry import find_dataset, read_publisher_file

__all__ = ["Dataset", "File", "find_dataset", "read_publisher_file"]

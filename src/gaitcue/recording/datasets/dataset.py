"""What a reader of a published data set is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from gaitcue.recording.datasets.files import File, walk
from gaitcue.recording.model import Recording


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set whose layout is known.

    Attributes
    ----------
    name
        Short, and the `source` of its recordings.
    main_file
        Given any file, the one that stands for its recording: the file itself for most, the file
        it belongs to for a companion, None for a file of another layout. It looks at names and at
        the first lines, never at the name of the folder alone.
    read
        The recordings that the given main files hold, in their order, one at a time.
    """

    name: str
    main_file: Callable[[File], File | None]
    read: Callable[[Iterable[File]], Iterator[Recording]]

    def claims(self, file: File) -> bool:
        """Whether `file` stands for a recording of this data set."""
        found = self.main_file(file)
        return found is not None and found.name == file.name

    def recordings(self, root: Traversable) -> Iterator[Recording]:
        """All recordings below `root`, a folder or the root of a zip, in the order of names.

        Raises
        ------
        InputError
            When a file is damaged.
        """
        return self.read(file for file in walk(root) if self.claims(file))

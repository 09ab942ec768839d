"""Finding the data set that a folder, a zip or a file belongs to."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path

from gaitcue.errors import InputError
from gaitcue.recording.datasets.daphnet import DAPHNET
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.files import file_on_disk, walk
from gaitcue.recording.datasets.gaitmap_example import GAITMAP_EXAMPLE
from gaitcue.recording.datasets.ipol265 import IPOL265
from gaitcue.recording.datasets.mobgap_example import MOBGAP_EXAMPLE
from gaitcue.recording.datasets.oxford_steps import OXFORD_STEPS
from gaitcue.recording.datasets.sisfall import SISFALL
from gaitcue.recording.datasets.stanford_lumbar import STANFORD_LUMBAR
from gaitcue.recording.datasets.tdcsfog import TDCSFOG
from gaitcue.recording.datasets.turning_in_place import TURNING_IN_PLACE
from gaitcue.recording.datasets.umafall import UMAFALL
from gaitcue.recording.datasets.voisard497 import VOISARD497
from gaitcue.recording.datasets.weda_fall import WEDA_FALL
from gaitcue.recording.model import Recording

DATASETS = (
    DAPHNET, GAITMAP_EXAMPLE, IPOL265, MOBGAP_EXAMPLE, OXFORD_STEPS, SISFALL, STANFORD_LUMBAR,
    TDCSFOG, TURNING_IN_PLACE, UMAFALL, VOISARD497, WEDA_FALL,
)  # fmt: skip

ENTRY_POINTS = "gaitcue.formats"
"""Entry point group in which other packages offer a `Dataset` of their own."""

MOST_FILES = 100_000
"""Files looked at below a folder: no data set is larger, but a home folder may be."""


def find_dataset(root: Traversable) -> Dataset | None:
    """The data set in a folder or zip; `root` may be any folder that holds the set or part of it.

    Raises
    ------
    InputError
        When there are several data sets in it, or an installed reader cannot be loaded.
    """
    known = list(_known())
    found: list[Dataset] = []
    for file in islice(walk(root), MOST_FILES):
        found += [d for d in known if d not in found and d.claims(file)]
    if len(found) > 1:
        names = ", ".join(dataset.name for dataset in found)
        raise InputError(f"{root} holds several data sets ({names}): give the folder of one")
    return found[0] if found else None


def read_publisher_file(path: Path) -> Recording | None:
    """The recording that one file on disk belongs to, None when its layout is not known.

    What the publisher keeps in files next to it or above it is read from there.

    Raises
    ------
    InputError
        When the file is damaged, or holds several recordings.
    """
    file = file_on_disk(path)
    for dataset in _known():
        main = dataset.main_file(file)
        if main is None:
            continue
        recordings = list(dataset.read([main]))
        if len(recordings) != 1:
            names = ", ".join(recording.name for recording in recordings) or "none"
            raise InputError(
                f"{path} holds {len(recordings)} recordings ({names}): give the folder it is in"
            )
        return recordings[0]
    return None


def _known() -> Iterator[Dataset]:
    """The data sets of this package, then those that other packages offer."""
    yield from DATASETS
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        try:
            dataset = entry.load()
        except Exception as error:
            raise InputError(
                f"the reader {entry.name!r} ({entry.value}) cannot be loaded: {error}"
            ) from error
        if not isinstance(dataset, Dataset):
            raise InputError(f"the reader {entry.name!r} ({entry.value}) is not a Dataset")
        yield dataset

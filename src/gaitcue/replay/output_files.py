"""Where the files that a replay writes go: one file for one walk, a folder for several."""

import re
from pathlib import Path

from gaitcue.errors import InputError


class OutputFiles:
    """Names the files of one kind, such as the sound of each walk.

    Parameters
    ----------
    target
        A file name that ends in `suffix`, for the only walk; else a folder, made when needed, that
        gets a file for every walk.
    suffix
        Of the files, with its dot.
    several
        Whether there is more than one walk.

    Raises
    ------
    InputError
        When there are several walks for one file.
    """

    def __init__(self, target: Path, suffix: str, *, several: bool) -> None:
        self._target, self._suffix = target, suffix
        self._is_file = target.suffix.lower() == suffix
        self._given: set[str] = set()
        if self._is_file and several:
            raise InputError(
                f"{target} is one file and there are several walks: give a folder, which gets a "
                f"{suffix} file for each of them"
            )

    def path(self, walk: str) -> Path:
        """The file for the walk of that name; two of the same name get files of their own."""
        if self._is_file:
            return self._target
        try:
            self._target.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"the folder {self._target} cannot be made ({error.strerror})"
            ) from error
        plain = re.sub(r"[^\w.-]+", "_", walk).strip("._") or "walk"
        name, number = plain, 1
        while name in self._given:
            number += 1
            name = f"{plain}-{number}"
        self._given.add(name)
        return self._target / f"{name}{self._suffix}"

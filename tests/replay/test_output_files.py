from pathlib import Path

import pytest

from gaitcue.errors import InputError
from gaitcue.replay.output_files import OutputFiles


def test_a_file_name_is_taken_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "Cues.WAV"
    assert OutputFiles(file, ".wav", several=False).path("any walk") == file


def test_a_folder_gets_a_file_of_its_own_for_every_walk(tmp_path: Path) -> None:
    outputs = OutputFiles(tmp_path / "new" / "sound", ".wav", several=True)
    names = [outputs.path(name).name for name in ("S01/walk 1", "S01_walk_1", "../..", "ä", "")]
    assert names == ["S01_walk_1.wav", "S01_walk_1-2.wav", "walk.wav", "ä.wav", "walk-2.wav"]
    assert (tmp_path / "new" / "sound").is_dir()


def test_several_walks_do_not_fit_in_one_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give a folder"):
        OutputFiles(tmp_path / "cues.wav", ".wav", several=True)


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InputError, match="cannot be made"):
        OutputFiles(tmp_path / "taken", ".wav", several=True).path("walk")

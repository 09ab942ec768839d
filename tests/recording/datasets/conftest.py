import publishers
import pytest


@pytest.fixture(scope="session")
def homes(tmp_path_factory):
    """A folder for each data set, to be read only."""
    folders = {}
    for name, write in publishers.WRITERS.items():
        folders[name] = tmp_path_factory.mktemp("sets") / "download" / name
        folders[name].mkdir(parents=True)
        write(folders[name])
    return folders

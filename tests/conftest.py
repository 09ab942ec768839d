"""Settings for all tests, and the sound server that some of them play on."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from null_sink import NullSink, missing

# The same examples on every run, and no verdict by the clock of a busy machine.
settings.register_profile("gaitcue", derandomize=True, deadline=None)
settings.load_profile("gaitcue")


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[NullSink]:
    """A sound server that processes started by this one use."""
    if said := missing():
        pytest.skip(said)
    # Not pytest's own folder, whose path is too long for a socket's.
    with tempfile.TemporaryDirectory(prefix="sink") as folder:
        sink = NullSink(Path(folder))
        for name, value in sink.variables.items():
            monkeypatch.setenv(name, value)
        try:
            yield sink
        finally:
            sink.stop()

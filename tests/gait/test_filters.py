"""Filters give what scipy's do, however their input is cut."""

import numpy as np
import pytest
from scipy import signal

from gaitcue.gait.filters import Butterworth

VALUES = np.random.default_rng(0).normal(size=(300, 5))


def test_a_butterworth_is_that_of_scipy_at_rest_before():
    sections = signal.butter(2, (1.5, 3.0), "bandpass", output="sos", fs=100)
    filters = Butterworth(2, (1.5, 3.0), "bandpass", 100)
    out = np.concatenate([filters(VALUES[:7]), filters(VALUES[7:])])
    rest = signal.sosfilt_zi(sections)[:, :, np.newaxis] * VALUES[0]
    expected, _ = signal.sosfilt(sections, VALUES, axis=0, zi=rest)
    assert out == pytest.approx(expected, abs=1e-12)

"""The settings that a recorded walk was made with, and what becomes of broken ones."""

from typing import Any

import pytest

from gaitcue.errors import InputError
from gaitcue.recording.model import Recording
from gaitcue.replay.settings import settings_of


@pytest.mark.parametrize(
    "settings",
    [
        {"profile": "loud"},
        {"sensitivity": "high"},
        {"coach": [1]},
        {"coach": {"mode": "never"}},
        {"corrections": [1]},
        {"corrections": {"nowhere": {"model": "m", "values": [0.0]}}},
        {"corrections": {"waist": 5}},
        {"corrections": {"waist": {"values": [0.0]}}},
        {"corrections": {"waist": {"model": "m", "values": ["much"]}}},
        {"corrections": {"waist": {"model": "m", "values": [float("nan")]}}},
    ],
)
def test_broken_settings_are_told_in_one_sentence(settings: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        settings_of(Recording(name="walk", subject="", sensors=(), settings=settings))

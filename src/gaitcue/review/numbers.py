"""All numbers of a summary as plain data for other programs."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from gaitcue.recording.model import Sensor
from gaitcue.review.summary import WalkSummary


def numbers(summary: WalkSummary) -> dict[str, Any]:
    """The summary as JSON's types, under its attributes' names and in SI units."""
    plain: dict[str, Any] = _plain(summary)
    return plain


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        hidden = {"read", "records"} if isinstance(value, Sensor) else set()
        return {
            f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name not in hidden
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value

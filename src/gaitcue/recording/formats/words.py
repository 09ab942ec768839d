"""What the names of columns and files say in the words that people use."""

import re
from itertools import pairwise

from gaitcue.imu import Placement, Side

_PLACEMENTS = {
    Placement.LOWER_BACK: {"lowerback", "back", "lumbar", "l5", "lb"},
    Placement.WAIST: {"waist", "hip", "belt", "pelvis"},
    Placement.SHANK: {"shank", "ankle", "shin"},
    Placement.THIGH: {"thigh", "pocket"},
    Placement.FOOT: {"foot", "shoe", "instep"},
    Placement.WRIST: {"wrist"},
    Placement.CHEST: {"chest", "sternum"},
    Placement.HEAD: {"head", "forehead"},
}
_SIDES = {Side.LEFT: {"left", "l"}, Side.RIGHT: {"right", "r"}}

_AXES = {
    "x": 0, "y": 1, "z": 2, "v": 0, "ml": 1, "ap": 2,
    "vertical": 0, "mediolateral": 1, "anteroposterior": 2,
}  # fmt: skip
_ACC = re.compile(r"^(lin)?a(cc(el(eration|erometer)?)?)?(?=$|_)|acc", re.IGNORECASE)
_GYR = re.compile(r"^(g|w|omega|rot)(?=$|_)|gyr|angular|rotation", re.IGNORECASE)

_TIME_UNITS = {
    "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0,
    "ms": 1e-3, "msec": 1e-3, "millis": 1e-3, "milliseconds": 1e-3,
    "us": 1e-6, "µs": 1e-6, "micros": 1e-6, "microseconds": 1e-6,
    "ns": 1e-9, "nanos": 1e-9, "nanoseconds": 1e-9,
}  # fmt: skip
_TIME = {"t", "time", "timestamp", "timestamps", "epoch", "clock", "elapsed", "datetime", "seconds"}
_COUNTER = {"sample", "samples", "index", "idx", "counter", "packetcounter", "frame", "row", "n"}


def tokens(text: str) -> list[str]:
    """The words of a name: ``LeftAnkle_accX`` is left, ankle, acc, x."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text)
    return [word.lower() for word in re.split(r"[^A-Za-z0-9µ]+", spaced) if word]


def placement_in(text: str) -> Placement | None:
    """The one placement that a name speaks of."""
    words = tokens(text)
    words += [a + b for a, b in pairwise(words)]
    found = {place for place, names in _PLACEMENTS.items() if names & set(words)}
    return found.pop() if len(found) == 1 else None


def side_in(text: str) -> Side | None:
    """The one side that a name speaks of."""
    words = set(tokens(text))
    found = {side for side, names in _SIDES.items() if names & words}
    return found.pop() if len(found) == 1 else None


def axis_in(name: str) -> tuple[str, int] | None:
    """What is left of a column's name without its axis, and the axis (0 to 2)."""
    words = tokens(name)
    for position, word in reversed(list(enumerate(words))):
        if word in _AXES:
            return "_".join(words[:position] + words[position + 1 :]), _AXES[word]
    for position, word in enumerate(words):
        if len(word) > 1 and word[-1] in "xyz" and (_ACC.match(word[:-1]) or _GYR.match(word[:-1])):
            return "_".join([*words[:position], word[:-1], *words[position + 1 :]]), _AXES[word[-1]]
    return None


def is_acc(stem: str) -> bool:
    """Whether a column's name without its axis means acceleration."""
    return bool(_ACC.search(stem))


def is_gyr(stem: str) -> bool:
    """Whether a column's name without its axis means angular rate."""
    return bool(_GYR.search(stem))


def is_time(name: str) -> bool:
    """Whether a column's name means time."""
    words = tokens(name)
    return bool(words) and (bool(_TIME & set(words)) or any(w.startswith("time") for w in words))


def is_counter(name: str) -> bool:
    """Whether a column's name means a count of samples."""
    words = tokens(name)
    return "".join(words) in _COUNTER or (bool(words) and words[0] in _COUNTER)


def time_unit_in(name: str) -> float | None:
    """The seconds in one unit of a time column's name."""
    return next((_TIME_UNITS[word] for word in tokens(name)[1:] if word in _TIME_UNITS), None)


def acc_unit_in(name: str) -> str | None:
    """The unit of acceleration in a column's name."""
    low = name.lower().replace("²", "2").replace("^", "")
    if re.search(r"m\W?_?s_?-?2|m/s/s|mps2|ms-2", low):
        return "m/s2"
    if re.search(r"[(\[_ ]mg\b", low):
        return "mg"
    return "g" if re.search(r"[(\[_ ]g\b", low) else None


def gyr_unit_in(name: str) -> str | None:
    """The unit of angular rate in a column's name."""
    low = name.lower()
    if "rad" in low:
        return "rad/s"
    return "deg/s" if re.search(r"deg|dps|°", low) else None

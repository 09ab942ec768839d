"""A calibration walk: how far the walker really went makes speed and step length personal."""

import math
from collections.abc import Iterable

from gaitcue.errors import InputError
from gaitcue.events import Event, Turn, WalkingBoutEnd

FEWEST_STEPS = 8
"""A walk of fewer steps tells too little: the half steps at its ends weigh more than its error."""

SHARPEST_TURN = math.pi / 2
"""rad: a trunk moves otherwise in a turn, so that a walk with one cannot calibrate the others."""

LEAST, MOST = 0.6, 1.6
"""Factors outside come from a wrong distance or a sensor that was worn elsewhere; the 13 people of
voisard497 lie between 0.9 and 1.2."""


def speed_factor(events: Iterable[Event], distance: float) -> float:
    """What a trunk sensor's speed must be multiplied by, from one straight walk of known distance.

    The walk begins and ends standing, so the body covers about half a step before the first
    initial contact and half after the last one that is seen: one step is added to the way between.

    Parameters
    ----------
    events
        Of the walk, tracked with a factor of 1.
    distance
        Walked, m.

    Raises
    ------
    InputError
        When the walk is not one straight walk, or does not fit the distance.
    """
    known = list(events)
    bouts = [e for e in known if isinstance(e, WalkingBoutEnd) and e.steps >= FEWEST_STEPS]
    if len(bouts) != 1:
        raise InputError(
            f"there are {len(bouts)} stretches of {FEWEST_STEPS} steps or more in it; "
            "to calibrate, record one straight walk without a stop, begun and ended standing"
        )
    bout = bouts[0]
    if any(
        isinstance(e, Turn) and abs(e.angle) >= SHARPEST_TURN and bout.start < e.time < bout.time
        for e in known
    ):
        raise InputError("there is a turn in it; to calibrate, record one straight walk")
    if not bout.distance:
        raise InputError("its speed could not be told, so nothing can be calibrated")
    estimated = bout.distance * bout.steps / (bout.steps - 1)
    factor = distance / estimated
    if not LEAST <= factor <= MOST:
        raise InputError(
            f"it looks like {estimated:.1f} m, not like {distance:g} m; was the distance given in "
            "metres, and the sensor worn where it is said to be?"
        )
    return factor


def checked_factor(factor: float) -> float:
    """The factor, if it can be one.

    Raises
    ------
    InputError
        When it cannot.
    """
    if not LEAST <= factor <= MOST:
        raise InputError(
            f"speed_factor must be from {LEAST:g} to {MOST:g}, as gaitcue calibrate writes it, "
            f"not {factor:g}"
        )
    return factor

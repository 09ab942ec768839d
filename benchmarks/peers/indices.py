"""Freeze indices over the motion up to each tick: power in the freeze band over the locomotor band.

All are natural logarithms. Windows end at the tick, so that nothing after it is seen; before a
window is full it begins with the first value repeated.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import detrend
from scipy.signal.windows import dpss

from gaitcue.imu import FloatArray

LOCOMOTOR, FREEZE = (0.5, 3.0), (3.0, 8.0)
"""Hz (Moore et al. 2008, J Neurosci Methods 167:340)."""

LEAST = 1e-6
"""(m/s²)²: added to every power, below what any sensor reads at rest."""


def indices(signal: FloatArray, rate: float, ticks: NDArray[np.intp]) -> dict[str, FloatArray]:
    """Index and power at each of the `ticks`, by name.

    ``moore``: 6 s (Moore et al. 2008, there around the moment; here before it). ``baechlin``: 4 s,
    with the power in both bands (Bächlin et al. 2010, IEEE Trans Inf Technol Biomed 14:436).
    ``multitaper``: 5 s, linear trend removed, four Slepian tapers of time half bandwidth 2.5
    (Schaer et al. 2025, Front Neurol 16:1528963), without the smoothing after it, which would only
    add to its delay. ``recent``: 4 s whose weights rise linearly to the newest sample.
    """
    four, five, six = (round(seconds * rate) for seconds in (4, 5, 6))
    ramp = np.arange(1, four + 1) / four
    tapers = dpss(five, 2.5, 4, sym=False)
    moore, _ = _index(signal, ticks, rate, np.ones((1, six)))
    baechlin, baechlin_power = _index(signal, ticks, rate, np.ones((1, four)))
    multitaper, _ = _index(signal, ticks, rate, tapers, trend=True)
    recent, recent_power = _index(signal, ticks, rate, ramp[np.newaxis])
    return {
        "moore": moore,
        "baechlin": baechlin,
        "baechlin power": baechlin_power,
        "multitaper": multitaper,
        "recent": recent,
        "recent power": recent_power,
    }


def _index(
    signal: FloatArray,
    ticks: NDArray[np.intp],
    rate: float,
    tapers: FloatArray,
    *,
    trend: bool = False,
) -> tuple[FloatArray, FloatArray]:
    """Logarithms of the index, and of the mean square in both bands together, (m/s²)²."""
    n = tapers.shape[1]
    padded = np.concatenate([np.repeat(signal[:1], n - 1), signal])
    windows = np.lib.stride_tricks.sliding_window_view(padded, n)[ticks]
    frequency = np.fft.rfftfreq(n, 1 / rate)
    powers = np.zeros((len(ticks), 2)) + LEAST
    for taper in tapers:
        level = windows @ np.abs(taper) / np.abs(taper).sum()
        level_free = detrend(windows) if trend else windows - level[:, np.newaxis]
        spectrum = np.abs(np.fft.rfft(level_free * taper)) ** 2
        scale = 2 / (n * (taper**2).sum() * len(tapers))
        for column, (low, high) in enumerate((LOCOMOTOR, FREEZE)):
            powers[:, column] += scale * spectrum[:, (frequency >= low) & (frequency < high)].sum(
                axis=1
            )
    return np.log(powers[:, 1] / powers[:, 0]), np.log(powers.sum(axis=1))

"""What goes wrong between a sensor and a host, on demand: a seeded change of timed notifications.

The same notifications, faults and seed give the same result, bit for bit. Every kind of fault draws
from its own random numbers, so that asking for one more leaves the others where they are.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

HOUR = 3600.0
"""s."""
MINUTE = 60.0
"""s."""


@dataclass(frozen=True, slots=True)
class Notification:
    """Bytes of a characteristic: on the way in, sent at `time` s; on the way out, arrived then."""

    time: float
    characteristic: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The link is gone at `time` s; it can be had again at `until` s, or never (infinity)."""

    time: float
    until: float


@dataclass(frozen=True, slots=True)
class Connected:
    """The link is there again at `time` s, and the host has started the sensor anew."""

    time: float


Happening = Notification | Disconnected | Connected


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong and how often; by default nothing.

    Attributes
    ----------
    loss, duplicates, reordered, wrong_bytes
        Percent of notifications that never arrive, arrive twice, arrive after the one that was
        sent after them, and have one byte changed or their end cut off.
    jitter
        Mean extra delay of a notification, s, exponentially distributed. As on a real link, the
        order is kept: one that is late holds up those behind it.
    bursts, longest_burst
        Times a minute that the link withholds notifications and then delivers them at once, for up
        to so many s.
    stalls, longest_stall
        The same for long ones, times an hour.
    disconnects, longest_outage
        Times an hour that the link breaks, for up to so many s. What was under way is lost.
    skew
        How much the sensor's clock is fast, parts per million.
    battery
        Charge at the start, percent; 1 is used up every minute, and at 0 the link breaks for good.
        None: as good as new for ever.
    """

    loss: float = 0.0
    jitter: float = 0.0
    bursts: float = 0.0
    longest_burst: float = 0.5
    stalls: float = 0.0
    longest_stall: float = 15.0
    disconnects: float = 0.0
    longest_outage: float = 5.0
    skew: float = 0.0
    duplicates: float = 0.0
    reordered: float = 0.0
    wrong_bytes: float = 0.0
    battery: int | None = None

    def __post_init__(self) -> None:
        for name in ("loss", "duplicates", "reordered", "wrong_bytes"):
            if not 0 <= getattr(self, name) <= 100:
                raise ValueError(f"{name} must be 0 to 100 percent, not {getattr(self, name)}")
        for name in ("jitter", "bursts", "stalls", "disconnects"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be 0 or more, not {getattr(self, name)}")
        for name in ("longest_burst", "longest_stall", "longest_outage"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be above 0 s, not {getattr(self, name)}")
        if not abs(self.skew) < 1e6:
            raise ValueError(f"skew must be below a million ppm, not {self.skew}")
        if self.battery is not None and not 0 < self.battery <= 100:
            raise ValueError(f"battery must be 1 to 100 percent, not {self.battery}")

    def charge(self, elapsed: float) -> int:
        """Of the battery, percent, `elapsed` s after the start."""
        return 100 if self.battery is None else max(0, self.battery - int(elapsed // MINUTE))

    @property
    def lifetime(self) -> float:
        """How long the battery lasts from the start, s."""
        return math.inf if self.battery is None else self.battery * MINUTE


def apply_faults(
    notifications: Iterable[Notification], faults: Faults, seed: int, *, start: float = 0.0
) -> Iterator[Happening]:
    """What the host sees of `notifications` over a bad link, in order of time.

    Parameters
    ----------
    notifications
        Timed by the sensor's clock, in order; taken one by one, so that there may be no end. At 0 s
        it agrees with the host's, and the battery has its first charge.
    start
        When the link begins, s.
    """
    (bytes_, twice, swap, lose, late, burst, stall, cut) = (
        np.random.default_rng([seed, kind]) for kind in range(8)
    )
    sent = (replace(each, time=each.time / (1 + faults.skew * 1e-6)) for each in notifications)
    damaged = _damage(sent, faults.wrong_bytes, bytes_)
    kept = (each for each in damaged if not _by_chance(faults.loss, lose))
    carried = _carry(
        kept,
        jitter=faults.jitter,
        late=late,
        holds=(
            _Spells(burst, faults.bursts / MINUTE, faults.longest_burst, start),
            _Spells(stall, faults.stalls / HOUR, faults.longest_stall, start),
        ),
        outages=_Spells(cut, faults.disconnects / HOUR, faults.longest_outage, start),
        empty=faults.lifetime,
    )
    # Last, so that neither reaches over a break of the link.
    return _swap(_repeat(carried, faults.duplicates, twice), faults.reordered, swap)


def _by_chance(percent: float, rng: np.random.Generator) -> bool:
    return percent > 0 and rng.random() * 100 < percent


def _damage(
    sent: Iterable[Notification], percent: float, rng: np.random.Generator
) -> Iterator[Notification]:
    """One byte in such a notification is another, or its end is missing."""
    for each in sent:
        if each.value and _by_chance(percent, rng):
            at = int(rng.integers(len(each.value)))
            if rng.random() < 0.5:
                value = each.value[:at]
            else:
                other = each.value[at] ^ int(rng.integers(1, 256))
                value = each.value[:at] + bytes([other]) + each.value[at + 1 :]
            yield replace(each, value=value)
        else:
            yield each


def _repeat(
    link: Iterable[Happening], percent: float, rng: np.random.Generator
) -> Iterator[Happening]:
    for each in link:
        yield each
        if isinstance(each, Notification) and _by_chance(percent, rng):
            yield each


def _swap(
    link: Iterable[Happening], percent: float, rng: np.random.Generator
) -> Iterator[Happening]:
    """Such a notification comes right after the one behind it; times stay in order."""
    held: Notification | None = None
    for each in link:
        if held is not None:
            if isinstance(each, Notification):
                yield each
                yield replace(held, time=each.time)
            else:
                yield held
                yield each
            held = None
        elif isinstance(each, Notification) and _by_chance(percent, rng):
            held = each
        else:
            yield each
    if held is not None:
        yield held


class _Spells:
    """Spells of trouble: `rate` a second at random, each 20 to 100 % of `longest` s."""

    def __init__(self, rng: np.random.Generator, rate: float, longest: float, start: float) -> None:
        self._rng, self._rate, self._longest = rng, rate, longest
        self.start = self.end = start
        self.advance()

    def advance(self) -> None:
        """Go on to the next spell."""
        pause = self._rng.exponential(1 / self._rate) if self._rate else math.inf
        self.start = self.end + pause
        self.end = self.start + self._longest * self._rng.uniform(0.2, 1.0)

    def end_of(self, time: float) -> float:
        """When the spell at `time` ends, s; `time` itself if there is none."""
        while time >= self.end:
            self.advance()
        return self.end if time >= self.start else time


def _carry(
    sent: Iterable[Notification],
    *,
    jitter: float,
    late: np.random.Generator,
    holds: tuple[_Spells, ...],
    outages: _Spells,
    empty: float,
) -> Iterator[Happening]:
    """Delay what is sent, and lose what is under way when the link breaks."""
    arrival = -math.inf
    connected = True
    for each in sent:
        if connected and each.time >= min(outages.start, empty):
            for_good = empty <= outages.end
            at = min(outages.start, empty)
            yield Disconnected(at, math.inf if for_good else outages.end)
            if for_good:
                return
            connected = False
        if not connected:
            if each.time >= outages.end:  # lost too: the host is only just starting the sensor
                connected = True
                outages.advance()
                arrival = each.time
                yield Connected(each.time)
            continue
        delay = late.exponential(jitter) if jitter else 0.0
        arrival = max(arrival, each.time + delay, *(hold.end_of(each.time) for hold in holds))
        if arrival < min(outages.start, empty):
            yield replace(each, time=arrival)

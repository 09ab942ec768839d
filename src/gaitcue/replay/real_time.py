"""Replaying as slowly as it happened."""

import time
from collections.abc import Callable, Iterable, Iterator

from gaitcue.events import Event


def in_real_time(
    events: Iterable[Event],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Event]:
    """Hold each event back until as much time has passed as had when it was decided."""
    offset: float | None = None
    for event in events:
        if offset is None:
            offset = clock() - event.decided
        ahead = event.decided + offset - clock()
        if ahead > 0:
            sleep(ahead)
        yield event

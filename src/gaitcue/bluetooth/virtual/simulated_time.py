"""An asyncio loop without waiting: when nothing else is left to do, its clock leaps ahead."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Leaping(selectors.SelectSelector):
    """Waits for nothing; what would have been waited for is added to `now` s."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            return super().select(None)  # nothing is planned: only the world outside can go on
        if not ready and timeout is not None:
            self.now += max(0.0, timeout)
        return ready


class SimulatedTimeLoop(asyncio.SelectorEventLoop):
    """For code that talks to nothing outside of the process: an hour of sleeping takes no time."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        """Simulated time, s."""
        return self._leaping.now


def run_in_simulated_time(coroutine: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, without waiting."""
    with asyncio.Runner(loop_factory=SimulatedTimeLoop) as runner:
        return runner.run(coroutine)

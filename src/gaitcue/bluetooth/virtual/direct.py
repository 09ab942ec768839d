"""A host joined to a virtual sensor by nothing but function calls."""

import asyncio
from collections.abc import Callable

from gaitcue.bluetooth.virtual.sensor import Values, VirtualSensor


class DirectLink:
    """A `Link` to `sensor`; what is read or notified goes to `received`.

    What is written takes `there` s, and what is notified in answer `back` s, on the loop's clock.
    """

    def __init__(
        self,
        sensor: VirtualSensor,
        received: Callable[[str, bytes], None],
        *,
        there: float = 0.0,
        back: float = 0.0,
    ) -> None:
        self._sensor = sensor
        self._received = received
        self._there, self._back = there, back
        self._subscribed: set[str] = set()
        self._waiting: list[tuple[str, Callable[[bytes], bool], asyncio.Future[bytes]]] = []

    async def read(self, characteristic: str) -> bytes:
        """The characteristic's value, which goes to `received` too."""
        value = self._sensor.read(characteristic)
        self._received(characteristic, value)
        return value

    async def write(self, characteristic: str, value: bytes, *, response: bool = True) -> None:  # noqa: ARG002
        """Write `value`."""
        await asyncio.sleep(self._there)
        answer = self._sensor.write(characteristic, value)
        await asyncio.sleep(self._back)
        self._deliver(answer)

    async def subscribe(self, characteristic: str) -> None:
        """Have its notifications delivered from now on."""
        if characteristic not in self._subscribed:
            self._subscribed.add(characteristic)
            self._deliver(self._sensor.subscribed(characteristic, on=True))

    async def reply(
        self, characteristic: str, matches: Callable[[bytes], bool], timeout: float
    ) -> bytes:
        """The first notification of `characteristic` that `matches`; raises TimeoutError."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append((characteristic, matches, answer))
        return await asyncio.wait_for(answer, timeout)

    @property
    def largest_notification(self) -> int:
        """Bytes that fit into one."""
        return self._sensor.largest_notification

    def _deliver(self, values: Values) -> None:
        for characteristic, value in values:
            if characteristic in self._subscribed:
                self._received(characteristic, value)
                for name, matches, answer in self._waiting:
                    if name == characteristic and not answer.done() and matches(value):
                        answer.set_result(value)
        self._waiting = [each for each in self._waiting if not each[2].done()]

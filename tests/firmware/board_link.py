"""The real host's `Link` to a simulated board, on an event loop of simulated time."""

import asyncio
from collections.abc import Callable

from simulated_board import Output, SimulatedBoard

STEP = 0.010
"""s of simulated time between two looks at what the board has sent."""
SMALLEST_MTU = 23


class BoardLink:
    """What is written takes `there` s, and what is sent `back` s.

    `received` takes characteristic and value of all that is read or sent; `outputs` keeps all that
    the board did. `offset` is to be added to the loop's time for the world's.
    """

    def __init__(
        self,
        board: SimulatedBoard,
        received: Callable[[str, bytes], None],
        *,
        mtu: int = 247,
        there: float = 0.015,
        back: float = 0.015,
    ) -> None:
        self.outputs: list[Output] = []
        self._board, self._received, self._mtu = board, received, mtu
        self._there, self._back = there, back
        self._loop = asyncio.get_running_loop()
        self.offset = board.time - self._loop.time()
        self._subscribed: set[str] = set()
        self._waiting: list[tuple[str, Callable[[bytes], bool], asyncio.Future[bytes]]] = []
        self._up = True
        self._take(board.command("connect", mtu))
        self._living = asyncio.ensure_future(self._live())

    async def read(self, characteristic: str) -> bytes:
        await asyncio.sleep(self._there + self._back)
        value = self._board.read(characteristic)
        self._received(characteristic, value)
        return value

    async def write(self, characteristic: str, value: bytes, *, response: bool = True) -> None:
        await asyncio.sleep(self._there)
        if not self._up:
            raise OSError("the link is lost")
        self._catch_up()
        self._take(self._board.write(characteristic, value))
        if response:
            await asyncio.sleep(self._back)

    async def subscribe(self, characteristic: str) -> None:
        self._subscribed.add(characteristic)

    async def reply(
        self, characteristic: str, matches: Callable[[bytes], bool], timeout: float
    ) -> bytes:
        answer: asyncio.Future[bytes] = self._loop.create_future()
        entry = (characteristic, matches, answer)
        self._waiting.append(entry)
        try:
            return await asyncio.wait_for(answer, timeout)
        finally:
            self._waiting.remove(entry)

    @property
    def largest_notification(self) -> int:
        return self._mtu - 3

    def lose(self) -> None:
        """The link is lost; time goes on for the board."""
        self._catch_up()
        self._up = False
        self._take(self._board.command("disconnect"))

    async def close(self) -> None:
        self._catch_up()
        self._living.cancel()
        await asyncio.gather(self._living, return_exceptions=True)

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(STEP)
            self._catch_up()

    def _catch_up(self) -> None:
        self._take(self._board.run_until(self._loop.time() + self.offset))

    def _take(self, outputs: list[Output]) -> None:
        self.outputs += outputs
        for output in outputs:
            if output.what in ("notify", "indicate") and self._up:
                at = output.time - self.offset + self._back
                value = bytes.fromhex(output.rest[1])
                self._loop.call_at(at, self._deliver, output.rest[0], value)

    def _deliver(self, characteristic: str, value: bytes) -> None:
        if characteristic not in self._subscribed or not self._up:
            return
        self._received(characteristic, value)
        for wanted, matches, answer in self._waiting:
            if wanted == characteristic and not answer.done() and matches(value):
                answer.set_result(value)

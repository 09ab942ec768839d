"""A connected sensor that answers by a script, and the byte vectors of a device."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Answer = Callable[[str, bytes], Iterable[tuple[str, bytes]]]


@dataclass
class ScriptedLink:
    """Does what a `Link` does; `answer` gives the notifications that follow a write.

    A reply that the answer to the next write does not bring is out of time at once.
    """

    answer: Answer = field(default=lambda *_: ())
    values: Mapping[str, bytes] = field(default_factory=dict)
    largest_notification: int = 244
    subscribed: list[str] = field(default_factory=list)
    written: list[tuple[str, str]] = field(default_factory=list)
    notified: list[tuple[str, bytes]] = field(default_factory=list)
    waiting: list[tuple[str, Callable[[bytes], bool], "asyncio.Future[bytes]"]] = field(
        default_factory=list
    )

    async def read(self, characteristic: str) -> bytes:
        return self.values[characteristic]

    async def write(self, characteristic: str, value: bytes, *, response: bool = True) -> None:  # noqa: ARG002
        self.written.append((characteristic, value.hex()))
        for source, notification in self.answer(characteristic, value):
            assert source in self.subscribed, f"{source} is not subscribed"
            self.notified.append((source, notification))
            for waiting in list(self.waiting):
                wanted, matches, future = waiting
                if wanted == source and not future.done() and matches(notification):
                    future.set_result(notification)
        for _, _, future in self.waiting:
            if not future.done():
                future.set_exception(TimeoutError())
        self.waiting.clear()

    async def subscribe(self, characteristic: str) -> None:
        if characteristic not in self.subscribed:
            self.subscribed.append(characteristic)

    async def reply(
        self,
        characteristic: str,
        matches: Callable[[bytes], bool],
        timeout: float,  # noqa: ARG002
    ) -> bytes:
        assert characteristic in self.subscribed
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.waiting.append((characteristic, matches, future))
        return await future


def vectors(device: str) -> dict[str, dict]:
    """What a vector is to the vector."""
    path = Path(__file__).parent / "vectors" / f"{device}.json"
    return {vector["what"]: vector for vector in json.loads(path.read_text(encoding="utf-8"))}

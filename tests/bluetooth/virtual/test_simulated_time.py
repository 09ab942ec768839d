"""Sleeping takes no time, and everything still happens in its order."""

import asyncio

from gaitcue.bluetooth.virtual import run_in_simulated_time


def test_an_hour_passes_in_order() -> None:
    woken: list[tuple[float, str]] = []

    async def sleeper(name: str, seconds: float) -> None:
        for _ in range(3):
            await asyncio.sleep(seconds)
            woken.append((asyncio.get_running_loop().time(), name))

    async def both() -> float:
        await asyncio.gather(sleeper("slow", 1200), sleeper("slower", 1300))
        return asyncio.get_running_loop().time()

    assert run_in_simulated_time(both()) == 3900
    assert [name for _, name in woken] == ["slow", "slower"] * 3
    assert [at for at, _ in woken] == [1200, 1300, 2400, 2600, 3600, 3900]

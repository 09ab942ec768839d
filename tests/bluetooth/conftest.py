"""Running a scenario on bleak's own backend against a fake BlueZ."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from fake_bluez import FakeBluez

Scenario = Callable[[FakeBluez], Coroutine[Any, Any, None]]


@pytest.fixture
def with_bluez(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Run a scenario against a fake BlueZ; a hung one fails after `limit` s."""

    def run(scenario: Scenario, *, limit: float = 20.0, **options: bool) -> None:
        async def main() -> None:
            bluez = FakeBluez(tmp_path / "bus", **options)
            monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bluez.address)
            async with asyncio.timeout(limit), bluez:
                await scenario(bluez)

        asyncio.run(main())

    return run

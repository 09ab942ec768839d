"""Running a scenario on bleak's own backend against a fake BlueZ."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from fake_bluez import FakeBluez

Scenario = Callable[[FakeBluez], Coroutine[Any, Any, None]]

HUNG_AFTER = 180.0
"""s after which a scenario fails that came to no end: far more than any takes on a busy machine."""


@pytest.fixture
def with_bluez(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Run a scenario against a fake BlueZ; a hung one fails."""

    def run(scenario: Scenario, **options: bool) -> None:
        async def main() -> None:
            bluez = FakeBluez(tmp_path / "bus", **options)
            monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bluez.address)
            async with asyncio.timeout(HUNG_AFTER), bluez:
                await scenario(bluez)

        asyncio.run(main())

    return run

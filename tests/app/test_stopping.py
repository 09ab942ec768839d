"""What the system asks to end ends in order."""

import asyncio
import signal

from gaitcue.app.stopping import stopped_by_signals


def test_what_runs_under_nohup_outlives_its_terminal() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)

    async def scenario() -> None:
        with stopped_by_signals() as stop:
            signal.raise_signal(signal.SIGHUP)
            await asyncio.sleep(0)
            assert not stop.is_set()

    try:
        asyncio.run(scenario())
    finally:
        signal.signal(signal.SIGHUP, before)

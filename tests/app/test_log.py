"""What a walk keeps is written while the disk is waited for, each event after its records."""

import asyncio
import threading
from pathlib import Path

import pytest

from gaitcue.app import log as logs
from gaitcue.app.log import EVENTS_FILE, Log
from gaitcue.events import Button, Press
from gaitcue.recording.live import RAW_FILE
from gaitcue.recording.raw import Record, RecordKind, read_raw


def test_a_disk_that_is_waited_for_holds_up_neither_records_nor_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, done = threading.Event(), threading.Event()

    def slow(_: int) -> None:
        waiting.set()
        done.wait()

    monkeypatch.setattr("os.fsync", slow)
    monkeypatch.setattr(logs, "SYNC_EVERY", 0.0)
    record = Record(RecordKind.END, 0, 1)
    events = tmp_path / EVENTS_FILE

    async def scenario() -> None:
        with Log(tmp_path) as log:
            try:
                waiting.wait()
                log.put(record)
                log.put(Press(time=0.0, decided=0.0, button=Button.STOP))
                async with asyncio.timeout(60):
                    while not (events.exists() and events.read_text().endswith("\n")):
                        await asyncio.sleep(0)
                assert list(read_raw(tmp_path / RAW_FILE)) == [record]
            finally:
                done.set()

    asyncio.run(scenario())

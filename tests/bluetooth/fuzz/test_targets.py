"""The fuzz targets hold for what they begin with, and can fail; ``fuzz.py`` runs them for long."""

import numpy as np
import pytest
from laws import KINDS, Heard, decoded
from targets import TARGETS, Target

from gaitcue.bluetooth.device import Frame
from gaitcue.bluetooth.devices import DEVICES


def test_every_device_is_fuzzed() -> None:
    assert {kind.device for kind in KINDS} == set(DEVICES)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_promises_hold_for_the_seeds_and_their_neighbours(target: Target) -> None:
    random = np.random.default_rng(1)
    seeds = target.seeds()
    assert seeds
    for seed in seeds:
        target.one(seed)
        for _ in range(3):
            changed = bytearray(seed)
            for at in random.integers(0, max(1, len(seed)), 3).tolist():
                changed[at : at + 1] = random.bytes(1)
            target.one(bytes(changed))


SIGNALLING_NAN = bytes.fromhex("0100a07f")


@pytest.mark.parametrize(
    "script",
    [
        ("movesense", 0, b"\x02\x0a" + bytes(4) + SIGNALLING_NAN * 6),
        ("movella-dot", 0, bytes(4) + SIGNALLING_NAN * 6),
        ("openearable", 0, b"\x00\x24" + bytes(8) + SIGNALLING_NAN * 9),
        ("arduino", 0, SIGNALLING_NAN * 3),
    ],
    ids=lambda script: script[0],
)
def test_a_signalling_nan_is_no_sample_and_no_warning(script) -> None:
    name, which, value = script
    (kind,) = (kind for kind in KINDS if kind.device.name == name)
    assert decoded(kind, kind.device().decoder(), Heard(), kind.characteristics[which], value) == []


def test_a_signalling_nan_of_a_polar_sensor_is_no_sample_and_no_warning() -> None:
    (kind,) = (kind for kind in KINDS if kind.device.name == "polar-verity")
    decoder, heard = kind.device().decoder(), Heard()
    started, frame = b"\xf0\x02\x05\x00\x00", b"\x05" + bytes(8) + b"\x81" + SIGNALLING_NAN * 3
    for which, value in ((0, started), (1, frame)):
        assert decoded(kind, decoder, heard, kind.characteristics[which], value) == []


def test_a_number_in_two_notifications_is_in_what_was_heard() -> None:
    (kind,) = (kind for kind in KINDS if kind.device.name == "movesense")
    decoder, heard = kind.device().decoder(), Heard()
    packet = bytes(4) + b"\x01\x02\x03\x04" * 6
    for mark, part in ((2, packet[:10]), (3, packet[10:])):
        value = bytes([mark, 10]) + part
        messages = decoded(kind, decoder, heard, kind.characteristics[0], value)
    assert len(messages) == 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.device.name)
def test_a_made_up_sample_is_seen(kind) -> None:
    made_up = Frame(acc=np.array([[1.23456, 0, 0]]), gyr=None, index=0, ticks=0)
    with pytest.raises((AssertionError, IndexError)):
        decoded(kind, lambda *_: [made_up], Heard(), kind.characteristics[0], bytes(28))

"""The vectors are as their script writes them, and the virtual sensor answers by them."""

import importlib.util
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from gaitcue.bluetooth.devices import gaitcue_sensor as protocol
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.bluetooth.virtual.sensors.gaitcue_sensor import ACC_UNIT, GYR_UNIT
from gaitcue.imu import STANDARD_GRAVITY

FOLDER = Path(__file__).parents[2] / "firmware" / "vectors"
CONTROL = json.loads((FOLDER / "control.json").read_text(encoding="utf-8"))
MOTION = json.loads((FOLDER / "motion.json").read_text(encoding="utf-8"))
STREAMING = {protocol.START, protocol.STOP, protocol.SYNC}


def test_their_script_writes_them() -> None:
    spec = importlib.util.spec_from_file_location("write_vectors", FOLDER / "write_vectors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    texts = module.texts()
    assert {path.name for path in FOLDER.glob("*.json")} == set(texts)
    for name, text in texts.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"run {spec.origin} anew"


@pytest.mark.parametrize("what", sorted({each["what"] for each in CONTROL}))
def test_every_request_and_answer_fits_the_smallest_mtu(what: str) -> None:
    (vector,) = (each for each in CONTROL if each["what"] == what)
    assert len(bytes.fromhex(vector["request"])) <= 20
    assert len(bytes.fromhex(vector["answer"])) <= 20


@pytest.mark.parametrize(
    "vector",
    [
        each
        for each in CONTROL
        if bytes.fromhex(each["request"])[0] in STREAMING
        and each.get("axes") != 3
        and "acceleration only" not in each["what"]
    ],
    ids=lambda each: each["what"],
)
def test_the_virtual_sensor_answers_what_it_can_do(vector: dict) -> None:
    sensor = VIRTUAL_SENSORS["gaitcue"]()
    sensor.largest_notification = vector["mtu"] - 3
    sensor.clock = lambda: vector["us"] / 1e6
    ((source, answer),) = sensor.write(protocol.CONTROL, bytes.fromhex(vector["request"]))
    assert source == protocol.CONTROL
    assert answer.hex() == vector["answer"]


@pytest.mark.parametrize(
    "vector",
    [each for each in MOTION if each["layout"] == 2 and not each["overran"]],
    ids=lambda each: each["what"],
)
def test_the_virtual_sensor_packs_motion_data(vector: dict) -> None:
    sensor = VIRTUAL_SENSORS["gaitcue"]()
    counts = np.array(vector["counts"])
    acc = counts[:, :3] * ACC_UNIT * STANDARD_GRAVITY
    gyr = np.radians(counts[:, 3:] * GYR_UNIT)
    ((source, value),) = sensor.encode(acc, gyr, 0)
    assert source == protocol.MOTION
    expected = bytes.fromhex(vector["bytes"])
    head = struct.unpack_from("<BB", value)
    assert head == struct.unpack_from("<BB", expected)
    assert value[8:] == expected[8:]

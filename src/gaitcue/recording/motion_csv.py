"""The motion of one sensor as CSV in our own form, described in ``docs/reference/recordings.md``.

Lines of ``# key: value`` say what the sensor was; then a header line with units, and a row for
each sample of the uniform grid with empty cells where it is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gaitcue.errors import InputError
from gaitcue.events import DataProblem
from gaitcue.imu import FloatArray, Placement, Samples, Side
from gaitcue.recording.arrays import grid_samples
from gaitcue.recording.clock import Clock
from gaitcue.recording.flaws import RowFlaws
from gaitcue.recording.model import Sensor
from gaitcue.recording.options import ReadOptions
from gaitcue.recording.table import LONGEST_LINE, Layout, open_bytes, read_rows
from gaitcue.recording.units import acc_factor, gyr_factor, typical_size, unit_by_gravity

MARK = "# gaitcue motion"
VERSION = 1
ACC_COLUMNS = ("acc_x_m_s2", "acc_y_m_s2", "acc_z_m_s2")
GYR_COLUMNS = ("gyr_x_rad_s", "gyr_y_rad_s", "gyr_z_rad_s")

MOST_HEADER_LINES = 1000
"""A longer top is none."""

GRID_STEP = 0.6
"""Of a sample: our own rows are the grid, which follows its clock by up to half a sample."""


def header_lines(sensor: Sensor, subject: str) -> str:
    """What stands above the rows of a sensor."""
    lines = [
        f"{MARK} {VERSION}",
        f"# sensor: {sensor.name}",
        f"# subject: {subject}",
        f"# placement: {'unknown' if sensor.placement is None else sensor.placement.value}",
        f"# side: {sensor.side.value}",
        f"# rate: {float(sensor.rate)!r}",
        f"# gravity: {'true' if sensor.gravity else 'false'}",
        f"# device: {' '.join(sensor.device.split())}",
        ",".join(("time_s", *ACC_COLUMNS, *(GYR_COLUMNS if sensor.gyroscope else ()))),
    ]
    return "\n".join(lines) + "\n"


def row_lines(samples: Samples) -> str:
    """The rows of a block; every number reads back to the last bit."""
    columns = [samples.time[:, None], samples.acc]
    if samples.gyr is not None:
        columns.append(samples.gyr)
    rows = np.hstack(columns).tolist()
    text = "".join([",".join(map(repr, row)) + "\n" for row in rows])
    return text.replace("nan", "")


def is_motion_csv(path: Path) -> bool:
    """Whether the file says that it is of this form."""
    with open_bytes(path) as file:
        return file.read(len(MARK) + 3).removeprefix(b"\xef\xbb\xbf").startswith(MARK.encode())


def read_motion_csv(path: Path, options: ReadOptions) -> tuple[Sensor, str]:
    """The sensor whose motion is in `path`, and the subject's pseudonym.

    Raises
    ------
    InputError
        Here or while the sensor is read, when the file is not of the form it says it is.
    """
    header = read_header(path)
    placement = options.placement
    try:
        if header.said.get("placement", "unknown") != "unknown":
            placement = Placement(header.said["placement"])
        side = Side(header.said.get("side", "none"))
        rate = float(header.said["rate"])
        gravity = {"true": True, "false": False}[header.said.get("gravity", "true")]
    except (KeyError, ValueError) as error:
        raise InputError(
            f"{path}: the lines '# rate:', '# placement:', '# side:' and '# gravity:' at the top "
            f"must be of this form ({error})"
        ) from error
    if not 0 < rate < float("inf"):
        raise InputError(f"{path}: the rate must be above 0 Hz, not {header.said['rate']}")
    sensor = Sensor(
        name=header.said.get("sensor") or path.stem,
        placement=placement,
        side=options.side if side is Side.NONE and options.side else side,
        rate=rate,
        gyroscope=header.gyroscope,
        gravity=gravity,
        device=header.said.get("device", ""),
        read=_nothing,
    )
    return with_motion(sensor, path, options), header.said.get("subject", "")


def with_motion(sensor: Sensor, path: Path, options: ReadOptions) -> Sensor:
    """`sensor` with its motion read from `path`."""
    options.check_unused("rate", "columns", known=f"{path} says itself how it is to be read")
    scale = np.ones(6)
    if options.acc_unit:
        scale[:3] = acc_factor(options.acc_unit)
    if options.gyr_unit:
        scale[3:] = gyr_factor(options.gyr_unit)
    return replace(sensor, read=lambda: _samples(sensor, path, scale))


def _nothing() -> Iterator[Samples | DataProblem]:
    return iter(())


def _samples(sensor: Sensor, path: Path, scale: FloatArray) -> Iterator[Samples | DataProblem]:
    """One pass over the motion in `path`; `scale` (6,) is what its numbers are multiplied by."""
    header = read_header(path)
    if header.gyroscope != sensor.gyroscope:
        raise InputError(
            f"{path} has {'a' if header.gyroscope else 'no'} gyroscope, other than walk.json says"
        )
    width = 7 if header.gyroscope else 4
    layout = Layout(",", width, header.first_row)
    plain = bool((scale == 1).all())
    flaws = RowFlaws(path)

    def batches() -> Iterator[tuple[FloatArray, FloatArray]]:
        checked = not sensor.gravity
        for rows in read_rows(path, layout, list(range(width)), ends_with_newline=True):
            flaws.add(rows)
            values = rows.values[:, 1:]
            if not plain:
                values = values * scale[: width - 1]
            if not checked:
                checked = check_gravity(values[:, :3], path)
            if len(values):
                yield rows.values[:, 0], values

    yield from flaws.told(
        grid_samples(
            batches(),
            Clock(sensor.rate, 0.0),
            placement=sensor.placement,
            side=sensor.side,
            gravity=sensor.gravity,
            exact=GRID_STEP,
        )
    )


def check_gravity(acc: FloatArray, path: Path) -> bool:
    """Whether `acc` (n, 3) m/s² could be checked for holding gravity, as it should.

    Raises
    ------
    InputError
        When it does not, and is rather in another unit.
    """
    size = typical_size(acc)
    if size is None:
        return False
    unit = unit_by_gravity(size)
    if unit is not None and unit != "m/s2":
        raise InputError(
            f"{path}: acceleration is about {size:.3g} where gravity makes it 9.8 m/s²; if these "
            f"are {unit}, pass --acc-unit {unit}; if gravity was taken out, the file must say so"
        )
    return True


@dataclass(frozen=True, slots=True)
class Header:
    """The top of a motion file: what its ``#`` lines say, and where its rows begin (from 1)."""

    said: dict[str, str]
    gyroscope: bool
    first_row: int


def read_header(path: Path) -> Header:
    """Read the lines above the rows.

    Raises
    ------
    InputError
        When they are not those of this form and version.
    """
    said: dict[str, str] = {}
    with open_bytes(path) as file:
        for number in range(1, MOST_HEADER_LINES):
            line = file.readline(LONGEST_LINE).decode("utf-8-sig", "replace").strip()
            if number == 1:
                _check_version(line, path)
            elif line.startswith("#"):
                key, _, value = line[1:].partition(":")
                said[key.strip()] = value.strip()
            else:
                break
    names = tuple(name.strip() for name in line.split(","))
    for gyroscope, expected in ((False, ACC_COLUMNS), (True, ACC_COLUMNS + GYR_COLUMNS)):
        if names == ("time_s", *expected):
            return Header(said, gyroscope, number + 1)
    raise InputError(
        f"{path}, line {number}: expected the header {','.join(('time_s', *ACC_COLUMNS))} with or "
        f"without {','.join(GYR_COLUMNS)}"
    )


def _check_version(line: str, path: Path) -> None:
    version = line.removeprefix(MARK).strip()
    if not line.startswith(MARK) or not version.isdecimal():
        raise InputError(f"{path}, line 1: expected '{MARK} {VERSION}'")
    if int(version) > VERSION:
        raise InputError(
            f"{path} is of version {version} of its form, and this gaitcue reads up to version "
            f"{VERSION}: get a newer gaitcue"
        )

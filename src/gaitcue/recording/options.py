"""What a user may say about a file that the file does not say, or says wrongly."""

from dataclasses import dataclass

from gaitcue.errors import InputError
from gaitcue.imu import Placement, Side


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Corrections of what a file says; None leaves it to the file.

    Attributes
    ----------
    placement, side
        Where the sensor was worn.
    rate
        Sampling rate, Hz.
    acc_unit, gyr_unit
        Unit of the acceleration (``m/s2``, ``g``, ``mg``) and angular rate (``rad/s``, ``deg/s``).
    columns
        Which columns to read, by name or by number from 1: three of acceleration, then three of
        angular rate if there are any, optionally led by the time column: 3, 4, 6 or 7 names.
    """

    placement: Placement | None = None
    side: Side | None = None
    rate: float | None = None
    acc_unit: str | None = None
    gyr_unit: str | None = None
    columns: tuple[str, ...] | None = None

    def check_unused(self, *fields: str, known: str) -> None:
        """Refuse corrections of what is known for certain, as the sentence `known` says.

        Raises
        ------
        InputError
            When one of the `fields` is given.
        """
        for name in fields:
            if getattr(self, name) is not None:
                flag = f"--{name.replace('_', '-')}"
                raise InputError(f"{known}: leave {flag} out")

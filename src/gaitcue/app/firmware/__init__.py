"""Putting gaitcue's own firmware onto boards and watches, one file a kind.

`INSTALLERS` holds what can be installed on by the name of the command line. An installer takes
which device, of several near, and says what it does in lines for people.
"""

from collections.abc import Callable

from gaitcue.app.firmware.banglejs import install_banglejs

Say = Callable[[str], None]

INSTALLERS: dict[str, Callable[[str, Say], None]] = {"banglejs": install_banglejs}

__all__ = ["INSTALLERS", "Say", "install_banglejs"]

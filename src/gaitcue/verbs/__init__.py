"""The verbs of the command, one file each: parse, call, print.

`VERBS` adds each one's flags to the command; `reading` holds what several of them share.
"""

from collections.abc import Callable
from typing import Any

from gaitcue.verbs.adapting import add_adapt
from gaitcue.verbs.beating import add_metronome
from gaitcue.verbs.calibrating import add_calibrate
from gaitcue.verbs.firmware import add_firmware
from gaitcue.verbs.importing import add_import
from gaitcue.verbs.pretending import add_virtual
from gaitcue.verbs.replaying import add_replay
from gaitcue.verbs.scoring import add_score
from gaitcue.verbs.sensing import add_record, add_sensors
from gaitcue.verbs.simulating import add_simulate
from gaitcue.verbs.sounding import add_speakers
from gaitcue.verbs.trying import add_trial
from gaitcue.verbs.walking import add_walk

VERBS: tuple[Callable[[Any], None], ...] = (
    add_walk,
    add_calibrate,
    add_adapt,
    add_replay,
    add_import,
    add_score,
    add_simulate,
    add_sensors,
    add_record,
    add_virtual,
    add_metronome,
    add_speakers,
    add_trial,
    add_firmware,
)

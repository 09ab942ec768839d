"""What a command costs: CPU time and peak memory of its whole process, from its very start."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU time of all threads, s, and peak resident memory, MB."""

    cpu: float
    memory: float


def cost_of(command: Sequence[str]) -> Cost:
    """Run the command to its end, as one numerical thread.

    Raises
    ------
    CalledProcessError
        When it fails.
    """
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    with subprocess.Popen(command, env=os.environ | alone) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

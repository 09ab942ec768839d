"""The real bluetoothd, where the kernel that `build_kernel` makes is there: see ``checks.py``."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).with_name("run")
NO_KERNEL = 3


@pytest.mark.skipif(sys.platform != "linux", reason="BlueZ is Linux's")
def test_the_checks_pass_on_the_real_bluetoothd() -> None:
    environment = os.environ | {"PYTHON": sys.executable}
    done = subprocess.run([RUN], env=environment, capture_output=True, text=True)
    if done.returncode == NO_KERNEL:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stdout + done.stderr

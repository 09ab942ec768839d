"""The command as a whole."""

import subprocess
import sys

import pytest

from gaitcue.cli import main
from gaitcue.verbs import VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_tells_its_flags(verb, capsys):
    with pytest.raises(SystemExit) as done:
        main([verb, "--help"])
    assert done.value.code == 0
    assert f"usage: gaitcue {verb}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], ["dance"], []])
def test_who_asks_for_no_verb_is_told_all_of_them(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    told = "".join(capsys.readouterr())
    if arguments:
        assert all(verb in told for verb in VERBS)
    assert "VERB" in told


def test_a_verb_loads_no_other():
    code = (
        "import sys, contextlib\n"
        "from gaitcue.cli import main\n"
        "with contextlib.suppress(SystemExit): main(['replay', '--help'])\n"
        "print(*(name for name in sys.modules if name.startswith('gaitcue.verbs.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert "gaitcue.verbs.replaying" in loaded
    assert not {"gaitcue.verbs.walking", "gaitcue.verbs.scoring"} & set(loaded)

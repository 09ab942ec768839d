"""Environments of the peers, made when first asked for: their pins clash with each other's.

They are kept in the folder that GAITCUE_PEERS names, ``~/.cache/gaitcue/peers`` without it; delete
it to have them made anew.
"""

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent / "packages"


@dataclass(frozen=True, slots=True)
class Environment:
    """Packages of one peer, and the file in `packages` that runs it on what it is given.

    `requirements` is empty for what runs in the environment of the benchmark itself.
    """

    name: str
    script: str
    requirements: tuple[str, ...] = ()

    def command(self, *arguments: str | Path) -> list[str]:
        """How to run the peer on `arguments`."""
        return [str(self._python()), str(HERE / self.script), *map(str, arguments)]

    def run(self, *arguments: str | Path) -> None:
        """Run the peer; raises CalledProcessError when it fails."""
        subprocess.run(self.command(*arguments), check=True)

    def _python(self) -> Path:
        if not self.requirements:
            return Path(sys.executable)
        home = os.environ.get("GAITCUE_PEERS")
        folder = (Path(home) if home else Path.home() / ".cache" / "gaitcue" / "peers") / self.name
        python, made = folder / "bin" / "python", folder / "made-of.txt"
        wanted = "\n".join(self.requirements)
        if not (made.exists() and made.read_text() == wanted):
            print(f"installing {', '.join(self.requirements)} into {folder}", file=sys.stderr)
            venv.create(folder, clear=True, with_pip=True)
            pip = [str(python), "-m", "pip", "install", "--quiet", *self.requirements]
            subprocess.run(pip, check=True)
            made.write_text(wanted)
        return python

"""What the files that run a package share; nothing but numpy, as it runs in their environments."""

import json
import sys
import traceback
import warnings
from pathlib import Path


def main(walk):
    """Run `walk` on every recording in a folder: [ARGUMENTS] FOLDER OUT.json.

    One that fails is told with its reason, as that is a result too.
    """
    warnings.simplefilter("ignore")
    *arguments, folder, out = sys.argv[1:]
    told = {}
    for path in sorted(Path(folder).glob("*.npz")):
        try:
            told[path.stem] = walk(path, *arguments)
        except Exception:
            told[path.stem] = {"error": traceback.format_exc(limit=-1)}
    Path(out).write_text(json.dumps(told))

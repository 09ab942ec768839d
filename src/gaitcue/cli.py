"""The command ``gaitcue``: one command, few verbs."""

import argparse
import sys
from collections.abc import Sequence

import gaitcue
from gaitcue.errors import InputError
from gaitcue.verbs import VERBS, add_verb


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the process's exit status: 0 done, 1 found wanting, 2 bad input."""
    parser = argparse.ArgumentParser(prog="gaitcue", description=gaitcue.__doc__)
    parser.add_argument("--version", action="version", version=f"gaitcue {gaitcue.__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    arguments = sys.argv[1:] if arguments is None else arguments
    for verb in [arguments[0]] if arguments and arguments[0] in VERBS else VERBS:
        add_verb(verb, verbs)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except InputError as error:
        print(f"gaitcue: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; there is nobody to tell
        return 1
    except KeyboardInterrupt:
        print("gaitcue: stopped", file=sys.stderr)
        return 130

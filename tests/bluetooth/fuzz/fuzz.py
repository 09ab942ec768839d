"""Look for bytes that break a promise: ``python tests/bluetooth/fuzz/fuzz.py [--seconds 1200]``.

Needs atheris (the extra ``fuzz``), which steers random change by the lines that it reaches. The
time is shared by all targets. What breaks one is left in the corpus folder as ``crash-...``; give
the file to ``test_targets.py`` as an example once it is mended.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path


def main() -> int:
    """Run every target for its share of the time; 1 if one was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1200.0)
    parser.add_argument("--corpus", type=Path, help="kept and used again; by default thrown away")
    parser.add_argument("--target", default="", help="only those whose name contains this")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.alone:
        _fuzz(options.alone, rest)
    from targets import TARGETS  # noqa: PLC0415 - above, they must be imported instrumented

    names = [target.name for target in TARGETS if options.target in target.name]
    if not names:
        parser.error(f"there is no target {options.target!r}")
    with tempfile.TemporaryDirectory() as passing:
        corpus = options.corpus or Path(passing)
        broken = [not _run(name, options.seconds / len(names), corpus) for name in names]
    return int(any(broken))


def _run(name: str, seconds: float, corpus: Path) -> bool:
    from targets import TARGETS  # noqa: PLC0415

    folder = corpus / name.replace(" ", "_")
    folder.mkdir(parents=True, exist_ok=True)
    (target,) = (each for each in TARGETS if each.name == name)
    for number, seed in enumerate(target.seeds()):
        (folder / f"seed-{number}").write_bytes(seed)
    done = subprocess.run(
        [
            sys.executable,
            __file__,
            "--alone",
            name,
            str(folder),
            f"-max_total_time={max(1, round(seconds))}",
            "-max_len=2000",
            "-timeout=20",
            "-print_final_stats=1",
            f"-artifact_prefix={folder}/",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    ran = re.search(r"number_of_executed_units: *(\d+)", done.stderr)
    sys.stdout.write(f"{name}: {ran.group(1) if ran else 'no'} inputs, ")
    sys.stdout.write("nothing found\n" if done.returncode == 0 else f"BROKEN\n{_why(done)}\n")
    sys.stdout.flush()
    return done.returncode == 0


def _why(done: subprocess.CompletedProcess[str]) -> str:
    """The traceback, which atheris prints, and where the input was left."""
    _, found, traceback = (done.stdout + done.stderr).partition("Uncaught Python exception")
    left = re.search(r"Test unit written to .*", done.stderr)
    traceback, _, _ = traceback.partition("INFO: Instrumenting")
    shown = found + traceback[:3000] if found else done.stderr[-3000:]
    return f"{shown}\n{left.group() if left else ''}"


def _fuzz(name: str, arguments: list[str]) -> None:
    import atheris  # noqa: PLC0415

    warnings.simplefilter("error")
    with atheris.instrument_imports(include=["gaitcue"]):
        from targets import TARGETS  # noqa: PLC0415
    (target,) = (each for each in TARGETS if each.name == name)
    atheris.Setup([sys.argv[0], *arguments], target.one)
    atheris.Fuzz()  # ends the process


if __name__ == "__main__":
    sys.exit(main())

"""Published systems beside gaitcue: the same recordings, the same scorer, in one run.

``python -m benchmarks.peers.gait`` compares steps, speed and cost with mobgap,
scikit-digital-health and KielMAT; ``python -m benchmarks.peers.freezing`` compares freezes with
freeze indices, a rule of two thresholds and gradient boosting. Each package is installed into an
environment of its own (`environments`), outside this tree, and runs there by a file of `packages`.
"""

"""Training of the freezing model, and how well it finds freezes in people it never saw.

``python -m benchmarks.freezing.train`` trains every shipped model from the public data sets;
``python -m benchmarks.freezing`` scores it on people left out, with the tracker and coach as they
are. Both find the data in the folder that GAITCUE_DATA names. `sources` says which sets are used
for what: a further set is its reader in `gaitcue.recording.datasets` and one line there.
"""

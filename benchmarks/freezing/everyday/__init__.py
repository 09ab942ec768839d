"""Cues to people who do not freeze: ``python -m benchmarks.freezing.everyday``.

`activities` says in common words what people did, `pauses` what each freeze, stop and start was
taken for, `walkers` simulates who the public sets lack; `report` writes it up.
"""

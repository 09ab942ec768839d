"""The signal core: samples in, events out. Pure and streaming; it knows no file, clock or thread.

`Tracker` follows one walker through one sensor, `fusion` through several.
Inside, `intake` finds what is missing, `orientation` which way is up, `trunk` and `legs` the
initial contacts, `confidence` how sure they are, `rhythm` whether they may open a walking bout,
`bouts` what of it is walking, `strides` their length and speed, `turns` and `freezing` what their
names say, `quality` whether the samples can be believed; `stretch` puts them together.
"""

from gaitcue.gait.tracker import SLOWEST_RATE, Tracker

__all__ = ["SLOWEST_RATE", "Tracker"]

"""What runs while somebody walks, and what the walker and the helper see, hear and press.

- `walk`, `walking`: a live walk; `recorder` and `log` keep it, `analysis` and `session` track it
- `status`, `news`, `screen`, `keyboard`: what is shown, told and pressed; `wear`: is it worn
- `profile`: the person's file; `vibration`: the sensor as an output
- `metronome`, `beat`: a beat without a sensor; `speakers`, `tapping`: sound devices, how late
- `console`: the verbs ``sensors`` and ``record``; `firmware`: onto boards and watches
"""

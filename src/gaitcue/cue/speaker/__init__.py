"""The loudspeaker: cues and words on a real sound device, at the right moment.

`Speaker` is an output. It renders in a process of its own (`child`), which nothing else that the
computer does in Python can hold up, into one stream that stays open (`stream`), on a grid of time
that follows the sound device's own clock (`clock`). `devices` lists what can play.
"""

from gaitcue.cue.speaker.devices import OutputDevice, output_devices
from gaitcue.cue.speaker.settings import SpeakerSettings
from gaitcue.cue.speaker.speaker import Speaker

__all__ = ["OutputDevice", "Speaker", "SpeakerSettings", "output_devices"]

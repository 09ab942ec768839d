"""gaitcue: follow gait with a wearable motion sensor and cue a walker who freezes."""

__version__ = "0.1.0"

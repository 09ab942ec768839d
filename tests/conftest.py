"""How all tests run: the same examples every time, and no limit of wall-clock time."""

from hypothesis import settings

settings.register_profile("gaitcue", deadline=None, derandomize=True)
settings.load_profile("gaitcue")

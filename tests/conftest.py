"""Settings for all tests."""

from hypothesis import settings

# The same examples on every run, and no verdict by the clock of a busy machine.
settings.register_profile("gaitcue", derandomize=True, deadline=None)
settings.load_profile("gaitcue")

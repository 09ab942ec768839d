"""The one exception whose text is shown to people as it stands."""


class InputError(Exception):
    """Something given to gaitcue cannot be used.

    The message is one clear sentence for the person at the keyboard: which file and line, what
    was expected there, and what to do. The command line prints it and exits with status 2.
    """

"""What gaitcue says aloud: how things stand, in whole sentences, and the words of a count.

`spoken` gives a `Phrase` as sound and `text_of` as text. The words were spoken beforehand by a
speech engine (`generate`), so that saying one needs neither an engine nor time. A language is one
file of texts and one folder of recordings, named by its code (``en``).
"""

from gaitcue.cue.sounds.speech.phrases import Phrase, counted, spoken, text_of

__all__ = ["Phrase", "counted", "spoken", "text_of"]

"""The live walk: worn sensors while they are worn.

`recorder` keeps what they send from the first sample on; `console` finds them and says so in words.
"""

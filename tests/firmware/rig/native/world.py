"""The simulated world for MicroPython on Linux: it is in another process, and is asked over pipes.

A question names a function, and brings four integers and the bytes that the function has as its
memory. An answer is a result, what time it is, whether events wait, and how often inputs have
changed; `into` takes the bytes that follow it. Nothing here takes memory.
"""

from struct import pack_into

WISHES = ("", "interrupt", "memory", "lock", "unlock")

questions = open("questions", "wb")
answers = open("answers", "rb")
question = bytearray(35)
answer = bytearray(14)
inputs = bytearray(2)
"""How often inputs had changed when one was asked for last, and its level then."""
NOTHING = b""


def tell(function, a=0, b=0, c=0, d=0, data=NOTHING, wait=0):
    """As `ask`, of what is answered by nothing."""
    pack_into("<16siiiiHB", question, 0, function, a, b, c, d, len(data), wait)
    questions.write(question)
    if data:
        questions.write(data)


def ask(function, a=0, b=0, c=0, d=0, data=NOTHING, into=NOTHING):
    tell(function, a, b, c, d, data, 1)
    answers.readinto(answer)
    if into:
        answers.readinto(into)
    return number(0)


def number(at):
    value = answer[at] | answer[at + 1] << 8 | answer[at + 2] << 16 | answer[at + 3] << 24
    return value - (value >> 31 << 32)


def addressof(buffer):
    """In place of uctypes' own: here it is the buffer itself that is handed on."""
    return buffer


def ticks_us():
    return number(4)


def ticks_ms():
    return number(8)


def pending_events():
    return answer[12]


def sleep(us):
    return ask(b"sleep", us)


def event_kind():
    return ask(b"event_kind")


def event_value():
    return ask(b"event_value")


def take_wish():
    return WISHES[ask(b"take_wish")]


def drive(pin, level):
    tell(b"drive", pin, level)


def level(pin):
    """Of the only input that there is."""
    if inputs[0] != answer[13]:
        inputs[1] = ask(b"level", pin)
        inputs[0] = answer[13]
    return inputs[1]


def microvolts():
    return ask(b"microvolts")


def i2c_read(address, register, buffer, length):
    return ask(b"i2c_read", address, register, 0, length, NOTHING, buffer)


def i2c_write(address, register, buffer, length):
    return ask(b"i2c_write", address, register, 0, length, buffer)


def register(name):
    return ask(b"register", 0, 0, 0, 0, name.encode())


def put(handle, data, length):
    tell(b"put", handle, 0, length, 0, data)


def send(kind, handle, data, length):
    return ask(b"send", kind, handle, 0, length, data)


def value_length(handle):
    return ask(b"value_length", handle)


def value_byte(handle, at):
    return ask(b"value_byte", handle, at)


def advertise(data, length, response, response_length):
    tell(b"advertise", 0, length, length, response_length, data + response)


def watchdog(ms):
    tell(b"watchdog", ms)


def feed():
    tell(b"feed")


def keep_fed():
    tell(b"keep_fed")


def reset_cause():
    return ask(b"reset_cause")


def say(what, a=0, b=0):
    tell(b"say", a, b, 0, 0, what.encode())


reset_cause()  # which tells what time it is

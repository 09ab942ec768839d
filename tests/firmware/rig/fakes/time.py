"""Simulated time; in place of MicroPython's own, which sleeps for real."""

import gc

import micropython
import world

ticks_us = world.ticks_us
ticks_ms = world.ticks_ms
HALF = 1 << 29
PERIOD = 0x3FFFFFFF


def ticks_add(tick, delta):
    """Never above the numbers that take no memory, as MicroPython's own."""
    if not -HALF < delta < HALF:
        raise OverflowError("ticks interval overflow")
    return (tick - HALF - HALF + delta if delta > 0 else tick + delta) & PERIOD


def ticks_diff(end, start):
    difference = end - start & PERIOD
    return difference - HALF - HALF if difference >= HALF else difference


locked = [False]
"""Whether the program must not take memory between two sleeps."""


def sleep_us(us):
    if locked[0]:
        micropython.heap_unlock()
    while world.sleep(us):
        while world.pending_events():
            import bluetooth

            bluetooth.happen()
        wish = world.take_wish()
        if wish == "interrupt":
            raise KeyboardInterrupt
        if wish == "memory":
            gc.collect()
            world.say("memory", gc.mem_alloc(), gc.mem_alloc() + gc.mem_free())
        elif wish:
            locked[0] = wish == "lock"
    if locked[0]:
        micropython.heap_lock()


def sleep_ms(ms):
    sleep_us(ms * 1000)

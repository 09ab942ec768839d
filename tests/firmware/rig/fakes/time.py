"""Simulated time; in place of MicroPython's own, which sleeps for real."""

import gc

import micropython
import world

ticks_us = world.ticks_us
ticks_ms = world.ticks_ms
HALF = 1 << 29
PERIOD = 0x3FFFFFFF


def ticks_add(tick, delta):
    if not -HALF < delta < HALF:
        raise OverflowError("ticks interval overflow")
    return tick + delta & PERIOD


def ticks_diff(end, start):
    return (end - start + HALF & PERIOD) - HALF


allocated = [0, 0, 0, 0, 0]
"""Whether the heap is watched, where it was, rounds, those that took memory, most bytes taken."""


def sleep_us(us):
    watch = allocated[0]
    if watch:
        taken = gc.mem_alloc() - allocated[1]
        allocated[2] += 1
        if taken > 0:
            allocated[3] += 1
            allocated[4] = max(allocated[4], taken)
    while world.sleep(us):
        while world.pending_events():
            import bluetooth

            bluetooth.happen()
        wish = world.take_wish()
        if wish == "interrupt":
            raise KeyboardInterrupt
        if wish == "memory":
            gc.collect()
            micropython.mem_info()
        elif wish == "watch":
            gc.collect()
            gc.disable()
            allocated[0] = 1
        elif wish == "watched":
            allocated[0] = 0
            gc.enable()
            print("rounds %d, with memory taken %d, most %d" % tuple(allocated[2:]))
    if allocated[0]:
        allocated[1] = gc.mem_alloc()


def sleep_ms(ms):
    sleep_us(ms * 1000)

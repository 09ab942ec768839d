// Everything around the program, in simulated time: pins, motion unit, radio, watchdog, and a host
// that commands on stdin and hears on stdout, one JSON array a line.

import fs from "node:fs";
import process from "node:process";
import {MotionUnit} from "./motion_unit.mjs";

const TICKS = 2 ** 30 - 1;
const I2C_BYTE = 22.5;  // µs at 400 kHz: nine bits
const EIO = 5, ENODEV = 19, ENOMEM = 12;
const RESET_BY_WATCHDOG = 42;

export class World {
    constructor(options) {
        this.now = options.now ?? 0;  // µs
        this.horizon = this.now;
        this.offset = options.ticks ?? 0;  // of MicroPython's ticks when the world begins
        this.cause = options.cause ?? 1;  // power on
        this.battery = options.battery ?? 3.9;  // V
        this.pins = new Map();
        this.inputs = new Map();
        this.changes = 1;  // of inputs
        this.events = [];  // for the program's interrupt handler
        this.values = new Map();  // of characteristics, by handle
        this.handles = new Map();
        this.names = new Map();
        this.full = 0;  // notifications that the stack has no room for
        this.unitSilent = 0;  // transactions that the motion unit does not answer
        this.hang = 0;  // µs that the next transaction takes
        this.failing = "";
        this.host = null;
        this.fed = null;
        this.timeout = 0;
        this.wish = "";
        this.stdin = fs.openSync("/dev/stdin", "r");  // node's own do not wait
        this.stdout = fs.openSync("/dev/stdout", "w");
        this.out = [];
        this.input = "";
        this.pending = [];
        const sample = options.motion ? recorded(options.motion) : pattern;
        this.unit = new MotionUnit(options.unit ?? "MPU-6050", sample, options.skew ?? 0,
            (what, ...rest) => this.say(what, ...rest));
        this.unit.short = options.short ?? false;
        this.unitThere = options.unit !== "none";
    }

    say(...what) {
        this.out.push(JSON.stringify([this.now, ...what]));
        if (this.out.length > 500) this.flush();
    }

    flush() {
        if (this.out.length) writeAll(this.stdout, this.out.join("\n") + "\n");
        this.out = [];
    }

    // -- time ---------------------------------------------------------------------------------

    ticks_us() {
        return (this.offset + Math.floor(this.now)) & TICKS;
    }

    ticks_ms() {
        return Math.floor((this.offset + this.now) / 1000) & TICKS;
    }

    // Let µs pass; 1 when it must be called again after the program's handler was, 0 at the end.
    sleep(us) {
        if (this.until === undefined) this.until = this.now + us;
        while (this.now < this.until || this.events.length) {
            if (this.events.length) return 1;
            const next = Math.min(this.until, this.horizon);
            this.pass(next - this.now);
            if (this.now >= this.horizon) this.listen();
            if (this.wish) return 1;
        }
        if (this.now >= this.horizon) {
            this.listen();
            if (this.events.length || this.wish) return 1;
        }
        this.until = undefined;
        return 0;
    }

    pass(us) {
        this.now += us;
        if (this.fed !== null && this.now > this.fed + this.timeout) {
            this.now = this.fed + this.timeout;
            for (const [pin, level] of this.pins) if (level) this.drive(pin, 0);
            this.say("reset");
            this.flush();
            process.exit(RESET_BY_WATCHDOG);
        }
    }

    // -- the host -----------------------------------------------------------------------------

    listen() {
        while (this.now >= this.horizon && !this.events.length && !this.wish) {
            if (!this.pending.length) {
                this.say("done");
                this.flush();
            }
            this.obey(JSON.parse(this.line()));
        }
    }

    line() {
        if (this.pending.length) return this.pending.shift();
        const buffer = Buffer.alloc(65536);
        while (!this.input.includes("\n")) {
            const n = fs.readSync(this.stdin, buffer);
            if (n === 0) process.exit(0);
            this.input += buffer.toString("utf8", 0, n);
        }
        this.pending = this.input.split("\n");
        this.input = this.pending.pop();
        return this.pending.shift();
    }

    obey([what, ...rest]) {
        switch (what) {
        case "run": this.horizon = this.now + rest[0] * 1e6; break;
        case "connect":
            this.host = 64;
            this.event(1, 0);
            this.mtu = rest[0];
            if (rest[0] > 23) this.event(21, rest[0]);
            break;
        case "disconnect": this.host = null; this.event(2, 0); break;
        case "write":
            this.values.set(this.names.get(rest[0]), Buffer.from(rest[1], "hex"));
            this.event(3, this.names.get(rest[0]));
            break;
        case "read": this.say("value", rest[0], hex(this.values.get(this.names.get(rest[0])))); break;
        case "input": this.inputs.set(rest[0], rest[1]); this.changes++; break;
        case "full": this.full = rest[0]; break;
        case "silent": this.unitSilent = rest[0]; break;
        case "then": this.then = rest[0]; break;  // in the middle of the next transaction
        case "stall": this.pass(rest[0] * 1e6); this.horizon = this.now; break;
        case "leap":  // without a round of the program, and without the watchdog
            this.now += rest[0] * 1e6;
            this.horizon = this.now;
            if (this.fed !== null) this.fed = this.now;
            break;
        case "hang": this.hang = rest[0] * 1e6; break;
        case "fail": this.failing = rest[0]; break;
        case "counts": this.unit.planned = rest[0]; break;
        case "battery": this.battery = rest[0]; break;
        case "wish": this.wish = rest[0]; break;  // of the rig itself, see fakes/time.py
        }
    }

    event(kind, value) {
        this.events.push([kind, value]);
        if (kind === 3) this.events.at(-1).push(this.values.get(value));
    }

    // The oldest event: 1 a host, 2 none, 3 written, 21 MTU.
    event_kind() {
        this.current = this.events.shift();
        if (this.current[2]) this.values.set(this.current[1], this.current[2]);
        return this.current[0];
    }

    event_value() {
        return this.current[1];
    }

    take_wish() {
        const wish = this.wish;
        this.wish = "";
        return wish;
    }

    pending_events() {
        return this.events.length;
    }

    // -- pins ---------------------------------------------------------------------------------

    drive(pin, level) {
        if ((this.pins.get(pin) ?? 0) === level) return;
        this.pins.set(pin, level);
        this.say("pin", pin, level);
    }

    level(pin) {
        return this.inputs.get(pin) ?? 1;
    }

    microvolts() {
        this.say("adc");
        return Math.round(this.battery * 1e6 / 2);
    }

    // -- I2C ----------------------------------------------------------------------------------

    i2c_read(address, register, at, length) {
        const error = this.transaction(address, length);
        if (error) return error;
        for (let i = 0; i < length; i++) {
            const value = this.unit.read(this.now, register === 0x74 ? register : register + i);
            this.module.setValue(at + i, value, "i8");
        }
        return 0;
    }

    i2c_write(address, register, at, length) {
        const error = this.transaction(address, length);
        if (error) return error;
        for (let i = 0; i < length; i++) {
            this.unit.write(this.now, register + i, this.module.getValue(at + i, "i8") & 0xFF);
        }
        return 0;
    }

    transaction(address, length) {
        const hang = this.hang;
        this.hang = 0;
        this.pass((length + 3) * I2C_BYTE + hang);
        if (this.then) {
            const then = this.then;
            this.then = null;
            this.obey(then);
        }
        if (!this.unitThere || address !== 0x68) return ENODEV;
        if (this.unitSilent > 0) {
            this.unitSilent--;
            return EIO;
        }
        return 0;
    }

    // -- radio --------------------------------------------------------------------------------

    register(name) {
        const handle = 10 + this.handles.size;
        this.handles.set(handle, name);
        this.names.set(name, handle);
        this.values.set(handle, Buffer.alloc(0));
        return handle;
    }

    put(handle, at, length) {
        this.values.set(handle, this.bytes(at, length));
    }

    // Kind 0 is a notification, 1 an indication; gives 0 or an error.
    send(kind, handle, at, length) {
        if (this.failing === this.handles.get(handle)) return -1;
        if (this.host === null) return 107;
        if (this.full > 0) {
            this.full--;
            return ENOMEM;
        }
        const whole = this.bytes(at, length);
        this.say(kind ? "indicate" : "notify", this.handles.get(handle),
            hex(whole.subarray(0, this.mtu - 3)));
        return 0;
    }

    value_length(handle) {
        return this.values.get(handle).length;
    }

    value_byte(handle, at) {
        return this.values.get(handle)[at];
    }

    advertise(at, length, response, responseLength) {
        this.say("advertise", hex(this.bytes(at, length)), hex(this.bytes(response, responseLength)));
    }

    bytes(at, length) {
        const bytes = Buffer.alloc(length);
        for (let i = 0; i < length; i++) bytes[i] = this.module.getValue(at + i, "i8");
        return bytes;
    }

    // -- the chip itself ----------------------------------------------------------------------

    watchdog(ms) {
        this.timeout = ms * 1000;
        this.fed = this.now;
    }

    feed() {
        this.fed = this.now;
    }

    // A timer feeds it from now on.
    keep_fed() {
        this.fed = Infinity;
    }

    reset_cause() {
        return this.cause;
    }
}

function hex(bytes) {
    return bytes.toString("hex");
}

function writeAll(file, text) {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += fs.writeSync(file, bytes, at);
}

// A measurement that tells its own number: any two within 80 s differ, and gravity is plausible.
export function pattern(n) {
    return [n % 89 - 44, n % 97 - 48, 2048 + n % 83 - 41, n % 8000 - 4000, n % 7001, -(n % 30011)];
}

// Six int16 a measurement in a file; the last one is held.
function recorded(path) {
    const file = fs.readFileSync(path);
    const counts = new Int16Array(file.buffer, file.byteOffset, file.length / 2);
    const last = counts.length / 6 - 1;
    return (n) => counts.subarray(6 * Math.min(n, last), 6 * Math.min(n, last) + 6);
}

// The registers and the buffer of an MPU-6050 or MPU-6886, after their register maps.

const CAPACITY = {"MPU-6050": 1024, "MPU-6886": 1008};
const WRITING = 150;  // µs; assumed
const WHO_AM_I = {"MPU-6050": 0x68, "MPU-6886": 0x19};

export class MotionUnit {
    // `sample(n)` gives six counts of the n-th measurement; `skew` is how much too fast the
    // sensor's own oscillator runs.
    constructor(kind, sample, skew, log) {
        this.kind = kind;
        this.sample = sample;
        this.skew = skew;
        this.log = log;
        this.registers = new Uint8Array(128);
        this.registers[0x75] = WHO_AM_I[kind];
        this.ring = new Uint8Array(CAPACITY[kind]);
        this.head = this.count = 0;
        this.epoch = 0;  // µs at which measurement 0 was made
        this.measured = 0;  // measurements that have been put into the buffer, or would have been
        this.short = false;  // whether it leaves the temperature out, against its documents
        this.planned = [];  // what is measured when the buffer has been emptied next
        this.base = Infinity;
    }

    get period() {
        return 1000 * (1 + this.registers[0x19]) / (1 + this.skew);
    }

    get awake() {
        return (this.registers[0x6B] & 0x40) === 0;
    }

    write(now, register, value) {
        this.advance(now);
        if (register === 0x19) {  // count on at the new rate
            this.registers[register] = value;
            this.epoch = now - this.measured * this.period + 0.37 * this.period;
            return;
        }
        this.registers[register] = value;
        if (register === 0x6A && value & 0x04) {
            this.head = this.count = 0;
            this.registers[0x3A] &= ~0x10;
            this.registers[0x6A] &= ~0x04;
            this.base = this.planned.length ? this.measured : Infinity;
            this.log("emptied", this.measured, this.epoch, this.period);
        }
    }

    read(now, register) {
        this.advance(now);
        if (register === 0x74) return this.pop();
        if (register === 0x72) return this.told(now) >> 8;
        if (register === 0x73) return this.told(now) & 0xFF;
        if (register >= 0x3B && register <= 0x40) {
            const axis = (register - 0x3B) >> 1;
            const count = this.sample(Math.max(0, this.measured - 1))[axis];
            return (register & 1) ? (count >> 8) & 0xFF : count & 0xFF;
        }
        return this.registers[register];
    }

    // The count; of a frame that has just been measured one half is written later than the other.
    told(now) {
        const since = now - (this.epoch + (this.measured - 1) * this.period);
        return since < WRITING && this.count >= 6 ? this.count - 6 : this.count;
    }

    // Put in whatever was measured until `now`.
    advance(now) {
        if (!this.awake) {
            this.epoch = now - this.measured * this.period;
            return;
        }
        const due = Math.floor((now - this.epoch) / this.period) + 1;
        const enabled = this.registers[0x23] && this.registers[0x6A] & 0x40;
        if (!enabled) this.measured = Math.max(this.measured, due);
        for (; this.measured < due; this.measured++) {
            const counts = this.planned[this.measured - this.base] ?? this.sample(this.measured);
            for (let axis = 0; axis < 3; axis++) this.push(counts[axis]);
            if (this.kind === "MPU-6886" && !this.short) this.push(-1234);  // temperature
            for (let axis = 3; axis < 6; axis++) this.push(counts[axis]);
        }
    }

    push(count) {
        this.pushByte((count >> 8) & 0xFF);
        this.pushByte(count & 0xFF);
    }

    pushByte(value) {
        const size = this.ring.length;
        this.ring[(this.head + this.count) % size] = value;
        if (this.count === size) {  // the oldest byte is written over, in the middle of a frame
            this.head = (this.head + 1) % size;
            this.registers[0x3A] |= 0x10;
        } else {
            this.count++;
        }
    }

    pop() {
        if (this.count === 0) return 0xFF;
        const value = this.ring[this.head];
        this.head = (this.head + 1) % this.ring.length;
        this.count--;
        return value;
    }
}

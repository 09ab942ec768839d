// Each rule of ../../PROTOCOL.md that keeps the wearer safe, beyond what the vectors hold.
"use strict";
const assert = require("node:assert");
const test = require("node:test");
const { Watch, slot } = require("./fake_watch.js");

const CONTROL = slot(3), STATUS = slot(4), CUE = slot(6);
const OFF = 0, ON = 1, MUTED = 2, LEASE_OVER = 3, LOW_BATTERY = 5;
const KEEPALIVE = [0x04], CUE_STOP = [0x13], START = [1, 0xE8, 3, 1, 5];
const REFUSED = 5;

function metronome({ pulse = 75, lease = 30, policy = 1 } = {}) {
  return [0x11, 1, 80, pulse, 0, 0x20, 0xA1, 7, 0, 0, 0, 0, 0, lease, 0, policy];
}

function connected(options) {
  const watch = new Watch(options);
  watch.connect();
  watch.advance(2500); // until just before it looks at its battery again
  return watch;
}

function cueing(options, how) {
  const watch = connected(options);
  watch.write(CONTROL, metronome(how));
  watch.advance(600);
  assert.strictEqual(watch.pulses.length, 2);
  return watch;
}

function status(watch) {
  const value = watch.values[STATUS];
  return {
    state: value[0], cue: value[1], event: value[2], events: value[3], battery: value[4],
    faults: value[5], lost: value.readUInt16LE(10), thrownAway: value.readUInt16LE(12),
    beats: value.readUInt16LE(14), lease: value.readUInt16LE(16),
  };
}

function told(watch) { // the status that the host was last notified of
  const sent = watch.sent.filter(each => each.name === STATUS);
  return sent[sent.length - 1].bytes;
}

function answer(watch, request) {
  watch.sent = [];
  watch.write(CONTROL, request);
  watch.advance(100);
  return watch.sent.filter(sent => sent.name === CONTROL).map(sent => sent.bytes[2]);
}

test("1: a lease is renewed on the cue characteristic too, and counts down for the host", () => {
  const watch = cueing();
  watch.advance(2000);
  watch.write(CUE, KEEPALIVE);
  watch.advance(2000);
  assert.strictEqual(status(watch).cue, ON);
  assert.ok(status(watch).lease <= 20, status(watch).lease);
  assert.strictEqual(status(watch).beats, 9);
  watch.advance(3000);
  assert.deepStrictEqual([status(watch).cue, status(watch).lease], [LEASE_OVER, 0]);
});

test("1: the longest lease ends too", () => {
  const watch = connected();
  const command = metronome();
  command[13] = 6000 & 255;
  command[14] = 6000 >> 8;
  watch.write(CONTROL, command);
  watch.advance(599e3);
  assert.strictEqual(status(watch).cue, ON);
  watch.advance(2e3);
  assert.strictEqual(status(watch).cue, LEASE_OVER);
  assert.strictEqual(watch.pulses.length, 1200 + 2);
});

test("2: a new host takes over the cue that went on without a link", () => {
  const watch = cueing({}, { lease: 100 });
  watch.disconnect();
  watch.advance(3000);
  watch.connect();
  assert.strictEqual(told(watch)[1], ON);
  watch.write(CONTROL, CUE_STOP);
  watch.advance(3000);
  assert.strictEqual(status(watch).cue, OFF);
  assert.strictEqual(watch.pulses.length, 8);
});

test("3: the word that help is off is itself stopped by the wearer", () => {
  const watch = cueing({}, { policy: 0 });
  watch.disconnect();
  watch.advance(250); // into the first of its two pulses
  watch.touch(88, 130);
  watch.advance(3000);
  assert.strictEqual(watch.pulses.length, 3);
  assert.ok(watch.pulses[2][2] <= 51, "it was cut short");
  assert.strictEqual(status(watch).cue, MUTED);
});

test("4: STOP on the screen stops at once, latches, and the host is told", () => {
  const watch = cueing();
  const before = status(watch).events;
  watch.advance(400); // into a beat
  watch.advance(30);
  assert.ok(watch.motorRuns());
  watch.touch(88, 130);
  assert.ok(!watch.motorRuns());
  assert.deepStrictEqual([told(watch)[1], told(watch)[2]], [MUTED, 2]);
  assert.strictEqual(status(watch).events, before + 1);
  assert.deepStrictEqual(answer(watch, metronome()), [REFUSED]);
  assert.deepStrictEqual(answer(watch, [0x10, 1, 80, 100, 0]), [REFUSED]);
  watch.write(CUE, [0x10, 1, 80, 100, 0]);
  watch.advance(5000);
  assert.strictEqual(watch.pulses.length, 3);
});

test("4: STOP on the screen is obeyed before there is a cue", () => {
  const watch = connected();
  watch.touch(2, 174);
  assert.deepStrictEqual(answer(watch, metronome()), [REFUSED]);
  watch.touch(88, 130); // and is no switch
  assert.deepStrictEqual(answer(watch, CUE_STOP), [1]);
  assert.strictEqual(status(watch).cue, MUTED);
  watch.button(true);
  watch.advance(300);
  watch.button(false); // nor is a short press one, or a marker
  assert.strictEqual(told(watch)[2], 2);
  assert.deepStrictEqual(answer(watch, metronome()), [REFUSED]);
  assert.strictEqual(watch.pulses.length, 0);
});

test("4: a touch beside STOP does nothing", () => {
  const watch = cueing();
  watch.touch(88, 79);
  watch.advance(500);
  assert.strictEqual(status(watch).cue, ON);
});

test("4: the press that stops a cue does not, held on, let it begin again", () => {
  const watch = cueing();
  watch.button(true);
  watch.advance(5000);
  watch.button(false);
  watch.advance(2000);
  assert.deepStrictEqual(answer(watch, metronome()), [REFUSED]);
});

test("4: only holding the button takes STOP back, and the host is told", () => {
  const watch = connected();
  watch.touch(88, 130);
  watch.button(true);
  watch.advance(900);
  watch.button(false);
  watch.advance(1000);
  assert.strictEqual(told(watch)[1], MUTED);
  watch.button(true);
  watch.advance(1000);
  assert.deepStrictEqual([told(watch)[1], told(watch)[2]], [OFF, 3]);
  watch.button(false);
  assert.deepStrictEqual(answer(watch, metronome()), [1]);
});

test("4: a short press without a cue is a marker, each one told apart", () => {
  const watch = connected();
  for (const count of [1, 2]) {
    watch.button(true);
    watch.advance(300);
    watch.button(false);
    assert.deepStrictEqual([told(watch)[2], told(watch)[3]], [1, count]);
  }
});

test("4: neither lock nor light eats the press or touch that is to stop", () => {
  const watch = connected();
  watch.advance(60e3); // the light is long off
  assert.ok(!watch.backlight);
  watch.write(CONTROL, metronome());
  watch.button(true);
  assert.strictEqual(status(watch).cue, MUTED);
});

test("5: a low battery ends a cue before its next beat, and refuses pulses", () => {
  const watch = cueing();
  watch.battery = 5;
  watch.advance(3000);
  assert.strictEqual(watch.pulses.length, 2);
  assert.deepStrictEqual([told(watch)[1], told(watch)[2], told(watch)[4]], [LOW_BATTERY, 5, 5]);
  assert.deepStrictEqual(answer(watch, [0x10, 1, 80, 100, 0]), [REFUSED]);
});

test("5: a command of another length or on another output does nothing", () => {
  const watch = connected();
  const commands = [metronome().slice(0, 15), [...metronome(), 0], [0x10, 1, 80], [0x04, 0],
    [0x12, 0, 0], [0x10, 2, 80, 100, 0], [0x10, 4, 80, 100, 0], []];
  for (const command of commands) {
    watch.write(CONTROL, command);
    watch.write(CUE, command);
  }
  watch.advance(5000);
  assert.strictEqual(watch.pulses.length, 0);
  assert.strictEqual(status(watch).state, 0);
});

test("5: a metronome cannot be begun without an answer", () => {
  const watch = connected();
  watch.write(CUE, metronome());
  watch.advance(2000);
  assert.strictEqual(watch.pulses.length, 0);
});

test("6: a pulse that was cut short does not push the next beats", () => {
  const watch = connected();
  const command = metronome({ pulse: 250 });
  watch.write(CONTROL, command);
  watch.advance(20);
  watch.write(CONTROL, CUE_STOP);
  watch.write(CONTROL, command); // Bangle.buzz still counts the first pulse as running
  watch.advance(900);
  assert.deepStrictEqual(watch.pulses.map(([at]) => Math.round((at - watch.pulses[0][0]) * 1e3)),
    [0, 520]);
});

test("6: nothing is drawn shortly before a beat, but after it", () => {
  const watch = cueing();
  watch.advance(330); // 70 ms before the next beat
  watch.drawn = [];
  watch.disconnect();
  watch.advance(69);
  assert.strictEqual(watch.drawn.length, 0);
  watch.advance(100);
  assert.ok(watch.screen.includes("WAITING"));
});

test("6: a moved beat is answered with where it went, and beats are counted anew", () => {
  const watch = cueing(); // 100 ms after its second beat
  const ask = command => {
    watch.sent = [];
    watch.write(CONTROL, command);
    return watch.sent.find(sent => sent.name === CONTROL).bytes;
  };
  const before = Math.round(watch.time * 1e6 % 2 ** 32);
  const back = [0x12, 0x38, 0x97, 0xFC, 0xFF, 0x20, 0xA1, 7, 0]; // by 223.432 ms
  assert.strictEqual(ask(back).readUInt32LE(3) - before, 400000 - 223432);
  assert.strictEqual(ask(back).readUInt32LE(3) - before, 400000 - 2 * 223432 + 500000);
  assert.strictEqual(ask([0x12, 0, 0, 0, 0, 0x15, 0x16, 5, 0])[2], 1); // to 180 a minute
  watch.advance(100); // until the pause after that beat is over
  ask(metronome());
  assert.strictEqual(status(watch).beats, 1);
  assert.strictEqual(ask(metronome({ pulse: 250 }))[2], 1);
  assert.strictEqual(ask([0x12, 0, 0, 0, 0, 0x1F, 0xA1, 7, 0])[2], 3, "half the period is 250 ms");
});

test("7: an error in the program ends the pulse that runs", () => {
  const watch = connected();
  watch.write(CONTROL, [0x10, 1, 80, 0xF4, 1]);
  watch.advance(100);
  assert.ok(watch.motorRuns());
  Object.defineProperty(watch, "backlight", { set() { throw new Error("a fault"); } });
  watch.write(CONTROL, [0x21]);
  assert.ok(!watch.motorRuns());
  assert.strictEqual(status(watch).state, 0x80);
});

test("a pulse is refused while another one runs", () => {
  const watch = connected();
  assert.deepStrictEqual(answer(watch, [0x10, 1, 80, 0xF4, 1]), [1]);
  assert.deepStrictEqual(answer(watch, [0x10, 1, 80, 100, 0]), [REFUSED]);
  assert.strictEqual(watch.pulses.length, 1);
});

test("IDENTIFY lights up and gives a pulse, but not to one who muted it or has a beat", () => {
  const watch = connected();
  watch.advance(60e3);
  watch.write(CONTROL, [0x21]);
  assert.ok(watch.backlight);
  assert.strictEqual(watch.pulses.length, 1);
  watch.touch(88, 130);
  watch.write(CONTROL, [0x21]);
  assert.strictEqual(watch.pulses.length, 1);
  const other = cueing();
  other.advance(100);
  other.write(CONTROL, [0x21]);
  assert.strictEqual(other.pulses.length, 2);
});

test("7: the motor is off from the first instant, and when the app is left", () => {
  const watch = connected();
  watch.write(CONTROL, metronome());
  watch.advance(20);
  assert.ok(watch.motorRuns());
  watch.leave();
  assert.ok(!watch.motorRuns());
});

test("7: an error in the program ends the cue for good, until it is started again", () => {
  const watch = cueing();
  let fails = true;
  Object.defineProperty(watch, "battery", { get() {
    if (fails) throw new Error("a fault of the program");
    return 60;
  } });
  watch.advance(3000);
  assert.strictEqual(watch.pulses.length, 2);
  assert.deepStrictEqual([status(watch).state, status(watch).cue, status(watch).faults],
    [0x80, OFF, 16]);
  fails = false;
  assert.deepStrictEqual(answer(watch, metronome()), [REFUSED]);
  assert.deepStrictEqual(answer(watch, START), [4]);
  watch.advance(3000);
  assert.strictEqual(watch.pulses.length, 2);
});

test("7: an accelerometer that stops ends the cue, and the host is told", () => {
  for (const fault of ["dead", "frozen"]) {
    const watch = connected();
    assert.deepStrictEqual(answer(watch, START), [1]);
    watch.write(CONTROL, metronome());
    watch.advance(600);
    watch.accelerometer[fault] = true;
    watch.advance(1000);
    const felt = watch.pulses.length;
    watch.advance(2000);
    assert.strictEqual(watch.pulses.length, felt);
    assert.deepStrictEqual([...told(watch).subarray(0, 3)], [0x80, OFF, 4]);
    assert.strictEqual(told(watch)[5], 1);
    assert.deepStrictEqual(answer(watch, metronome()), [REFUSED]);
    watch.accelerometer[fault] = false;
    assert.deepStrictEqual(answer(watch, START), [1]); // tried again, it measures
    assert.deepStrictEqual(answer(watch, metronome()), [1]);
  }
});

test("7: an accelerometer with a fault is not started", () => {
  const still = () => [0, 0, 4096], none = i => [i % 3, 0, 1], end = i => [i % 3, 0, 32767];
  for (const [options, faults, dead] of [[{ id: 0 }, 1], [{ motion: still }, 2],
    [{ motion: none }, 2], [{ motion: end }, 2], [{}, 1, "frozen"], [{}, 1, "dead"]]) {
    const watch = connected(options);
    if (dead) watch.accelerometer[dead] = true;
    assert.deepStrictEqual(answer(watch, START), [4]);
    assert.deepStrictEqual([status(watch).state, status(watch).faults], [0x80, faults]);
  }
});

test("a clock that is set during a cue ends it: no lease can be kept by it", () => {
  for (const by of [3600, -3600]) {
    const watch = cueing();
    watch.setClock(by);
    watch.advance(3000);
    assert.strictEqual(status(watch).cue, LEASE_OVER);
    assert.ok(watch.pulses.length <= 2 + 2, "beats, and the word that help is off");
  }
});

test("a watch whose vibration is switched off refuses to cue instead of feigning it", () => {
  const watch = connected({ settings: { vibrate: false } });
  assert.deepStrictEqual(answer(watch, metronome()), [3]);
  assert.deepStrictEqual(answer(watch, [0x21]), [1]);
  assert.strictEqual(watch.pulses.length, 0);
  assert.ok(watch.screen.includes("VIBRATION OFF"));
});

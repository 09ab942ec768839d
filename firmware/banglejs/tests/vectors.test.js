// What ../../vectors says of commands and cues, felt on the watch.
"use strict";
const assert = require("node:assert");
const fs = require("fs");
const path = require("path");
const test = require("node:test");
const { Watch, slot } = require("./fake_watch.js");

const vectors = name =>
  JSON.parse(fs.readFileSync(path.join(__dirname, "..", "..", "vectors", name + ".json")));
const bytes = hex => Buffer.from(hex, "hex");
const CONTROL = slot(3), STATUS = slot(4);
const LATEST = 20; // ms that a pulse may be late, or end late when it was cut short

function mute(watch) {
  watch.button(true);
  watch.advance(1000);
  watch.button(false);
}

for (const vector of vectors("control"))
  test("control: " + vector.what, () => {
    const muting = vector.muted ? 1 : 0; // s, of which the clock is at `us` only afterwards
    const watch = new Watch({ time: vector.us / 1e6 - muting, battery: vector.battery || 60 });
    watch.connect();
    if (vector.muted) mute(watch);
    if (vector.before) watch.write(CONTROL, bytes(vector.before));
    watch.sent = [];
    const request = bytes(vector.request);
    watch.write(CONTROL, request);
    if (request[0] === 1) watch.advance(100); // it looks at the accelerometer first
    const answers = watch.sent.filter(sent => sent.name === CONTROL);
    assert.strictEqual(answers.length, 1);
    const answer = answers[0].bytes;
    const expected = bytes(vector.answer);
    if (request[0] === 1 && request.length === 5 && request[3] === 2)
      return assert.deepStrictEqual(answer, bytes("800103")); // a layout that it does not have
    if (request[0] === 1 && expected[2] === 1) { // the clock has gone on while it looked
      assert.strictEqual(answer.readUInt32LE(7) - expected.readUInt32LE(7), 80000);
      return assert.deepStrictEqual(answer.subarray(0, 7), expected.subarray(0, 7));
    }
    assert.deepStrictEqual(answer, expected);
  });

for (const vector of vectors("cue"))
  test("cue: " + vector.what, () => {
    const start = vector.us / 1e6;
    const watch = new Watch({ time: start });
    watch.connect();
    for (const step of vector.steps) {
      watch.advance(step.at_ms - (watch.time - start) * 1000);
      if (step.write) watch.write(CONTROL, bytes(step.write));
      if (step.button) watch.button(step.button === "down");
      if (step.battery) watch.battery = step.battery;
      if (step.stall_ms) watch.stall(step.stall_ms);
      if (step.link) { if (step.link === "made") watch.connect(); else watch.disconnect(); }
    }
    watch.advance(vector.until_ms - (watch.time - start) * 1000);
    assert.strictEqual(watch.values[STATUS][1], vector.cue);
    assert.strictEqual(watch.pulses.length, vector.pulses.length);
    vector.pulses.forEach(([at, , level, length], i) => {
      const [felt, strength, lasted] = watch.pulses[i];
      const late = (felt - start) * 1000 - at;
      assert.ok(late > -0.5 && late <= LATEST, `pulse ${i} is ${late} ms late`);
      assert.strictEqual(strength, level);
      assert.ok(lasted > length - 0.5 && lasted <= length + LATEST, `pulse ${i}: ${lasted} ms`);
    });
  });

// What ../../vectors says of commands and cues, felt on the watch.
"use strict";
const assert = require("node:assert");
const fs = require("fs");
const path = require("path");
const test = require("node:test");
const { Watch, slot, BASE } = require("./fake_watch.js");

const vectors = name =>
  JSON.parse(fs.readFileSync(path.join(__dirname, "..", "..", "vectors", name + ".json")));
const bytes = hex => Buffer.from(hex, "hex");
const CONTROL = slot(3), STATUS = slot(4), FEATURE = slot(5), CUE = slot(6), MOTION = slot(2);
const LATEST = 20; // ms that a pulse may be late, or end late when it was cut short

function mute(watch) {
  watch.button(true);
  watch.advance(1000);
  watch.button(false);
}

for (const vector of vectors("control").filter(each => each.axes !== 6)) // it has no gyroscope
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
      if (step.write_cue) watch.write(CUE, bytes(step.write_cue));
      if (step.button) watch.button(step.button === "down");
      if (step.battery) watch.battery = step.battery;
      if (step.stall_ms) watch.stall(step.stall_ms);
      if (step.link) { if (step.link === "made") watch.connect(); else watch.disconnect(); }
    }
    watch.advance(vector.until_ms - (watch.time - start) * 1000);
    assert.strictEqual(watch.values[STATUS][1], vector.cue);
    if (vector.event) assert.strictEqual(watch.values[STATUS][2], vector.event);
    assert.strictEqual(watch.pulses.length, vector.pulses.length);
    vector.pulses.forEach(([at, , level, length], i) => {
      const [felt, strength, lasted] = watch.pulses[i];
      const late = (felt - start) * 1000 - at;
      assert.ok(late > -0.5 && late <= LATEST, `pulse ${i} is ${late} ms late`);
      assert.strictEqual(strength, level);
      assert.ok(lasted > length - 0.5 && lasted <= length + LATEST, `pulse ${i}: ${lasted} ms`);
    });
  });

test("feature: a device without a gyroscope", () => {
  const [vector] = vectors("feature")
    .filter(each => each.what === "acc, vibration, button, metronome, buffer");
  const feature = Buffer.from(new Watch().services["d32a0001" + BASE][FEATURE].value);
  assert.strictEqual(feature.toString("hex"), vector.bytes);
});

const changing = counts => counts.length > 1 && String(counts[0]) !== String(counts[1]);
for (const vector of vectors("motion").filter(each => each.layout === 1 && changing(each.counts)))
  test("motion: " + vector.what, () => {
    const { counts } = vector;
    const watch = new Watch({ motion: i => counts[i % counts.length] });
    watch.connect();
    watch.write(CONTROL, [1, 0xE8, 3, 1, counts.length]);
    watch.advance(1000);
    const { bytes: sent } = watch.sent.find(each => each.name === MOTION);
    const expected = vector.bytes.substr(16); // behind the header
    assert.deepStrictEqual([...sent.subarray(0, 2)], [1, counts.length]);
    // The first ones measured were looked at only: it begins anywhere in the row.
    const at = (expected + expected).indexOf(sent.subarray(8).toString("hex"));
    assert.strictEqual(sent.length, vector.bytes.length / 2);
    assert.ok(at >= 0 && at % 12 === 0);
  });

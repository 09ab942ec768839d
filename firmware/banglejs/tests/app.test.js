// How the watch is seen: by its wearer, and by whoever looks for it over Bluetooth.
"use strict";
const assert = require("node:assert");
const fs = require("fs");
const path = require("path");
const test = require("node:test");
const { Watch, slot, BASE, OPTIONS } = require("./fake_watch.js");

const CONTROL = slot(3), STATUS = slot(4);
const START = [1, 0xE8, 3, 1, 5], STOP = [2], SYNC = [3, 1, 2, 3, 4];
const METRONOME = [0x11, 1, 80, 75, 0, 0x20, 0xA1, 7, 0, 0, 0, 0, 0, 30, 0, 1];

function shown(watch) {
  watch.advance(200);
  return watch.screen;
}

test("the face says how it is, in large words", () => {
  const watch = new Watch();
  assert.deepStrictEqual(shown(watch), ["60%", "WAITING", "", "STOP"]);
  watch.connect();
  assert.deepStrictEqual(shown(watch), ["60%", "CONNECTED", "", "STOP"]);
  watch.write(CONTROL, START);
  assert.deepStrictEqual(shown(watch), ["60%", "RECORDING", "", "STOP"]);
  watch.write(CONTROL, METRONOME);
  assert.deepStrictEqual(shown(watch), ["60%", "RECORDING", "CUE ON", "STOP"]);
  watch.advance(3500);
  assert.deepStrictEqual(shown(watch), ["60%", "RECORDING", "CUE ENDED", "STOP"]);
  watch.touch(88, 130);
  assert.deepStrictEqual(shown(watch),
    ["60%", "RECORDING", "", "CUES OFF", "hold button 1 s"]);
  watch.battery = 5;
  watch.advance(1000);
  assert.deepStrictEqual(shown(watch),
    ["5%", "RECORDING", "CHARGE ME", "CUES OFF", "hold button 1 s"]);
  watch.accelerometer.dead = true;
  watch.advance(1000);
  assert.deepStrictEqual(shown(watch),
    ["5%", "CONNECTED", "SENSOR FAULT", "CUES OFF", "hold button 1 s"]);
  watch.disconnect();
  assert.strictEqual(shown(watch)[1], "WAITING");
});

test("words fit on the screen of 176 pixels", () => {
  const watch = new Watch();
  for (const act of [() => watch.connect(), () => watch.write(CONTROL, START),
    () => watch.touch(88, 130)]) {
    act();
    watch.advance(200);
  }
  let size = 0;
  for (const [name, ...given] of watch.drawn) {
    if (name === "setFont") size = given[1];
    if (name === "drawString") // a letter of the vector font is 0.6 of its height wide or less
      assert.ok(given[0].length * size * 0.6 <= 176, given[0]);
  }
});

test("nothing is drawn while nothing changes", () => {
  const watch = new Watch();
  watch.connect();
  watch.write(CONTROL, START);
  watch.advance(2000);
  watch.drawn = [];
  watch.advance(10000);
  assert.strictEqual(watch.drawn.length, 0);
});

test("it advertises the service and, in the scan response, its name", () => {
  const watch = new Watch();
  const data = Buffer.from(watch.advertising.data);
  assert.ok(data.length <= 31);
  assert.deepStrictEqual(data.subarray(0, 5), Buffer.from([2, 1, 6, 17, 7]));
  const uuid = Buffer.from(data.subarray(5, 21)).reverse().toString("hex");
  assert.strictEqual(uuid, ("d32a0001" + BASE).replaceAll("-", ""));
  assert.deepStrictEqual(data.subarray(21), Buffer.from([3, 0x19, 0xC0, 0]));
  const name = Buffer.from(watch.scanResponse);
  assert.strictEqual(name.subarray(2).toString(), "gaitcue-CAFE");
  assert.deepStrictEqual([...name.subarray(0, 2)], [13, 9]);
});

test("its version is the one of metadata.json", () => {
  const metadata = JSON.parse(fs.readFileSync(path.join(__dirname, "..", "metadata.json")));
  const watch = new Watch();
  assert.strictEqual(watch.services[0x180A][0x2A26].value, metadata.version);
  for (const { url } of metadata.storage)
    assert.ok(fs.existsSync(path.join(__dirname, "..", url)), url);
});

test("started during a connection, it ends that one, so that its services come", () => {
  const watch = new Watch({ connected: true });
  watch.advance(100);
  assert.ok(!watch.connected);
  watch.connect();
  watch.write(CONTROL, START);
  watch.advance(200);
  assert.strictEqual(watch.values[STATUS][0], 1);
});

test("left, it gives the watch back as it was", () => {
  const watch = new Watch();
  assert.strictEqual(watch.options.lockTimeout, 0);
  watch.connect();
  watch.write(CONTROL, START);
  watch.advance(500);
  watch.leave();
  assert.deepStrictEqual(watch.options, OPTIONS);
  assert.strictEqual(watch.accelerometer.registers[0x18], 0xEC);
  assert.strictEqual(watch.accelerometer.registers[0x1B], 0);
  assert.strictEqual(watch.accelerometer.registers[0x3B], 0);
});

test("its battery is told when it changes, in its own service too", () => {
  const watch = new Watch();
  watch.connect();
  watch.advance(5000);
  watch.sent = [];
  watch.battery = 59;
  watch.advance(5000);
  const told = watch.sent.filter(sent => sent.name === String(0x2A19));
  assert.deepStrictEqual(told.map(sent => [...sent.bytes]), [[59]]);
  assert.strictEqual(watch.values[STATUS][4], 59);
});

test("it reads its accelerometer a whole notification at a time, never sample by sample", () => {
  for (const [frames, looks, reads] of [[5, 40, 20], [20, 10, 5]]) {
    const watch = new Watch();
    watch.connect();
    watch.write(CONTROL, [1, 0xE8, 3, 1, frames]);
    watch.advance(1000);
    const asked = watch.accelerometer.asked = {};
    watch.advance(10000);
    assert.ok(Math.abs(asked[0x3C] / 10 - looks) <= 1, `${asked[0x3C]} looks`);
    assert.ok(Math.abs(asked[0x3F] / 10 - reads) <= 1, `${asked[0x3F]} reads`);
  }
});

test("an indication waits for the one before it; a request meanwhile is answered with 04", () => {
  const watch = new Watch();
  watch.connect();
  watch.confirms = false;
  watch.write(CONTROL, SYNC); // on its way
  watch.write(CONTROL, SYNC); // its answer waits
  watch.write(CONTROL, STOP); // too much
  watch.advance(500);
  const answers = () => watch.sent.filter(sent => sent.name === CONTROL).map(sent => sent.bytes);
  assert.strictEqual(answers().length, 1);
  for (let i = 0; i < 3; i++) {
    watch.confirm();
    watch.advance(50);
  }
  assert.deepStrictEqual(answers().map(bytes => [bytes[1], bytes[2]]), [[3, 1], [3, 1], [2, 4]]);
});

test("what one host asked is not answered to the next", () => {
  const watch = new Watch();
  watch.connect();
  watch.confirms = false;
  watch.write(CONTROL, SYNC);
  watch.write(CONTROL, SYNC);
  watch.disconnect();
  watch.sent = [];
  watch.connect();
  watch.write(CONTROL, STOP);
  watch.advance(500);
  const answers = watch.sent.filter(sent => sent.name === CONTROL).map(sent => sent.bytes);
  assert.deepStrictEqual(answers.map(bytes => [bytes[1], bytes[2]]), [[2, 1]]);
});

test("a request while it looks at its accelerometer is answered with 04", () => {
  const watch = new Watch();
  watch.connect();
  watch.write(CONTROL, START);
  watch.write(CONTROL, SYNC);
  watch.advance(200);
  const answers = watch.sent.filter(sent => sent.name === CONTROL).map(sent => sent.bytes);
  assert.deepStrictEqual(answers.map(bytes => [bytes[1], bytes[2]]), [[3, 4], [1, 1]]);
});

test("a link lost while it looks at its accelerometer starts nothing", () => {
  const watch = new Watch();
  watch.connect();
  watch.write(CONTROL, START);
  watch.advance(20);
  watch.disconnect();
  watch.advance(1000);
  watch.connect();
  watch.advance(1000);
  assert.deepStrictEqual(watch.sent.filter(sent => sent.name === slot(2)), []);
  assert.strictEqual(watch.values[STATUS][0], 0);
  assert.strictEqual(watch.accelerometer.registers[0x18], 0xEC);
});

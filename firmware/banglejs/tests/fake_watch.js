// A Bangle.js 2 as far as the app can tell, in a time of its own.
//
// The accelerometer is played at its registers, the radio with what it loses in silence, and the
// small cruelties of Espruino are kept: clearing a timer that is over throws, a second indication
// on its way throws, services cannot change during a connection.
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const APP = path.join(__dirname, "..", "gaitcue.app.js");
const FRAME = 6, HELD = 41; // bytes of a frame, and frames that the accelerometer's buffer holds
const BASE = "-ddc9-4ac9-bf24-0c9e49a54759";
const slot = n => "d32a000" + n + BASE;

const OPTIONS = { // of a watch as sold, as far as the app sets them
  powerSave: true, lockTimeout: 10000, backlightTimeout: 10000, lcdPowerTimeout: 10000,
  btnLoadTimeout: 1500, wakeOnBTN1: true, wakeOnTouch: false, wakeOnTwist: true,
  wakeOnFaceUp: false,
};

class Accelerometer { // a KX023
  constructor(watch, { skew, motion, id }) {
    Object.assign(this, { watch, skew, motion, id, dead: false, frozen: false });
    this.registers = { 0x0F: id };
    this.taken = 0; // frames measured since it was activated
    this.buffer = [];
    this.since = null;
    this.asked = {}; // how often, by register
  }

  at(number) { // when it measures that frame, s
    return this.since + (number + 1) * 0.01 / (1 + this.skew);
  }

  warm(skew) { // its oscillator changes, from the newest frame on
    this.measure();
    const newest = this.at(this.taken - 1);
    this.skew = skew;
    this.since += newest - this.at(this.taken - 1);
  }

  measure() {
    if (this.since === null || this.frozen) return;
    while (this.at(this.taken) <= this.watch.time + 1e-9) {
      this.buffer.push(this.motion(this.taken));
      this.taken++;
      if (this.buffer.length > HELD) this.buffer.shift();
    }
  }

  write(register, value) {
    if (this.dead) throw new Error("I2C timeout");
    this.measure();
    this.registers[register] = value;
    if (register === 0x3E) this.buffer = [];
    if (register !== 0x18) return;
    this.since = value & 0x80 ? this.watch.time : null;
    this.taken = 0;
    this.rest = [];
  }

  read(register, count) {
    if (this.dead) throw new Error("I2C timeout");
    this.measure();
    this.asked[register] = (this.asked[register] || 0) + 1;
    if (register === 0x3C) return this.registers[0x3B] & 0x80 ? this.buffer.length * FRAME : 0;
    if (register !== 0x3F) return this.registers[register] || 0;
    if (count > 128) throw new Error("more than 128 bytes");
    const bytes = new DataView(new ArrayBuffer(count));
    for (let at = 0; at < count; at += FRAME)
      (this.buffer.shift() || [0, 0, 0]).forEach((v, i) => bytes.setInt16(at + 2 * i, v, true));
    return new Uint8Array(bytes.buffer);
  }
}

class Watch {
  constructor(options) {
    const given = Object.assign({
      time: 1.79e9, // s, as getTime tells it
      battery: 60, connected: false, settings: {}, skew: 0, id: 0x15,
      motion: i => [i % 50, -(i % 70), 4096 + i % 3], // of a frame's number
    }, options);
    this.time = given.time;
    this.skipped = 0; // s by which the watch's clock was set
    this.battery = given.battery;
    this.settings = given.settings;
    this.connected = given.connected;
    this.pending = false; // a restart of the radio that waits for the end of the connection
    this.timers = new Map();
    this.number = 0;
    this.on = {};
    this.buttons = [];
    this.services = null;
    this.values = {};
    this.sent = []; // { us, slot, bytes }
    this.confirms = true;
    this.indicating = false;
    this.mtu = 131;
    this.full = () => false; // whether the radio's queue is
    this.refuses = false;
    this.pulses = []; // [s, level, ms]
    this.options = Object.assign({}, OPTIONS);
    this.locked = true;
    this.backlight = false;
    this.accelerometer = new Accelerometer(this, given);
    this.drawn = [];
    this.screen = [];
    this.console = [];
    this.run(given.app || APP);
  }

  // Time ------------------------------------------------------------------------------------------

  later(run, ms, every) {
    const id = ++this.number;
    this.timers.set(id, { at: this.time + Math.max(ms, 0) / 1000, run, every, id });
    return id;
  }

  clear(id, what) {
    if (!this.timers.delete(id)) throw new Error("Unknown " + what);
  }

  advance(ms) {
    const end = this.time + ms / 1000;
    for (;;) {
      let due = null;
      for (const timer of this.timers.values())
        if (timer.at <= end + 1e-9 && (!due || timer.at < due.at)) due = timer;
      if (!due) break;
      this.time = Math.max(this.time, due.at);
      if (due.every) due.at += due.every / 1000;
      else this.timers.delete(due.id);
      due.run();
    }
    this.time = Math.max(this.time, end);
  }

  stall(ms) { // nothing runs, as during a long write to the flash memory
    this.time += ms / 1000;
    for (const timer of this.timers.values())
      if (timer.every && timer.at < this.time) timer.at = this.time;
  }

  // Radio -----------------------------------------------------------------------------------------

  update(all) {
    if (this.pending || !this.services) throw new Error("Can't update services until BLE restart");
    if (this.refuses) throw new Error("BLE device error");
    for (const service of Object.keys(all))
      for (const name of Object.keys(all[service])) {
        const known = (this.services[service] || {})[name];
        if (!known) throw new Error("Unable to find service with UUID " + name);
        const { value, notify, indicate } = all[service][name];
        const bytes = Buffer.from(value);
        if (bytes.length > (known.maxLen || 1)) throw new Error("DATA_SIZE");
        this.values[name] = bytes;
        if (!this.connected || !(notify || indicate)) continue;
        if (!(notify ? known.notify : known.indicate)) continue;
        if (indicate) {
          if (this.indicating) throw new Error("BUSY");
          this.indicating = !this.confirms;
        } else if (this.full(this)) continue; // lost in silence
        this.sent.push({ time: this.time, name, bytes: bytes.subarray(0, this.mtu - 3) });
      }
  }

  confirm() { this.indicating = false; }

  emit(event, argument) { for (const f of this.on[event] || []) f(argument); }

  connect() {
    this.connected = true;
    this.indicating = false;
    this.emit("NRF.connect", "aa:bb:cc:dd:ee:ff random");
  }

  disconnect() {
    this.connected = this.pending = false;
    this.emit("NRF.disconnect", 19);
  }

  write(name, bytes) { // as the event that Espruino makes of it
    const known = this.services[slot(1)][name];
    if (!known.writable) throw new Error(name + " is not writable");
    known.onWrite({ data: new Uint8Array(bytes).buffer });
  }

  // Wearer ----------------------------------------------------------------------------------------

  button(down) {
    if (this.locked || (down && this.options.wakeOnBTN1 && !this.backlight)) return;
    for (const f of this.buttons) f({ state: down, time: this.time });
  }

  touch(x, y) {
    if (this.locked) return;
    this.emit("Bangle.drag", { x, y, dx: 0, dy: 0, b: 1 });
    this.emit("Bangle.drag", { x, y, dx: 0, dy: 0, b: 1 });
    this.emit("Bangle.drag", { x, y, dx: 0, dy: 0, b: 0 });
  }

  setClock(by) {
    this.skipped += by;
  }

  leave() { this.emit("E.kill"); }

  motorRuns() {
    const [at, , ms] = this.pulses[this.pulses.length - 1] || [-9, 0, 0];
    return this.time < at + ms / 1000 - 1e-9;
  }

  motorOff() {
    if (!this.motorRuns()) return;
    const pulse = this.pulses[this.pulses.length - 1];
    pulse[2] = (this.time - pulse[0]) * 1000;
  }

  // The app ---------------------------------------------------------------------------------------

  run(app) {
    const watch = this;
    const listen = prefix => (event, f) => {
      (this.on[prefix + event] = this.on[prefix + event] || []).push(f);
    };
    let buzzing = -1;
    const graphics = {
      drawString: text => watch.screen.push(text),
      clearRect: () => { watch.screen = []; },
    };
    const g = new Proxy(graphics, {
      get: (target, name) => (...given) => {
        if (target[name]) target[name](...given);
        watch.drawn.push([name, ...given]);
        return g;
      },
    });
    const globals = {
      Uint8Array, DataView, ArrayBuffer, Math, parseInt, g,
      D19: "D19", BTN1: "BTN1",
      getTime: () => this.time + this.skipped,
      setTimeout: (f, ms) => this.later(f, ms),
      setInterval: (f, ms) => this.later(f, ms, ms),
      clearTimeout: id => this.clear(id, "Timeout"),
      clearInterval: id => this.clear(id, "Interval"),
      setWatch: (f, pin, how) => {
        if (pin !== "BTN1" || how.edge !== "both" || !how.repeat) throw new Error("setWatch");
        this.buttons.push(f);
      },
      digitalWrite: (pin, value) => {
        if (pin !== "D19" || value) throw new Error("digitalWrite");
        this.motorOff();
      },
      require: name => {
        if (name !== "Storage") throw new Error("Module " + name + " not found");
        return { readJSON: file => file === "setting.json" ? this.settings : undefined };
      },
      E: { getBattery: () => this.battery, on: listen("E.") },
      NRF: {
        on: listen("NRF."),
        getSecurityStatus: () => ({ connected: this.connected }),
        getAddress: () => "c0:ff:ee:12:ca:fe",
        disconnect: () => this.later(() => this.disconnect(), 30),
        setServices: services => {
          this.services = services;
          this.pending = this.connected;
        },
        updateServices: all => this.update(all),
        setAdvertising: (data, options) => { this.advertising = { data, options }; },
        setScanResponse: data => { this.scanResponse = data; },
        setConnectionInterval: ms => { this.interval = ms; },
      },
      Bangle: {
        on: listen("Bangle."),
        accelWr: (register, value) => this.accelerometer.write(register, value),
        accelRd: (register, count) => this.accelerometer.read(register, count),
        buzz: (ms, strength) => {
          if (this.time < buzzing - 1e-9) throw new Error("a pulse behind another");
          buzzing = this.time + ms / 1000;
          this.pulses.push([this.time, Math.round(strength * 100), ms]);
        },
        getOptions: () => Object.assign({}, this.options),
        setOptions: options => Object.assign(this.options, options),
        setLocked: locked => { this.locked = locked; },
        setLCDPower: () => {},
        setBacklight: on => { this.backlight = !!on; },
      },
    };
    const code = `(function(${Object.keys(globals)}){${fs.readFileSync(app, "utf8")}\n})`;
    vm.runInThisContext(code, { filename: app })(...Object.values(globals));
  }
}

module.exports = { Watch, slot, BASE, OPTIONS };

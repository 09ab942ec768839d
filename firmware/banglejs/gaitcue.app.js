// gaitcue sensor for a Bangle.js 2. NOT YET RUN ON HARDWARE.
//
// Speaks version 1.0 of ../PROTOCOL.md: streams acceleration at 100 Hz, vibrates in a beat of its
// own under a lease, and shows how it is, with a large STOP.
//
// Espruino runs this text as it stands, from top to bottom: a function must be defined before the
// code that calls it runs, and to clear a timer that is over, or none, is an error. Times are in us.

const VERSION = "0.1.0"; // as in metadata.json

// Protocol
const BASE = "-ddc9-4ac9-bf24-0c9e49a54759";
const SERVICE = "d32a0001" + BASE;
const SUCCESS = 1, UNKNOWN = 2, PARAMETER = 3, FAILED = 4, FORBIDDEN = 5;
const MARKER = 1, MUTE = 2, UNMUTE = 3, SENSOR_FAULT = 4; // events
const BATTERY_CRITICAL = 5, REFUSED = 7;
const PROGRAM_FAILED = 16; // a fault

// State of the whole
let linked = false, broken = false, faults = 0;
let battery = E.getBattery(); // percent
let event = 0, events = 0;
const before = Bangle.getOptions();
const vibrates = (require("Storage").readJSON("setting.json", 1) || {}).vibrate !== false;
const status = new Uint8Array(18), statusView = new DataView(status.buffer);

function characteristic(slot, value, how) {
  const service = {}, update = { value: value };
  if (how) update[how] = true;
  service["d32a000" + slot + BASE] = update;
  const all = {};
  all[SERVICE] = service;
  return all;
}
const statusNotified = characteristic(4, status, "notify");
const statusKept = characteristic(4, status);

function update(values) { // false where the stack has no such service yet, or is busy
  try { NRF.updateServices(values); return true; } catch (e) { return false; }
}

function stop(timer) { // undefined, for the variable that held it
  if (timer !== undefined) clearTimeout(timer);
}

// Numbers ---------------------------------------------------------------------------------------

const TURN = 4294967296; // of the 32-bit clock

function turned(us) { return us - Math.floor(us / TURN) * TURN; }

function u32(us) {
  us = turned(us);
  return [us & 255, (us >> 8) & 255, (us >> 16) & 255, (us >> 24) & 255];
}

function u16At(bytes, at) { return bytes[at] + bytes[at + 1] * 256; }

function u32At(bytes, at) { return u16At(bytes, at) + u16At(bytes, at + 2) * 65536; }

// Clock -----------------------------------------------------------------------------------------

const STEP = 2e6; // a clock that has moved by more was set, or the watch stood still
let last = getTime() * 1e6, shift = 0;
let stepped = false; // since frames were last counted

function clock() { // never runs back, and stands still over a step
  const t = getTime() * 1e6, d = t - last;
  last = t;
  if (d < 0 || d > STEP) {
    shift -= d;
    flags |= CLOCK_SET;
    stepped = true;
    if (cue === ON) end(LEASE_OVER); // no lease can be kept by it
  }
  return t + shift;
}

// Cue -------------------------------------------------------------------------------------------

const OFF = 0, ON = 1, MUTED = 2, LEASE_OVER = 3, LINK_LOST = 4, LOW_BATTERY = 5;
const VIBRATION = 1; // bit of the outputs
const CRITICAL = 5; // percent of battery
const LATE = 50000; // a beat that is later is left out
const AHEAD = 10e6; // for the first beat, either way
const MOTOR = D19; // Bangle.buzz ends by a timer of the chip; this pin ends it sooner
let cue = OFF, muted = false;
let level = 0, pulse = 0, period = 0, next = 0, lease = 0, leaseEnd = 0, policy = 0, beats = 0;
let beatTimer, leaseTimer, notices = [], motorUntil = 0, pausing = 0;

function buzz(ms, strength) {
  motorUntil = clock() + ms * 1000;
  Bangle.buzz(ms, strength / 100);
}

function pulsed(ms, strength) { // and a pause as long after it
  pausing = clock() + ms * 2000;
  buzz(ms, strength);
}

function silence() { digitalWrite(MOTOR, 0); }

function end(how) { // of beats, and of the word that they ended
  beatTimer = stop(beatTimer);
  leaseTimer = stop(leaseTimer);
  notices.forEach(stop);
  notices = [];
  silence();
  if (how === LEASE_OVER || how === LINK_LOST)
    notices = [200, 400].map(ms => setTimeout(guard(() => {
      notices.shift();
      buzz(80, level);
    }), ms));
  cue = how;
  tell();
}

function low() {
  battery = E.getBattery();
  return battery <= CRITICAL;
}

function happened(kind) {
  event = kind;
  events = (events + 1) & 255;
  tell();
}

function ended() { // the beats, if there is a reason for it now
  if (clock() >= leaseEnd) end(LEASE_OVER);
  else if (low()) {
    end(LOW_BATTERY);
    happened(BATTERY_CRITICAL);
  } else return false;
  return true;
}

function beat() {
  beatTimer = undefined;
  if (cue !== ON || ended()) return;
  const t = clock();
  while (t - next > LATE) next += period; // left out
  if (t >= next) {
    if (t >= motorUntil) { // Bangle.buzz would queue behind one that still counts as running
      buzz(pulse, level);
      pausing = next + pulse * 2000;
      beats = (beats + 1) & 65535;
    }
    next += period;
  }
  awaitBeat();
}

function awaitBeat() {
  beatTimer = stop(beatTimer);
  beatTimer = setTimeout(guard(beat), Math.max(0, (next - clock()) / 1000));
}

function renew() {
  leaseEnd = clock() + lease;
  leaseTimer = stop(leaseTimer);
  leaseTimer = setTimeout(guard(() => { leaseTimer = undefined; if (cue === ON) ended(); }),
    lease / 1000);
}

function permitted() {
  if (muted || broken || faults) return false;
  if (!low()) return true;
  if (cue !== LOW_BATTERY) end(LOW_BATTERY);
  return false;
}

function fits(outputs, strength) {
  return outputs === VIBRATION && vibrates && strength >= 1 && strength <= 100;
}

function onPulse(b) {
  const ms = u16At(b, 3);
  if (b.length !== 5 || !fits(b[1], b[2]) || !(ms >= 10 && ms <= 500)) return [PARAMETER];
  if (cue === ON || !permitted() || clock() < pausing) return [FORBIDDEN];
  if (clock() < motorUntil) return [FAILED];
  pulsed(ms, b[2]);
  return [SUCCESS];
}

function onMetronome(b, t) {
  const ms = u16At(b, 3), p = u32At(b, 5), limit = u16At(b, 13);
  if (b.length !== 16 || !fits(b[1], b[2]) || !(p >= 333333 && p <= 2e6)) return [PARAMETER];
  if (ms < 10 || ms > 250 || ms * 2000 > p || b[15] > 1) return [PARAMETER];
  if (limit < 10 || limit > 6000) return [PARAMETER];
  let ahead = 0;
  if (u32At(b, 9)) {
    ahead = turned(u32At(b, 9) - t);
    if (ahead >= TURN / 2) ahead -= TURN;
    if (Math.abs(ahead) > AHEAD) return [PARAMETER];
    if (ahead < 0) ahead += p * Math.ceil(-ahead / p);
  }
  if (!permitted()) return [FORBIDDEN];
  notices.forEach(stop);
  notices = [];
  level = b[2];
  pulse = ms;
  period = p;
  next = t + ahead;
  while (next < pausing) next += period;
  lease = limit * 1e5;
  policy = b[15];
  beats = 0;
  cue = ON;
  renew();
  beatTimer = stop(beatTimer);
  const first = u32(next);
  beat(); // or waits for it
  tell();
  return [SUCCESS].concat(first);
}

function onAdjust(b, t) {
  if (b.length !== 9) return [PARAMETER];
  if (cue !== ON) return [FORBIDDEN];
  const p = u32At(b, 5);
  let phase = u32At(b, 1);
  if (phase >= TURN / 2) phase -= TURN;
  if (!(p >= 333333 && p <= 2e6) || pulse * 2000 > p || Math.abs(phase) * 2 > period)
    return [PARAMETER];
  next += phase;
  period = p;
  while (next < t || next < pausing) next += period;
  awaitBeat();
  return [SUCCESS].concat(u32(next));
}

function onCue(b, t) { // the commands of both characteristics
  if (b[0] === 0x10) return onPulse(b);
  if (b[0] === 0x11) return onMetronome(b, t);
  if (b[0] === 0x12) return onAdjust(b, t);
  if (b.length !== 1) return [PARAMETER];
  if (b[0] === 0x04) {
    if (cue !== ON) return [FORBIDDEN];
    renew();
  } else end(muted ? MUTED : OFF);
  return [SUCCESS];
}

// Motion ----------------------------------------------------------------------------------------

// Accelerometer KX023 (Kionix KX023-1025 specification; espruino.com, apps/accelrec for 100 Hz)
const CONTROL1 = 0x18, OUTPUT_RATE = 0x1B, BUFFER_MODE = 0x3B, BUFFER_LEVEL = 0x3C;
const BUFFER_CLEAR = 0x3E, BUFFER_READ = 0x3F, WHO_AM_I = 0x0F, KX023 = 0x15;
const STANDBY_8G = 0x74, ACTIVE_8G = 0xF4, HUNDRED_HZ = 0x43, STREAM_16_BIT = 0xC1;
const STANDBY_4G = 0x6C, ACTIVE_4G = 0xEC; // as Espruino itself sets it
const G_PER_COUNT = 1 / 4096; // within 8 g either way
const FRAME = 6; // bytes
const FULL = 240; // bytes; the buffer holds 41 frames, and the oldest give way
const FIRST_LOOK = 80; // ms after the sensor's start
const SILENCE = 500000; // without a new frame the sensor has a fault
const NOMINAL = 10000; // us from frame to frame; the sensor's oscillator is off by percents
const BEGINNING = 8, MEMORY = 400; // polls that the estimate of time weighs, at first and at most

const OVERRAN = 0x10, THROWN_AWAY = 0x20, CLOCK_SET = 0x40; // flags of motion data
const LAYOUT = 1; // acceleration only
const RATE = 1000; // 0.1 Hz
const MOST_FRAMES = 20; // at the watch's ATT MTU of 131
const SAFE_FRAMES = 2; // fit every MTU; the watch cannot ask which one was agreed on
let streaming = false, checking, poll, packet, packetView, motionUpdate;
let frames = 0, sent = 0, counted = 0, newest = 0, step = NOMINAL, weight = 0, index = 0;
let flags = 0, lost = 0, thrownAway = 0, heard = 0;

function configure(standby, rate, buffer, active) { // that nothing answers is found out later
  try {
    Bangle.accelWr(CONTROL1, standby);
    Bangle.accelWr(OUTPUT_RATE, rate);
    Bangle.accelWr(BUFFER_MODE, buffer);
    Bangle.accelWr(BUFFER_CLEAR, 0);
    Bangle.accelWr(CONTROL1, active);
  } catch (e) { /* as said */ }
}

function sensorOff() {
  if (poll !== undefined) clearInterval(poll);
  poll = undefined;
  streaming = false;
  configure(STANDBY_4G, 0, 0, ACTIVE_4G);
}

function sensorFault(bit) { // 1 does not answer, 2 nothing plausible
  faults = bit;
  sensorOff();
  if (cue === ON) end(OFF);
  happened(SENSOR_FAULT);
}

function plausible(bytes) { // it moves by its own noise, and is not without gravity all the time
  const v = new DataView(bytes.buffer);
  let same = true, most = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    const count = v.getInt16(at, true);
    if (at >= FRAME && count !== v.getInt16(at - FRAME, true)) same = false;
    most = Math.max(most, Math.abs(count));
  }
  return !same && most > 200 && most < 32767; // 0.05 g and the end of the range
}

function firstLook() {
  checking = undefined;
  let bit = 0;
  try {
    const n = Math.min(Math.floor(Bangle.accelRd(BUFFER_LEVEL) / FRAME), MOST_FRAMES);
    if (Bangle.accelRd(WHO_AM_I) !== KX023 || n < 3) bit = 1;
    else if (!plausible(Bangle.accelRd(BUFFER_READ, n * FRAME))) bit = 2;
    else Bangle.accelWr(BUFFER_CLEAR, 0);
  } catch (e) { bit = 1; }
  if (bit) {
    sensorFault(bit);
    return reply(1, [FAILED]);
  }
  const t = clock();
  faults = sent = counted = index = flags = lost = thrownAway = 0;
  stepped = false;
  step = NOMINAL;
  weight = BEGINNING;
  newest = t - step / 2; // of the frame before the first
  heard = t;
  streaming = true;
  poll = setInterval(guard(drain), Math.max(20, frames * 5));
  reply(1, [SUCCESS, RATE & 255, RATE >> 8, LAYOUT, frames].concat(u32(t)));
  tell();
}

function onStart(b) { // answered when the sensor was looked at
  if (b.length !== 5 || b[3] !== LAYOUT) return reply(1, [PARAMETER]);
  if (broken) return reply(1, [FAILED]);
  sensorOff();
  frames = Math.min(b[4] || SAFE_FRAMES, MOST_FRAMES);
  packet = new Uint8Array(8 + FRAME * frames);
  packetView = new DataView(packet.buffer);
  motionUpdate = characteristic(2, packet, "notify");
  configure(STANDBY_8G, HUNDRED_HZ, STREAM_16_BIT, ACTIVE_8G);
  checking = setTimeout(guard(firstLook), FIRST_LOOK);
}

// When the newest of the frames so far was measured: a line through all polls, of which each says
// that it was within the last step. Old polls are weighed less (an alpha-beta filter of growing
// memory; Brookner, Tracking and Kalman Filtering Made Easy, 1998, section 1.2.10).
function reckon(t, count) {
  const more = count - counted;
  if (more <= 0) return;
  const expected = newest + more * step, off = t - step / 2 - expected;
  if (weight < MEMORY) weight++;
  const share = weight * (weight + 1);
  newest = expected + off * (4 * weight - 2) / share;
  step += off / more * 6 / share;
  counted = count;
  heard = t;
}

function send() {
  const bytes = Bangle.accelRd(BUFFER_READ, frames * FRAME);
  packet[0] = LAYOUT | flags;
  packet[1] = frames;
  packetView.setUint16(2, index, true);
  packetView.setUint32(4, turned(newest - (counted - 1 - sent) * step), true);
  packet.set(bytes, 8); // as the sensor writes them: little endian, x y z
  flags = 0;
  sent += frames;
  index = (index + frames) & 65535;
  if (update(motionUpdate)) return;
  thrownAway = (thrownAway + frames) & 65535;
  flags = THROWN_AWAY;
}

function drain() {
  let ready = 0, full = false;
  const t = clock();
  try {
    const bytes = Bangle.accelRd(BUFFER_LEVEL);
    ready = Math.floor(bytes / FRAME);
    full = bytes >= FULL;
    if (stepped) {
      stepped = false;
      counted = sent + ready;
      newest = t - step / 2;
      weight = BEGINNING;
    } else if (full) {
      const missing = counted + Math.floor((t - newest) / step) - (sent + ready);
      if (missing > 0) {
        sent += missing;
        index = (index + missing) & 65535;
        lost = (lost + missing) & 65535;
      }
    }
    if (full) flags |= OVERRAN;
    reckon(t, sent + ready);
    if (t - heard > SILENCE) return sensorFault(1);
    for (; ready >= frames; ready -= frames) send();
  } catch (e) { sensorFault(1); }
}

// Control point ---------------------------------------------------------------------------------

let answers = [], retry, told = -1; // percent of battery that was told

function flush() { // the stack takes one indication at a time, and throws while one is on its way
  retry = undefined;
  while (linked && answers.length && update(characteristic(3, answers[0], "indicate")))
    answers.shift();
  if (linked && answers.length) retry = setTimeout(guard(flush), 20);
}

function reply(op, answer) {
  answers.push(new Uint8Array([0x80, op].concat(answer)));
  if (retry === undefined) flush();
}

function identify() {
  lit();
  if (!muted && cue !== ON && vibrates && clock() >= pausing) pulsed(200, 80);
}

function onControl(e) {
  const t = clock(), b = new Uint8Array(e.data), op = b[0];
  if (!b.length) return;
  if (checking !== undefined || answers.length) reply(op, [FAILED]);
  else if (op === 1) onStart(b);
  else if (op === 3)
    reply(op, b.length === 5
      ? [SUCCESS, b[1], b[2], b[3], b[4]].concat(u32(t), u32(clock())) : [PARAMETER]);
  else if (op === 4 || (op >= 0x10 && op <= 0x13)) reply(op, onCue(b, t));
  else if (op !== 2 && op !== 0x21) reply(op, [UNKNOWN]);
  else if (b.length !== 1) reply(op, [PARAMETER]);
  else {
    if (op === 2) sensorOff(); else identify();
    reply(op, [SUCCESS]);
    tell();
  }
}

function onCueWrite(e) {
  const b = new Uint8Array(e.data), op = b[0];
  const known = op === 4 || op === 0x10 || op === 0x12 || op === 0x13;
  if (!known || onCue(b, clock())[0] !== SUCCESS) happened(REFUSED);
}

function tell() {
  status[0] = broken || faults ? 0x80 : streaming ? 1 : 0;
  status[1] = cue;
  status[2] = event;
  status[3] = events;
  status[4] = battery;
  status[5] = faults | (broken ? PROGRAM_FAILED : 0);
  statusView.setUint32(6, turned(clock()), true);
  statusView.setUint16(10, lost, true);
  statusView.setUint16(12, thrownAway, true);
  statusView.setUint16(14, beats, true);
  statusView.setUint16(16, cue === ON ? Math.max(0, Math.ceil((leaseEnd - last - shift) / 1e5)) : 0,
    true);
  update(linked ? statusNotified : statusKept);
  face();
}

function tick() { // once a second
  clock();
  if (cue === ON) ended(); else low();
  if (battery !== told)
    update({ 0x180F: { 0x2A19: { value: [battery], notify: true } } });
  if (streaming || cue === ON || battery !== told) tell();
  told = battery;
}

function onDisconnect() {
  linked = false;
  answers = [];
  retry = stop(retry);
  checking = stop(checking);
  sensorOff();
  if (cue === ON && !policy) end(LINK_LOST); else tell();
}

// Wearer ----------------------------------------------------------------------------------------

const HOLD = 1000; // ms of holding the button that mutes and unmutes
const STOP_TOP = 80; // px; the STOP button reaches from here to the bottom
let held, shown = "", drawing, light;

function mute() {
  muted = true;
  end(MUTED);
  happened(MUTE);
}

function onHeld() { // begun without a cue, or while muted
  held = undefined;
  if (!muted) return mute();
  muted = false;
  cue = OFF;
  happened(UNMUTE);
}

function onButton(e) {
  lit();
  if (!e.state) {
    if (held === undefined) return; // it stopped a cue, or was held
    held = stop(held);
    if (!muted) happened(MARKER);
  } else if (cue === ON) mute();
  else if (held === undefined) held = setTimeout(guard(onHeld), HOLD);
}

function onTouch(e) {
  if (!e.b) return; // lifted
  lit();
  if (e.y >= STOP_TOP && !muted) mute();
}

function lit() { // the light for 5 s
  Bangle.setBacklight(1);
  light = stop(light);
  light = setTimeout(() => { light = undefined; Bangle.setBacklight(0); }, 5000);
}

function words() { // what the face says: state, notice, battery, muted
  const state = broken ? "RESTART ME" : streaming ? "RECORDING" : linked ? "CONNECTED" : "WAITING";
  const notice = faults ? "SENSOR FAULT" : battery <= CRITICAL ? "CHARGE ME"
    : !vibrates ? "VIBRATION OFF" : cue === ON ? "CUE ON"
      : cue === LEASE_OVER || cue === LINK_LOST ? "CUE ENDED" : "";
  return [state, notice, battery + "%", muted ? "CUES OFF" : "STOP"];
}

function draw() {
  drawing = undefined;
  const text = words();
  g.reset().setBgColor(1, 1, 1).clearRect(0, 0, 175, 175).setColor(0, 0, 0);
  g.setFont("Vector", 20).setFontAlign(1, -1).drawString(text[2], 174, 0);
  g.setFontAlign(0, 0).setFont("Vector", 27).drawString(text[0], 88, 35);
  g.setFont("Vector", 22).drawString(text[1], 88, 64);
  if (!muted) g.setColor(1, 0, 0);
  g.fillRect(0, STOP_TOP, 175, 175).setColor(1, 1, 1);
  g.setFont("Vector", muted ? 30 : 58).drawString(text[3], 88, muted ? 115 : 130);
  if (muted) g.setFont("Vector", 19).drawString("hold button 1 s", 88, 150);
}

function face() { // draws what changed, and not shortly before a beat, which it would delay
  const text = words().join();
  if (text === shown) return;
  shown = text;
  drawing = stop(drawing);
  const near = cue === ON && next - clock() < 80000;
  drawing = setTimeout(guard(draw), near ? 150 : 0);
}

// -----------------------------------------------------------------------------------------------

function broke() { // a fault of this program: nothing more until it is started again
  broken = true;
  try { silence(); } catch (e) { /* the pulse ends by itself */ }
  sensorOff();
  beatTimer = stop(beatTimer);
  leaseTimer = stop(leaseTimer);
  notices.forEach(stop);
  notices = [];
  cue = muted ? MUTED : OFF;
  try { tell(); } catch (e) { /* there is no more to be done */ }
}

function guard(f) {
  return a => { try { f(a); } catch (e) { broke(); } };
}

function fixed(value) { return { value: value, maxLen: value.length, readable: true }; }

function begin() {
  silence();
  const bits = 1 | (vibrates ? 4 : 0) | 32 | 64 | 128;
  const feature = new DataView(new ArrayBuffer(15));
  feature.setUint8(0, 1);
  feature.setUint16(2, bits, true);
  feature.setUint16(4, RATE, true);
  feature.setUint8(6, MOST_FRAMES);
  feature.setFloat32(7, G_PER_COUNT, true);
  const own = {};
  own["d32a0002" + BASE] = { value: [0], maxLen: 8 + FRAME * MOST_FRAMES, notify: true };
  own["d32a0003" + BASE] =
    { value: [0], maxLen: 20, writable: true, indicate: true, onWrite: guard(onControl) };
  own["d32a0004" + BASE] = { value: status, maxLen: 18, readable: true, notify: true };
  own["d32a0005" + BASE] = { value: new Uint8Array(feature.buffer), maxLen: 15, readable: true };
  own["d32a0006" + BASE] = { value: [0], maxLen: 20, writable: true, onWrite: guard(onCueWrite) };
  const services = {
    0x180F: { 0x2A19: { value: [battery], maxLen: 1, readable: true, notify: true } },
    0x180A: {
      0x2A29: fixed("gaitcue"), 0x2A24: fixed("Bangle.js 2"), 0x2A26: fixed(VERSION)
    }
  };
  services[SERVICE] = own;
  if (NRF.getSecurityStatus().connected) NRF.disconnect(); // services change without a link only
  NRF.on("connect", guard(() => { linked = true; tell(); }));
  NRF.on("disconnect", guard(onDisconnect));
  NRF.setServices(services, { uart: true });
  const name = "gaitcue-" + NRF.getAddress().substr(-5).split(":").join("").toUpperCase();
  const uuid = SERVICE.split("-").join("");
  const advertised = [2, 1, 6, 17, 7];
  for (let i = 30; i >= 0; i -= 2) advertised.push(parseInt(uuid.substr(i, 2), 16));
  NRF.setAdvertising(advertised.concat([3, 0x19, 0xC0, 0]), { interval: 200 });
  NRF.setScanResponse([name.length + 1, 9].concat(name.split("").map(c => c.charCodeAt(0))));
  NRF.setConnectionInterval(20); // ms, and not slower after a quiet minute
  // A locked or sleeping watch would eat the press or touch that is to stop a cue.
  Bangle.setOptions({
    lockTimeout: 0, backlightTimeout: 0, lcdPowerTimeout: 0, btnLoadTimeout: 5000,
    wakeOnBTN1: false, wakeOnTouch: false, wakeOnTwist: false, wakeOnFaceUp: false,
    powerSave: false
  });
  Bangle.setLocked(false);
  Bangle.setLCDPower(1);
  lit();
  setWatch(guard(onButton), BTN1, { edge: "both", repeat: true, debounce: 20 });
  Bangle.on("drag", guard(onTouch));
  E.on("kill", () => { silence(); sensorOff(); Bangle.setOptions(before); });
  setInterval(guard(tick), 1000);
  tell();
}

begin();

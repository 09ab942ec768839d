// Plays the watch for another program: one request a line, one answer a line, in JSON.
//
// {"new": options}, {"advance": ms}, {"write": [slot, hex]}, {"read": uuid}, or any other method of
// the watch with its arguments. Frame i measures [i % 1000, -(i % 777), i % 50000 - 25000].
"use strict";
const readline = require("readline");
const { Watch, slot } = require("./fake_watch.js");

let watch, drops = [];
const motion = i => [i % 1000, -(i % 777), i % 50000 - 25000];
const known = {
  new: options => {
    watch = new Watch(Object.assign({ motion }, options));
    watch.full = () => drops.length > 0 && watch.accelerometer.taken >= drops[0][0]
      && (watch.accelerometer.taken < drops[0][1] || drops.shift() === null);
  },
  drop: ranges => { drops = ranges; }, // [[from, to], ...], by the number of frames measured
  write: (number, hex) => watch.write(slot(number), Buffer.from(hex, "hex")),
  read: name => Buffer.from((watch.values[name] || find(name).value)).toString("hex"),
  mtu: mtu => { watch.mtu = mtu; },
  refuse: refuses => { watch.refuses = refuses; },
  measured: numbers => numbers.map(number => watch.accelerometer.at(number)),
  skew: skew => watch.accelerometer.warm(skew),
  taken: () => watch.accelerometer.taken,
};

function find(name) {
  const short = parseInt(name.substr(4, 4), 16);
  for (const service of Object.values(watch.services))
    for (const [key, each] of Object.entries(service))
      if (key === name || (name.endsWith("-0000-1000-8000-00805f9b34fb") && +key === short))
        return each;
  throw new Error("there is no characteristic " + name);
}

readline.createInterface({ input: process.stdin }).on("line", line => {
  const [[name, given]] = Object.entries(JSON.parse(line));
  const list = Array.isArray(given) && name !== "drop" ? given : [given];
  const result = known[name] ? known[name](...list) : watch[name](...list);
  const sent = watch.sent.map(each => [each.time, each.name, each.bytes.toString("hex")]);
  watch.sent = [];
  process.stdout.write(JSON.stringify({
    result: result === undefined ? null : result, sent, time: watch.time, pulses: watch.pulses,
  }) + "\n");
});

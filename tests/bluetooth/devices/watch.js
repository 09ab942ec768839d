// A Bangle.js 2 as far as the script needs it: runs the first argument, gives it 10 samples and a
// lost connection, and prints what it wrote and did as JSON.
const crc32 = (data) => { // node's zlib has it from version 20 on only
  let crc = -1;
  for (let byte of Buffer.from(data)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return ~crc >>> 0;
};
const wrote = [], did = [], on = {};
const listeners = (prefix) => ({
  on: (event, f) => { (on[prefix + event] = on[prefix + event] || []).push(f); },
  removeListener: (event, f) => {
    on[prefix + event] = (on[prefix + event] || []).filter((g) => g !== f);
  },
});
let time = 1000;
global.getTime = () => time;
global.E = { getBattery: () => 81, CRC32: crc32 };
global.Bluetooth = { write: (data) => wrote.push(Buffer.from(data).toString("hex")) };
global.NRF = listeners("NRF.");
global.Bangle = Object.assign(listeners("Bangle."), {
  accelWr: (register, value) => did.push(["accelWr", register, value]),
  setPollInterval: (ms) => did.push(["setPollInterval", ms]),
  getOptions: () => ({ powerSave: true }),
  setOptions: (options) => did.push(["setOptions", options]),
});
const run = (0, eval);
run(process.argv[2]);
run(process.argv[2]); // as after a connection that was lost without the watch noticing
for (let i = 0; i < 10; i++) {
  for (const f of on["Bangle.accel"]) f({ x: i / 8192, y: -0.5, z: 1 });
  time += 0.01;
}
for (const f of on["NRF.disconnect"]) f(19);
const left = on["Bangle.accel"].length + on["NRF.disconnect"].length;
console.log(JSON.stringify({ wrote, did, left, here: typeof global.gaitcue }));

// A Bangle.js 2's JavaScript console and its storage, for the installer: one JSON request a line.
//
// {"write": hex} gives what the console sends, as hex strings of at most 20 bytes. {"files": 0} gives
// the files in hex, {"run": ms} what was started until then. {"set": {...}} makes it misbehave.
"use strict";
const readline = require("readline");
const vm = require("vm");

const CHUNK = 20;
let output = "", input = "", timers = [], loaded = [];
const behaviour = { board: "BANGLEJS2", old: false, space: 1e6, damage: "", mute: false };
const files = {};
const bytes = text => Buffer.from(text, "latin1");

function crc32(data) { // as zlib's, which node has from version 20 on only
  let crc = -1;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return ~crc >>> 0;
}

const storage = {
  write(name, data, offset, size) {
    if (name.length > 28) throw new Error("File name too long");
    if (offset === 0) {
      if (size > behaviour.space) return false;
      behaviour.space -= size;
      files[name] = Buffer.alloc(size, 0xFF);
    }
    if (!files[name] || offset + data.length > files[name].length) throw new Error("Out of range");
    const written = bytes(data);
    if (behaviour.damage === name && offset === 0) written[0] ^= 1;
    written.copy(files[name], offset);
    return true;
  },
  read: name => files[name] && files[name].toString("latin1"),
  readJSON: name => files[name] && JSON.parse(files[name]),
  erase: name => { delete files[name]; },
};
const context = vm.createContext({
  atob,
  require: name => {
    if (name !== "Storage") throw new Error("Module not found");
    return storage;
  },
  Bluetooth: { println: text => { output += text + "\r\n"; } },
  Bangle: { accelRd: 1, getOptions: 1, setBacklight: 1 },
  NRF: { setScanResponse: 1 },
  E: { CRC32: text => crc32(bytes(text)) },
  load: name => loaded.push(name),
  setTimeout: (f, ms) => timers.push([ms, f]),
});

function line(text) {
  if (behaviour.mute) return;
  if (text[0] === "\x10") text = text.substr(1);
  else output += text + "\r\n";
  context.process = { env: { BOARD: behaviour.board } };
  if (behaviour.old) context.Bangle = {};
  try { vm.runInContext(text, context); } catch (e) { output += "Uncaught " + e + "\r\n"; }
  output += "\r\n>"; // the prompt
}

const requests = {
  write(hex) {
    for (const character of bytes(Buffer.from(hex, "hex").toString("latin1")).toString("latin1")) {
      if (character === "\x03") input = "";
      else if (character === "\n") { line(input); input = ""; } else input += character;
    }
    const chunks = [];
    for (let at = 0; at < output.length; at += CHUNK)
      chunks.push(bytes(output.substr(at, CHUNK)).toString("hex"));
    output = "";
    return chunks;
  },
  files: () => Object.fromEntries(Object.entries(files).map(([n, f]) => [n, f.toString("hex")])),
  run(ms) {
    timers.filter(([at]) => at <= ms).forEach(([, f]) => f());
    return loaded;
  },
  set: given => Object.assign(behaviour, given),
};

readline.createInterface({ input: process.stdin }).on("line", text => {
  const [[name, given]] = Object.entries(JSON.parse(text));
  process.stdout.write(JSON.stringify(requests[name](given)) + "\n");
});

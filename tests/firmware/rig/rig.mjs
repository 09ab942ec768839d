// Runs the device's own files in MicroPython's interpreter, with a simulated world around them.
// Argument: a JSON object of options; "files" maps paths on the device to files.

import fs from "node:fs";
import process from "node:process";
import {loadMicroPython} from "@micropython/micropython-webassembly-pyscript";
import {World} from "./world.mjs";

// MicroPython looks its functions up again at every call, which is a fifth of all that it does.
const lookUp = WebAssembly.Table.prototype.get;
const known = [];
WebAssembly.Table.prototype.get = function get(index) {
    return known[index] ??= lookUp.call(this, index);
};

const options = JSON.parse(process.argv[2]);
const world = new World(options);
const micropython = await loadMicroPython({
    heapsize: (options.heap ?? 48) * 1024,
    stdout: (line) => world.say("print", line),
    linebuffer: true,
});
world.module = micropython._module;
const FS = micropython.FS;
FS.mkdir("/device");
for (const [path, source] of Object.entries(options.files)) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
        const folder = "/device/" + parts.slice(0, depth).join("/");
        if (!FS.analyzePath(folder).exists) FS.mkdir(folder);
    }
    FS.writeFile("/device/" + path, fs.readFileSync(source));
}
const calls = {};
for (const name of Object.getOwnPropertyNames(World.prototype)) {
    if (name !== "constructor") calls[name] = world[name].bind(world);
}
micropython.registerJsModule("world", calls);
try {
    micropython.runPython(`
import sys
sys.path[:] = ["/device"]
import boot
import main
`);
} catch (error) {
    world.say("print", error.message);
}
world.say("ended");
for (;;) {  // the device stands still with nobody at its keyboard
    world.sleep(1e6);
    world.events.length = 0;
    world.take_wish();
}

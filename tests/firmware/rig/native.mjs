// Lends the simulated world to MicroPython on Linux, which is another process and asks over pipes,
// by native/world.py. Arguments: a JSON object of options, and the folder that has the pipes.

import fs from "node:fs";
import process from "node:process";
import {World} from "./world.mjs";

const WISHES = ["", "interrupt", "memory", "lock", "unlock"];

const world = new World(JSON.parse(process.argv[2]));
const questions = fs.openSync(`${process.argv[3]}/questions`, "r");
const answers = fs.openSync(`${process.argv[3]}/answers`, "w");
const question = Buffer.alloc(35), answer = Buffer.alloc(14), memory = Buffer.alloc(512);
world.module = {
    getValue: (at) => memory[at],
    setValue: (at, value) => {
        memory[at] = value;
    },
};

function read(buffer, length) {
    for (let at = 0; at < length;) {
        const count = fs.readSync(questions, buffer, at, length - at);
        if (count === 0) {  // the program is gone
            world.flush();
            process.exit(0);
        }
        at += count;
    }
}

for (;;) {
    read(question, question.length);
    const name = question.toString("latin1", 0, 16).replace(/\0+$/, "");
    const given = [16, 20, 24, 28].map((at) => question.readInt32LE(at));
    const length = question.readUInt16LE(32);
    read(memory, length);
    const text = memory.toString("latin1", 0, length);
    let result;
    if (name === "register") result = world.register(text);
    else if (name === "say") world.say(text, given[0], given[1]);
    else if (name === "take_wish") result = WISHES.indexOf(world.take_wish());
    else result = world[name](...given);
    if (!question[34]) continue;
    answer.writeInt32LE(result ?? 0, 0);
    answer.writeInt32LE(world.ticks_us(), 4);
    answer.writeInt32LE(world.ticks_ms(), 8);
    answer[12] = world.pending_events();
    answer[13] = world.changes;
    fs.writeSync(answers, answer);
    if (name === "i2c_read") fs.writeSync(answers, memory, 0, given[3]);
}

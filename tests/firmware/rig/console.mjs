// MicroPython's console on a terminal, as a board has it on its USB port, with files in /flash.
// Argument: the terminal's path.

import fs from "node:fs";
import process from "node:process";
import {loadMicroPython} from "@micropython/micropython-webassembly-pyscript";

const terminal = fs.openSync(process.argv[2], "r+");
const micropython = await loadMicroPython({
    heapsize: 256 * 1024,
    linebuffer: false,
    stdout: (bytes) => fs.writeSync(terminal, bytes),
});
micropython.FS.mkdir("/flash");
// A file that is not there is error 2 on a board, and 44 here.
micropython.runPython(`
import builtins, os, sys

def as_on_a_board(function):
    def call(*arguments):
        try:
            return function(*arguments)
        except OSError:
            raise OSError(2)
    return call

class BoardOs:
    stat = staticmethod(as_on_a_board(os.stat))

    def __getattr__(self, name):
        return getattr(self.real, name)

board_os = BoardOs()
board_os.real = os
os.chdir("/flash")
sys.path[:] = ["/flash"]
sys.modules["os"] = board_os
builtins.open = as_on_a_board(open)
del os
`);
micropython.replInit();
const buffer = Buffer.alloc(4096);
function listen() {
    fs.read(terminal, buffer, 0, buffer.length, null, (error, length) => {
        if (error || length === 0) process.exit(0);
        for (let i = 0; i < length; i++) micropython.replProcessChar(buffer[i]);
        listen();
    });
}
listen();

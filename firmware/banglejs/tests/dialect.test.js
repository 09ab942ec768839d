// The app is written in what Espruino understands: a part of ES6, and functions that are there.
"use strict";
const assert = require("node:assert");
const fs = require("fs");
const path = require("path");
const test = require("node:test");

let acorn;
try { acorn = require("acorn"); } catch { acorn = null; }
const skip = acorn ? false : "acorn is not installed: npm ci --prefix firmware/banglejs";

// What acorn takes for ES6 and Espruino refuses or silently does otherwise (espruino.com/Features;
// destructuring, rest and spread tried with Espruino 2v29 for Linux).
const LACKING = {
  ObjectPattern: "destructuring", ArrayPattern: "destructuring", RestElement: "rest parameters",
  SpreadElement: "spread", AssignmentPattern: "default parameters", YieldExpression: "generators",
  ForOfStatement: "for of, which copies", ForInStatement: "for in", ClassDeclaration: "classes",
  ClassExpression: "classes", TaggedTemplateExpression: "tagged templates", MetaProperty: "new.target",
  LabeledStatement: "labels", WithStatement: "with", ImportDeclaration: "modules",
  ExportNamedDeclaration: "modules", DoWhileStatement: "do while, which nobody needs here",
};
const THERE = new Set(["Array", "ArrayBuffer", "BTN1", "Bangle", "D19", "DataView", "E", "Math",
  "NRF", "Uint8Array", "clearInterval", "clearTimeout", "digitalWrite", "g", "getTime", "parseInt",
  "require", "setInterval", "setTimeout", "setWatch", "undefined"]);
const METHODS = new Set(["abs", "ceil", "charCodeAt", "concat", "floor", "forEach", "join", "map",
  "max", "min", "push", "readJSON", "set", "shift", "split", "substr", "toUpperCase", "getInt16", "setFloat32",
  "setUint16", "setUint32", "setUint8"]);
const OF_ESPRUINO = new Set(["Bangle", "NRF", "E", "g"]);

function walk(node, visit, parent) {
  if (!node || typeof node.type !== "string") return;
  visit(node, parent);
  for (const key of Object.keys(node)) {
    const child = node[key];
    if (Array.isArray(child)) child.forEach(each => walk(each, visit, node));
    else walk(child, visit, node);
  }
}

function problems(code) {
  const tree = acorn.parse(code, { ecmaVersion: 6, locations: true, sourceType: "script" });
  const declared = new Set(), found = [];
  walk(tree, node => {
    if (node.type === "VariableDeclarator") declared.add(node.id.name);
    if (node.type === "FunctionDeclaration") declared.add(node.id.name);
    if (node.type === "CatchClause") declared.add(node.param.name);
    for (const param of node.params || []) declared.add(param.name);
  });
  walk(tree, (node, parent) => {
    const say = what => found.push(`line ${node.loc.start.line}: ${what}`);
    if (LACKING[node.type]) say(LACKING[node.type]);
    if (node.type === "Property" && (node.kind !== "init" || node.computed || node.shorthand
      || node.method)) say("accessor, computed, shorthand or method property");
    if (node.generator) say("generators");
    if (node.type === "Literal" && node.regex) say("regular expressions");
    const property = parent && ((parent.type === "MemberExpression" && !parent.computed
      && parent.property === node) || (parent.type === "Property" && parent.key === node));
    if (node.type === "Identifier" && !property && !declared.has(node.name)
      && !THERE.has(node.name)) say(`${node.name} is not known`);
    if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
      let object = node.callee.object;
      while (object.type === "CallExpression" || object.type === "MemberExpression")
        object = object.callee || object.object;
      if (!OF_ESPRUINO.has(object.name) && !METHODS.has(node.callee.property.name))
        say(`method ${node.callee.property.name} is not known`);
    }
  });
  // Functions are not there before their text was run: none is called from above it.
  const place = new Map();
  for (const node of tree.body)
    if (node.type === "FunctionDeclaration") place.set(node.id.name, node.start);
  for (const node of tree.body)
    if (node.type !== "FunctionDeclaration")
      walk(node, (inner) => {
        if (inner.type === "CallExpression" && place.get(inner.callee.name) > inner.start)
          found.push(`line ${inner.loc.start.line}: ${inner.callee.name} is not there yet`);
      });
  return found;
}

test("the app is in Espruino's dialect", { skip }, () => {
  const code = fs.readFileSync(path.join(__dirname, "..", "gaitcue.app.js"), "utf8");
  assert.deepStrictEqual(problems(code), []);
  assert.ok(/^[\x00-\x7F]*$/.test(code), "it is in ASCII");
});

test("the check finds what Espruino does not understand", { skip }, () => {
  const bad = ["const { a } = g;", "const [a] = g;", "function f(...a) {}", "g(...[1]);",
    "function f(a = 1) {}", "fetch();", "g.forEach(a => a.replaceAll());", "f(); function f() {}",
    "const a = { b() {} };", "const a = /b/;", "var s = new Set();"];
  for (const code of bad)
    assert.notDeepStrictEqual(problems(code), [], code);
  for (const code of ["let a = g?.b;", "async function f() {}", "a ??= 1;", "let a = 2 ** 3;"])
    assert.throws(() => problems(code), SyntaxError, code);
});

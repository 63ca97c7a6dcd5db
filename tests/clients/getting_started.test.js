// The code of docs/api/getting-started.md, letter for letter: generated, compiled and run.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SEND, anna, ask, input, path, url } from "./server.js";

const page = readFileSync(path("docs/api/getting-started.md"), "utf8");
const environment = { ...process.env, CENTRALINO_URL: url.replace(/\/graphql$/, ""), TOKEN: anna };

/** The block that bears this name behind its language. */
function block(name) {
  const found = page.match(new RegExp("^```\\w+ " + name.replace(".", "\\.") + "\\n([^]*?)^```$", "m"));
  assert.ok(found, `the page has no block ${name}`);
  return found[1];
}

/** Starts a program and waits until it has said each of these; `then` runs once it has said the first. */
async function says(program, parameters, wanted, then, options) {
  const running = spawn(program, parameters, { env: environment, ...options });
  let said = "";
  try {
    await new Promise((resolve, reject) => {
      let isFirst = true;
      const look = (bytes) => {
        said += bytes;
        if (isFirst && wanted[0].test(said)) {
          isFirst = false;
          then().catch(reject);
        }
        if (wanted.every((pattern) => pattern.test(said))) resolve();
      };
      running.stdout.on("data", look);
      running.stderr.on("data", look);
      running.on("exit", (code) => reject(new Error(`it ended with ${code}: ${said}`)));
    });
  } finally {
    running.kill("SIGKILL");
  }
}

const bash = (name) => execFileSync("bash", ["-c", block(name)], { env: environment, encoding: "utf8" });

async function send(text) {
  const { data } = await ask(SEND, { input: input(text) });
  assert.equal(data.messageSend.message.text, text);
}

test("the curl of the page asks and answers", () => {
  const asked = JSON.parse(bash("ask"));
  assert.equal(asked.errors, undefined, JSON.stringify(asked));
  assert.ok(asked.data.inbox.nodes.length > 0);
  const answered = JSON.parse(bash("answer"));
  assert.equal(answered.errors, undefined, JSON.stringify(answered));
  assert.deepEqual(answered.data.messageSend.userErrors, []);
});

test("the curl of the page follows", async () => {
  // `exec`, so that the end of the shell is the end of curl.
  const command = block("follow").replace(/^curl/, "exec curl");
  const wanted = [/AgentSnapshot/, /seen by curl/];
  await says("bash", ["-c", command], wanted, () => send("seen by curl"));
});

test("the TypeScript of the page is generated, compiles and follows", async () => {
  const folder = mkdtempSync(join(tmpdir(), "centralino-getting-started-"));
  const packages = path("tests/clients/node_modules");
  const tool = (name, ...parameters) =>
    execFileSync(join(packages, ".bin", name), parameters, { cwd: folder, stdio: "pipe" });
  symlinkSync(packages, join(folder, "node_modules"));
  copyFileSync(path("schema.graphql"), join(folder, "schema.graphql"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const name of ["codegen.ts", "inbox.ts"]) writeFileSync(join(folder, name), block(name));
  assert.ok(block("inbox.ts").split("\n").length <= 45, "short enough to be read");
  tool("graphql-codegen");
  const [, compile] = page.match(/^npx tsc (.*)$/m);
  tool("tsc", ...compile.split(" "));
  const wanted = [/inbox: \d/, /seen by TypeScript/];
  await says(process.execPath, ["built/inbox.js"], wanted, () => send("seen by TypeScript"), { cwd: folder });
  // It is typed: what the schema does not know does not compile.
  writeFileSync(join(folder, "inbox.ts"), block("inbox.ts").replace("frame.inbox.length", "frame.outbox.length"));
  assert.throws(() => tool("tsc", ...compile.split(" ")), /outbox|Command failed/);
  rmSync(folder, { recursive: true });
});

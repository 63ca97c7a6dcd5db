// What a change of the schema means for the clients of the last release. `make schema-diff` runs it.
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const lines = (changes, level) =>
  changes
    .filter(({ criticality }) => criticality.level === level)
    .map(({ message, path }) => `${path}: ${message}`);

/** The changes that break a client, a line each. */
export async function breaking(before, after) {
  const changes = await diff(buildSchema(before), buildSchema(after));
  return lines(changes, CriticalityLevel.Breaking);
}

/** The schema of the newest tag; none before the first release. */
function released() {
  const git = (...parts) => execFileSync("git", parts, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    const tag = git("describe", "--tags", "--abbrev=0", "--match", "v*").trim();
    return { tag, text: git("show", `${tag}:schema.graphql`) };
  } catch {
    return undefined;
  }
}

async function report() {
  const last = released();
  if (!last) {
    console.log("there is no release yet to compare with");
    return;
  }
  const after = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");
  const changes = await diff(buildSchema(last.text), buildSchema(after));
  for (const level of [CriticalityLevel.Breaking, CriticalityLevel.Dangerous, CriticalityLevel.NonBreaking]) {
    const found = lines(changes, level);
    console.log(`${level} since ${last.tag}: ${found.length}`);
    found.forEach((line) => console.log(`  ${line}`));
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await report();

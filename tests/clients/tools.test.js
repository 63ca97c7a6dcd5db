// What is built from the schema: Relay's compiler, typed operations, the linter, the diff.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { codegen } from "@graphql-codegen/core";
import * as operationsPlugin from "@graphql-codegen/typescript-operations";
import * as typesPlugin from "@graphql-codegen/typescript";
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  isIntrospectionType,
  isSpecifiedScalarType,
  parse,
  printSchema,
} from "graphql";
import { breaking } from "./schema_diff.js";
import { lint } from "./schema_lint.js";
import { ask, conversation, path, sdl } from "./server.js";

async function introspected() {
  const { data, errors } = await ask(getIntrospectionQuery({ specifiedByUrl: true, oneOf: true }));
  assert.equal(errors, undefined, JSON.stringify(errors));
  return buildClientSchema(data);
}

test("introspection tells the same as the published schema", async () => {
  const types = (schema) =>
    Object.values(schema.getTypeMap())
      .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
      .map(({ name }) => name)
      .sort();
  const [asked, published] = [await introspected(), buildSchema(sdl())];
  assert.deepEqual(types(asked), types(published));
  for (const name of types(published)) {
    const fields = (schema) => Object.keys(schema.getType(name).getFields?.() ?? {}).sort();
    assert.deepEqual(fields(asked), fields(published), name);
  }
});

test("Relay's compiler takes the schema, and what it makes runs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "centralino-relay-"));
  writeFileSync(join(folder, "schema.graphql"), printSchema(await introspected()));
  mkdirSync(join(folder, "src"));
  const source = `
    graphql\`query ThreadQuery($id: ID!) { conversation(id: $id) { ...Thread_conversation } }\`;
    graphql\`fragment Thread_conversation on Conversation
      @refetchable(queryName: "ThreadPageQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "String" }) {
      status
      messages(last: $count, before: $cursor) @connection(key: "Thread_messages") {
        edges { node { text } }
      }
    }\`;`;
  writeFileSync(join(folder, "src", "Thread.js"), source);
  const config = { src: "./src", schema: "./schema.graphql", language: "javascript", eagerEsModules: false };
  writeFileSync(join(folder, "relay.config.json"), JSON.stringify(config));
  const compiler = path("tests/clients/node_modules/relay-compiler/cli.js");
  execFileSync(process.execPath, [compiler, "relay.config.json"], { cwd: folder, stdio: "pipe" });
  const artifact = join(folder, "src", "__generated__", "ThreadQuery.graphql.js");
  const text = readFileSync(artifact, "utf8").match(/"text": ("(?:[^"\\]|\\.)*")/)[1];
  const { data, errors } = await ask(JSON.parse(text), { id: conversation });
  assert.equal(errors, undefined, JSON.stringify(errors));
  assert.equal(data.conversation.__typename ?? "Conversation", "Conversation");
  assert.ok(data.conversation.messages.edges.length > 0);
});

test("graphql-codegen makes types of the schema and of operations", async () => {
  const query = `query Thread($id: ID!) { conversation(id: $id) {
    status messages(last: 5) { nodes { text deliveredAt } } } }`;
  const output = await codegen({
    filename: "graphql.ts",
    schema: parse(sdl()),
    documents: [{ location: "thread.graphql", document: parse(query) }],
    config: { futureProofUnions: true },
    plugins: [{ types: {} }, { operations: {} }],
    pluginMap: { types: typesPlugin, operations: operationsPlugin },
  });
  assert.match(output, /export type ThreadQueryVariables/);
  assert.match(output, /export type ThreadQuery = /);
  assert.match(output, /deliveredAt/);
});

test("the schema is sorted, described and shaped as its own rules say", async () => {
  assert.deepEqual(await lint(sdl()), []);
  const undescribed = await lint("type Query { b: Int a: Int }");
  assert.ok(undescribed.some((problem) => problem.includes("alphabetize")), undescribed.join("\n"));
  assert.ok(undescribed.some((problem) => problem.includes("require-description")));
});

test("a change that breaks clients is told from one that does not", async () => {
  const before = '"Q" type Query { "A" a: Int "B" b(x: Int): Int }';
  assert.deepEqual(await breaking(before, '"Q" type Query { "A" a: Int "B" b(x: Int): Int "C" c: Int }'), []);
  const changes = await breaking(before, '"Q" type Query { "A" a: Int "B" b(x: Int!): Int }');
  assert.equal(changes.length, 1, changes.join("\n"));
  assert.match(changes[0], /Query\.b/);
});

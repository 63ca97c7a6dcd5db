// The stock client of GraphQL over server-sent events, in distinct connections mode.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "graphql-sse";
import { authorization, url } from "./server.js";

test("graphql-sse asks and follows", async () => {
  const client = createClient({ url, headers: { authorization }, singleConnection: false });
  const seen = [];
  const beats = { query: "subscription { heartbeat(intervalMs: 10, limit: 3) { seq } }" };
  for await (const { data } of client.iterate(beats)) seen.push(data.heartbeat.seq);
  assert.deepEqual(seen, [1, 2, 3]);
  const { value } = await client.iterate({ query: "{ viewer { agent { displayName } } }" }).next();
  assert.match(value.data.viewer.agent.displayName, /^Anna/);
  const wrong = await client.iterate({ query: "subscription { nothing }" }).next();
  assert.equal(wrong.value.errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  client.dispose();
});

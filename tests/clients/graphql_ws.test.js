// The stock client of graphql-transport-ws, and that it comes back by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { admin, anna, ask, first, socketUrl } from "./server.js";

const BEATS = "subscription { heartbeat(intervalMs: 20) { seq } }";

test("graphql-ws asks, writes and follows on one socket", async () => {
  const client = createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${anna}` },
    keepAlive: 50,
  });
  const query = { query: "{ viewer { agent { displayName } } }" };
  const answer = await first(client.iterate(query), () => true);
  assert.match(answer.data.viewer.agent.displayName, /^Anna/);
  const beats = client.iterate({ query: "subscription { heartbeat(intervalMs: 10, limit: 3) { seq } }" });
  const seen = [];
  for await (const { data } of beats) seen.push(data.heartbeat.seq);
  assert.deepEqual(seen, [1, 2, 3]);
  const wrong = client.iterate({ query: "subscription { nothing }" });
  const errors = await wrong.next().catch((errors) => errors);
  assert.equal(errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  await client.dispose();
});

test("graphql-ws comes back with a new credential when the old one is revoked", async () => {
  const make = `mutation ($input: ApiTokenCreateInput!) {
    apiTokenCreate(input: $input) { secret apiToken { id } userErrors { message } } }`;
  const token = async (name) => {
    const answer = await ask(make, { input: { name, role: "AGENT" } }, admin);
    return answer.data.apiTokenCreate;
  };
  const [old, fresh] = [await token("old"), await token("fresh")];
  let authorization = `Bearer ${old.secret}`;
  const codes = [];
  const client = createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: () => ({ authorization }),
    retryWait: async () => {},
    on: { closed: (event) => codes.push(event.code) },
  });
  const beats = client.iterate({ query: BEATS });
  await first({ [Symbol.asyncIterator]: () => ({ next: () => beats.next() }) }, () => true);
  authorization = `Bearer ${fresh.secret}`;
  const revoke = `mutation ($input: ApiTokenRevokeInput!) {
    apiTokenRevoke(input: $input) { userErrors { message } } }`;
  await ask(revoke, { input: { apiTokenId: old.apiToken.id } }, admin);
  // The beats begin anew on the second socket, on the same subscription.
  let last = Number.MAX_SAFE_INTEGER;
  let isAgain = false;
  while (!isAgain) {
    const { value } = await beats.next();
    isAgain = codes.length > 0 && value.data.heartbeat.seq <= last;
    last = value.data.heartbeat.seq;
  }
  assert.deepEqual(codes, [4403]);
  await client.dispose();
});

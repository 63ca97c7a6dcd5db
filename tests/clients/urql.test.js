// urql: queries by GET, mutations by POST, subscriptions by SSE, all with its own fetch exchange.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { SEND, authorization, input, url } from "./server.js";

const BEATS = "subscription Beats { heartbeat(intervalMs: 10, limit: 3) { seq } }";

test("urql reads, writes and follows", async () => {
  const client = new Client({
    url,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: { authorization } },
    fetchSubscriptions: true,
    preferGetMethod: true,
  });
  const who = await client.query("query Who { viewer { agent { displayName } } }", {}).toPromise();
  assert.equal(who.error, undefined);
  assert.match(who.data.viewer.agent.displayName, /^Anna/);
  const seen = await new Promise((resolve, reject) => {
    const beats = [];
    client.subscription(BEATS, {}).subscribe(({ data, error, hasNext }) => {
      if (error) reject(error);
      if (data && beats.at(-1) !== data.heartbeat.seq) beats.push(data.heartbeat.seq);
      if (hasNext === false || beats.length === 3) resolve(beats);
    });
  });
  assert.deepEqual(seen, [1, 2, 3]);
  const sent = await client.mutation(SEND, { input: input("from urql") }).toPromise();
  assert.equal(sent.error, undefined);
  assert.equal(sent.data.messageSend.message.text, "from urql");
});

test("urql tells a refusal from a failure", async () => {
  const client = new Client({
    url,
    exchanges: [fetchExchange],
    fetchOptions: { headers: { authorization } },
    preferGetMethod: false,
  });
  const wrong = await client.query("query Wrong { nothing }", {}).toPromise();
  assert.equal(wrong.error.graphQLErrors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  const refused = await client.mutation(SEND, { input: input("") }).toPromise();
  assert.equal(refused.error, undefined);
  assert.equal(refused.data.messageSend.message, null);
  assert.equal(refused.data.messageSend.userErrors[0].code, "REQUIRED");
});

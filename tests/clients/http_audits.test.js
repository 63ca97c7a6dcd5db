// Every audit of the reference implementation of GraphQL over HTTP, as somebody who is signed in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serverAudits } from "graphql-http";
import { authorization, url } from "./server.js";

const signedIn = (input, init = {}) =>
  fetch(input, { ...init, headers: { ...init.headers, authorization } });

test("all audits of GraphQL over HTTP pass", async () => {
  const audits = serverAudits({ url, fetchFn: signedIn });
  assert.ok(audits.length > 50, `only ${audits.length} audits`);
  const problems = [];
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== "ok") problems.push(`${audit.id} ${audit.name}: ${result.reason}`);
  }
  assert.deepEqual(problems, []);
});

// The running server that tests/it/api/client.rs has started, and what it knows of it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this by \`cargo test --test it clients\``);
  return value;
}

export const url = `${needed("CENTRALINO_TEST_URL")}/graphql`;
export const socketUrl = url.replace(/^http/, "ws");
export const admin = needed("CENTRALINO_TEST_ADMIN");
export const anna = needed("CENTRALINO_TEST_ANNA");
/** A conversation that Anna has picked. */
export const conversation = needed("CENTRALINO_TEST_CONVERSATION");
export const authorization = `Bearer ${anna}`;

const root = fileURLToPath(new URL("../..", import.meta.url));
export const path = (name) => `${root}${name}`;
export const sdl = () => readFileSync(path("schema.graphql"), "utf8");

/** One request, as curl would send it. */
export async function ask(query, variables = {}, token = anna) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** The first item for which `wanted` holds; fails when the stream ends before. */
export async function first(items, wanted) {
  for await (const item of items) if (wanted(item)) return item;
  throw new Error("the stream ended before it came");
}

export const SEND = `mutation Send($input: MessageSendInput!) {
  messageSend(input: $input) { message { id text status } userErrors { code field message } }
}`;
export const input = (text) => ({
  conversationId: conversation,
  idempotencyKey: crypto.randomUUID(),
  text,
});

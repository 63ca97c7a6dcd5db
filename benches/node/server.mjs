// The usual Node server: HMAC, JSON, one transaction a text, graphql-ws for those who follow.
// It writes the rows that our commit writes; nothing in it is made slow on purpose.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { buildSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import pg from "pg";
import { WebSocketServer } from "ws";

const [organization, number, account, digits, workstream, queue] = process.env.BENCH_IDS.split(" ");
const key = Buffer.from(process.env.BENCH_KEY, "base64");
const customerId = process.env.BENCH_CUSTOMER_ID;
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });

// UUIDv7, so that ids sort by time as ours do.
const newId = () => {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const statements = {
  receipt: `insert into receipts (organization_id, id, channel_account_id, kind, dedup_key, reference, outcome, body,
    received_at) values ($1, $2, $3, 'INBOUND_TEXT', $4, $4, 'APPLIED', $5, $6)
    on conflict (organization_id, channel_account_id, kind, dedup_key) do nothing`,
  update: `update conversations set last_sequence = last_sequence + 1, last_inbound_at = $4, revision = revision + 1,
    updated_at = $4 where organization_id = $1 and support_number_id = $2 and customer = $3 and status <> 'RESOLVED'
    returning id, last_sequence as sequence`,
  start: `insert into conversations (organization_id, id, channel_account_id, support_number_id, support_number, customer,
    workstream_id, queue_id, language, status, status_changed_at, last_sequence, last_inbound_at, revision, version,
    created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 'en', 'OPEN', $9, 1, $9, 1, 1, $9, $9)
    returning id, last_sequence as sequence`,
  message: `insert into messages (organization_id, conversation_id, sequence, id, direction, origin, status,
    status_changed_at, text, sender, recipient, created_at, attempt, provider_reference)
    values ($1, $2, $3, $4, 'INBOUND', 'CUSTOMER', 'RECEIVED', $5, $6, $7, $8, $5, 0, $9)`,
  position: `update organization_feeds set position = position + 1 where organization_id = $1 returning position`,
  event: `insert into events (organization_id, position, kind, conversation_id, message_id, actor_kind, at)
    values ($1, $2, 'MESSAGE_ADDED', $3, $4, 'CUSTOMER', $5)`,
};
const ask = (client, name, values) => client.query({ name, text: statements[name], values });

async function store(body, callback) {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const at = new Date();
    const customer = `+${callback.user_response.phone_number}`;
    const reference = callback.reference_id;
    const kept = await ask(client, "receipt", [organization, newId(), account, reference, body, at]);
    if (kept.rowCount === 0) {
      await client.query("rollback");
      return;
    }
    let found = await ask(client, "update", [organization, number, customer, at]);
    if (found.rowCount === 0) {
      found = await ask(client, "start", [organization, newId(), account, number, digits, customer, workstream, queue, at]);
    }
    const { id: conversation, sequence } = found.rows[0];
    const id = newId();
    const text = callback.user_response.mo_message;
    await ask(client, "message", [organization, conversation, sequence, id, at, text, customer, digits, reference]);
    const position = await ask(client, "position", [organization]);
    const cursor = position.rows[0].position;
    await ask(client, "event", [organization, cursor, conversation, id, at]);
    await client.query("commit");
    publish(customer, { cursor, id, sequence, text, createdAt: at.toISOString() });
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

const isSigned = (request, body) => {
  const signature = Buffer.from((request.headers.authorization ?? "").replace(`TSA ${customerId}:`, ""), "base64");
  const wanted = createHmac("sha256", key).update(body).digest();
  return signature.length === wanted.length && timingSafeEqual(signature, wanted);
};

const answer = (response, status) => {
  response.writeHead(status, { "content-type": "application/json", "content-length": 2 });
  response.end("{}");
};

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", async () => {
    const body = Buffer.concat(parts);
    if (!isSigned(request, body)) return answer(response, 401);
    try {
      await store(body, JSON.parse(body));
      answer(response, 200);
    } catch (error) {
      console.error(error);
      answer(response, 503);
    }
  });
});
server.keepAliveTimeout = 75_000;

// Each subscriber has a queue of its own, as with the usual in-memory pub/sub.
const followers = new Map();
function publish(customer, message) {
  for (const follower of followers.get(customer) ?? []) follower(message);
}
async function* follow(customer) {
  const waiting = [];
  let wake = () => {};
  const hear = (message) => {
    waiting.push(message);
    wake();
  };
  if (!followers.has(customer)) followers.set(customer, new Set());
  followers.get(customer).add(hear);
  try {
    yield { conversationEvents: { __typename: "ConversationSnapshot" } };
    let previous = null;
    for (;;) {
      while (waiting.length === 0) await new Promise((resolve) => (wake = resolve));
      const { cursor, ...message } = waiting.shift();
      const shown = { __typename: "MessageUpserted", isNew: true, message: { ...message, direction: "INBOUND", status: "RECEIVED" } };
      yield { conversationEvents: { __typename: "ConversationDelta", position: { cursor, previous }, events: [shown] } };
      previous = cursor;
    }
  } finally {
    followers.get(customer).delete(hear);
  }
}

const schema = buildSchema(`
  type Query { alive: Boolean }
  type Subscription { conversationEvents(conversationId: ID!): ConversationFrame! }
  union ConversationFrame = ConversationSnapshot | ConversationDelta
  type ConversationSnapshot { position: Position }
  type ConversationDelta { position: Position! events: [ConversationEvent!]! }
  type Position { cursor: String! previous: String }
  union ConversationEvent = MessageUpserted | ConversationUpserted
  type MessageUpserted { isNew: Boolean! message: Message! }
  type ConversationUpserted { conversation: Conversation! }
  type Conversation { id: ID! status: String! version: Int! }
  type Message { id: ID! sequence: Int! direction: String! status: String! text: String! createdAt: String! }
`);
const roots = { subscription: { conversationEvents: ({ conversationId }) => follow(conversationId) } };
useServer({ schema, roots }, new WebSocketServer({ server, path: "/graphql" }));
server.listen(0, "127.0.0.1", 4096, () => console.log(`listening on http://127.0.0.1:${server.address().port}`));

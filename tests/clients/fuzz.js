// Walks the schema at random: every root field, every argument and input shape, right and wrong.
// The same seed asks the same. Ends with status 1 at the first answer that the server must not give.
import { argv, exit } from "node:process";
import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { admin, anna, ask, conversation, url } from "./server.js";

const requests = Number(argv[2] ?? 2000);
const seed = Number(argv[3] ?? Date.now() % 2 ** 31);
const AT_A_TIME = 16;
const DEPTH_MAX = 5;
/** Codes of a request that is wrong, or that comes at a bad moment through no fault of the server. */
const CODES = ["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "FORBIDDEN", "UNAUTHENTICATED"];
/** Each try costs the server a password's hashing on purpose. */
const DEAR = ["sessionCreate"];

let state = seed;
/** A number below `most` (mulberry32). */
function upTo(most) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
}
const oneOf = (items) => items[upTo(items.length)];
const isOnceIn = (times) => upTo(times) === 0;

const TEXTS = ["", " ", "x", "Hello", "0", "null", "\u0000", "a\u0000b", "\ud83d\ude00", "\u202e", "’", "'; drop table agents; --",
  "{{name}}", "x".repeat(1600), "x".repeat(1601), "x".repeat(5000), "\n", "<script>", "en-US", "UTC", "Europe/Lisbon"];
const NUMBERS = [0, 1, 2, 25, 99, 100, 101, -1, 2147483647, -2147483648];
const WRONG = [null, true, 1, 1.5, 2147483648, "x", [], [[]], {}, { x: 1 }, [null], "\u0000"];
const SCALARS = {
  PhoneNumber: ["+14155550123", "+1", "14155550123", ""],
  SmsAddress: ["+14155550123", "12345", "ACME", "+", "1"],
  DateTime: ["2026-01-31T09:30:00Z", "2026-01-31T09:30:00+02:00", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "-262143-01-01T00:00:00Z", "+262142-12-31T23:59:59Z", "2026-02-30T00:00:00Z", "today"],
  LanguageTag: ["en", "en-US", "english", ""],
  TimeZone: ["UTC", "Nowhere/Else", ""],
  URL: ["https://example.com/", "http://localhost:1/", "ftp://x", "", "https://"],
  EventCursor: ["djE6ZmVlZDox", "djE6ZmVlZDotMQ", "djE6ZmVlZDo5MjIzMzcyMDM2ODU0Nzc1ODA3", "", "x"],
};
let ids = ["", "x", "cnv_", "cnv_00000000000000000000000000", "agt_7zzzzzzzzzzzzzzzzzzzzzzzzz", "1", conversation];

function leaf(type) {
  if (isEnumType(type)) return oneOf(type.getValues()).name;
  switch (type.name) {
    case "Int": return oneOf(NUMBERS);
    case "Float": return oneOf([0, 1.5, -1, 1e300]);
    case "Boolean": return isOnceIn(2);
    case "ID": return oneOf(ids);
    default: return oneOf(SCALARS[type.name] ?? TEXTS);
  }
}

/** A value for a type; `undefined` leaves it out. */
function value(type, depth = 0) {
  if (isOnceIn(40)) return oneOf(WRONG);
  if (isNonNullType(type)) return isOnceIn(60) ? null : given(type.ofType, depth);
  if (isOnceIn(3)) return undefined;
  return isOnceIn(8) ? null : given(type, depth);
}

function given(type, depth) {
  if (isNonNullType(type)) return given(type.ofType, depth);
  if (isListType(type)) {
    const length = oneOf([0, 1, 1, 2, 3, isOnceIn(50) ? 300 : 1]);
    return Array.from({ length }, () => value(type.ofType, depth + 1) ?? null);
  }
  if (!isInputObjectType(type)) return leaf(type);
  if (depth > 6) return {};
  const fields = Object.values(type.getFields());
  if (type.isOneOf && !isOnceIn(6)) {
    const field = oneOf(fields);
    return { [field.name]: given(field.type, depth + 1) };
  }
  const entries = fields.map(({ name, type }) => [name, value(type, depth + 1)]);
  if (isOnceIn(40)) entries.push(["nothing", 1]);
  return Object.fromEntries(entries.filter(([, found]) => found !== undefined));
}

/** A request in the making: what has been declared, and what it is given. */
class Document {
  variables = {};
  declared = [];

  argumentsOf(field) {
    const parts = [];
    for (const { name, type } of field.args) {
      let found = value(type);
      // Pages of pages would only be refused for what they cost.
      if (["first", "last"].includes(name) && Number.isInteger(found) && found > 5 && !isOnceIn(5)) found = 2;
      if (found === undefined) continue;
      const variable = `v${this.declared.length}`;
      this.declared.push(`$${variable}: ${type}`);
      this.variables[variable] = found;
      parts.push(`${name}: $${variable}`);
    }
    return parts.length ? `(${parts.join(" ")})` : "";
  }

  selection(type, depth) {
    const named = getNamedType(type);
    if (isLeafType(named)) return "";
    const parts = ["__typename"];
    if (isAbstractType(named)) {
      for (const possible of schema.getPossibleTypes(named)) {
        if (isOnceIn(3)) parts.push(`... on ${possible.name} ${this.selection(possible, depth + 1)}`);
      }
    }
    const fields = isAbstractType(named) && !named.getFields ? [] : Object.values(named.getFields());
    for (const field of fields) {
      const isLeaf = isLeafType(getNamedType(field.type));
      if (!isLeaf && (depth >= DEPTH_MAX || !isOnceIn(depth + 1))) continue;
      if (isLeaf && !isOnceIn(2) && field.name !== "userErrors") continue;
      const directive = isOnceIn(60) ? " @include(if: true)" : "";
      const key = `${field.name}${this.declared.length}_${parts.length}`;
      const alias = isOnceIn(20) || field.args.length ? `${key}: ` : "";
      parts.push(`${alias}${field.name}${this.argumentsOf(field)}${directive} ${this.selection(field.type, depth + 1)}`);
    }
    return `{ ${parts.join(" ")} }`;
  }
}

function request() {
  const operation = oneOf(["query", "query", "mutation"]);
  const root = operation === "query" ? schema.getQueryType() : schema.getMutationType();
  const choices = Object.values(root.getFields()).filter(({ name }) => !DEAR.includes(name) || isOnceIn(50));
  const field = oneOf(choices);
  const document = new Document();
  const text = `${field.name}${document.argumentsOf(field)} ${document.selection(field.type, 0)}`;
  const declared = document.declared.length ? `(${document.declared.join(" ")})` : "";
  return { field: field.name, body: { query: `${operation} Fuzz${declared} { ${text} }`, variables: document.variables } };
}

/** What is wrong with an answer; nothing where it is one that may be given. */
function problem(field, status, answer) {
  if (status >= 500) return `status ${status}`;
  for (const { message, extensions } of answer.errors ?? []) {
    if (!CODES.includes(extensions?.code)) return `code ${extensions?.code}: ${message}`;
    if (!message) return "an error without a message";
  }
  const payload = answer.data?.[field];
  if (!Array.isArray(payload?.userErrors)) return undefined;
  for (const { message } of payload.userErrors) if (message === "") return "a refusal without a message";
  return undefined;
}

async function send({ field, body }) {
  const token = isOnceIn(4) ? anna : admin;
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await response.text();
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    return fail("not JSON", body, text);
  }
  const found = problem(field, response.status, answer);
  if (found) fail(found, body, text);
  asked.set(field, (asked.get(field) ?? 0) + 1);
  if (answer.data && !answer.errors) executed += 1;
}

function fail(what, body, text) {
  console.error(`seed ${seed}: ${what}\n${JSON.stringify(body)}\n${text}`);
  exit(1);
}

const { data } = await ask(getIntrospectionQuery({ oneOf: true }), {}, admin);
const schema = buildClientSchema(data);
const asked = new Map();
let executed = 0;
const known = await ask(`{ agents(first: 9) { nodes { id } } queues(first: 9) { nodes { id } }
  workstreams(first: 9) { nodes { id } } supportNumbers(first: 9) { nodes { id } }
  channelAccounts(first: 9) { nodes { id } } conversations(first: 9) { nodes { id } } }`, {}, admin);
ids = ids.concat(Object.values(known.data).flatMap(({ nodes }) => nodes.map(({ id }) => id)));

let left = requests;
await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
  while (left > 0) {
    left -= 1;
    await send(request());
  }
}));
const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type.getFields()));
const missed = roots.filter((name) => !asked.has(name) && !DEAR.includes(name));
console.log(`seed ${seed}: ${requests} requests, ${executed} ran without an error, ${missed.length} root fields missed`);
if (requests >= roots.length * 30 && missed.length > 0) fail(`never asked: ${missed}`, {}, "");
if (executed < requests / 20) fail(`only ${executed} of ${requests} ran`, {}, "");

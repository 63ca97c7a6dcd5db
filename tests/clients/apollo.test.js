// Apollo Client: queries and mutations over HTTP, subscriptions over graphql-ws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { getMainDefinition } from "@apollo/client/utilities";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { SEND, authorization, conversation, input, socketUrl, url } from "./server.js";

const THREAD = gql`
  query Thread($id: ID!) {
    conversation(id: $id) { id status messages(last: 10) { nodes { id text } } }
  }
`;
const EVENTS = gql`
  subscription Events($id: ID!) {
    conversationEvents(conversationId: $id) {
      ... on ConversationSnapshot { position { cursor } }
      ... on ConversationDelta { events { ... on MessageUpserted { isNew message { id text } } } }
    }
  }
`;

test("Apollo Client reads, writes and follows", async () => {
  const sockets = createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
  });
  const isSubscription = ({ query }) => {
    const definition = getMainDefinition(query);
    return definition.kind === "OperationDefinition" && definition.operation === "subscription";
  };
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      isSubscription,
      new GraphQLWsLink(sockets),
      new HttpLink({ uri: url, headers: { authorization } }),
    ),
  });
  const heard = new Promise((resolve, reject) => {
    const seen = ({ data }) => {
      const frame = data.conversationEvents;
      if (frame.__typename === "ConversationSnapshot") {
        client.mutate({ mutation: gql(SEND), variables: { input: input("from Apollo") } }).catch(reject);
      }
      const added = (event) => event.isNew && event.message.text === "from Apollo";
      if (frame.events?.some(added)) resolve(frame);
    };
    client.subscribe({ query: EVENTS, variables: { id: conversation } }).subscribe(seen, reject);
  });
  await heard;
  const { data } = await client.query({ query: THREAD, variables: { id: conversation } });
  assert.equal(data.conversation.__typename, "Conversation");
  const texts = data.conversation.messages.nodes.map(({ text }) => text);
  assert.ok(texts.includes("from Apollo"), texts.join());
  client.stop();
  await sockets.dispose();
});

test("Apollo Client asks by GET as well", async () => {
  const link = new HttpLink({ uri: url, headers: { authorization }, useGETForQueries: true });
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  const { data } = await client.query({ query: gql`query Who { viewer { agent { displayName } } }` });
  assert.match(data.viewer.agent.displayName, /^Anna/);
  client.stop();
});

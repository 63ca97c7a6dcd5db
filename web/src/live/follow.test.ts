import { beforeEach, expect, test, vi } from 'vitest';
import type { TypedDocumentString } from '../gql/graphql';

interface Sink {
  next: (value: { data?: Frame; errors?: object[] }) => void;
  error: (error: unknown) => void;
}
interface Frame {
  previous?: string;
  cursor: string;
}

const opened: { variables: { after?: string }; sink: Sink; isEnded: boolean }[] = [];
const told = vi.fn();

vi.mock('graphql-ws', () => ({
  createClient: () => ({
    subscribe: (payload: { variables: { after?: string } }, sink: Sink) => {
      const subscription = { variables: payload.variables, sink, isEnded: false };
      opened.push(subscription);
      return () => {
        subscription.isEnded = true;
      };
    },
  }),
}));

beforeEach(() => {
  opened.length = 0;
  told.mockReset();
  vi.useFakeTimers();
});

async function begin(onRefused?: () => void, onAnew?: () => void) {
  const { follow } = await import('./follow');
  const { onSessionEnd } = await import('../lib/graphql');
  onSessionEnd(told);
  const seen: string[] = [];
  const stop = follow<Frame, object>({
    document: 'subscription' as unknown as TypedDocumentString<Frame, object>,
    variables: {},
    take: (frame, held) => {
      if (frame.previous !== undefined && frame.previous !== held) return undefined;
      seen.push(frame.cursor);
      return frame.cursor;
    },
    ...(onRefused && { onRefused }),
    ...(onAnew && { onAnew }),
  });
  return { seen, stop };
}

test('a frame that does not continue what is held makes it start anew without a cursor', async () => {
  const { seen } = await begin();
  opened[0]!.sink.next({ data: { cursor: 'a' } });
  opened[0]!.sink.next({ data: { previous: 'a', cursor: 'b' } });
  opened[0]!.sink.next({ data: { previous: 'x', cursor: 'y' } });
  await vi.runAllTimersAsync();
  expect(seen).toEqual(['a', 'b']);
  expect(opened[0]!.isEnded).toBe(true);
  expect(opened).toHaveLength(2);
  expect(opened[1]!.variables.after).toBeUndefined();
});

test('a session that has ended is told once, and nothing hammers at the door', async () => {
  const onRefused = vi.fn();
  await begin(onRefused);
  opened[0]!.sink.error([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  await vi.runAllTimersAsync();
  expect(told).toHaveBeenCalledOnce();
  expect(onRefused).not.toHaveBeenCalled();
  expect(opened).toHaveLength(1);
});

test('a cursor that the server has forgotten is dropped, and what was missed is read', async () => {
  const onAnew = vi.fn();
  await begin(undefined, onAnew);
  opened[0]!.sink.next({ data: { cursor: 'a' } });
  opened[0]!.sink.error([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  await vi.runAllTimersAsync();
  expect(onAnew).toHaveBeenCalledOnce();
  expect(opened[1]!.variables.after).toBeUndefined();
});

test('any other refusal is the caller’s to show', async () => {
  const onRefused = vi.fn();
  await begin(onRefused);
  opened[0]!.sink.next({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  expect(onRefused).toHaveBeenCalledOnce();
  expect(told).not.toHaveBeenCalled();
});

test('whoever has stopped is not started again', async () => {
  const { stop } = await begin();
  opened[0]!.sink.error(new Error('gone'));
  stop();
  await vi.runAllTimersAsync();
  expect(opened).toHaveLength(1);
});

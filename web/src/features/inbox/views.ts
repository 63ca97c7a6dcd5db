// The lists that an agent can look at, and what belongs into each.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { graphql } from '../../gql';
import type { ConversationFilter } from '../../gql/graphql';
import { reasonOf, request } from '../../lib/graphql';
import type { ConversationRow } from '../../live/fragments';
import { deskIds, putRow, rowOf, useStoreVersion } from '../../live/store';

const CONVERSATIONS = graphql(/* GraphQL */ `
  query Conversations(
    $filter: ConversationFilter
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    conversations(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      pageInfo {
        hasNextPage
        endCursor
        hasPreviousPage
        startCursor
      }
      nodes {
        ...ConversationRow
      }
    }
  }
`);

const PAGE_ROWS = 25;
/** The feed tells of the agent's own desk at once; what colleagues do is read again this often. */
const REREAD_MS = 30_000;

export const QUEUE_PREFIX = 'queue-';
const OPEN: readonly ConversationRow['status'][] = ['OPEN', 'ACTIVE', 'WAITING', 'WRAP_UP'];

type Test = (row: ConversationRow, me: string | undefined) => boolean;

/** Views that the feed carries whole. */
const DESK: Record<string, Test> = {
  mine: (row, me) => row.assignment?.agent?.id === me && row.status !== 'RESOLVED',
  unassigned: (row) => row.status === 'OPEN',
};

interface Paged {
  filter: ConversationFilter;
  /** The same as the filter, for what the feed tells. */
  test: (row: ConversationRow) => boolean;
  /** Who waits longest stands first; of what is over, the newest. */
  isNewestFirst: boolean;
}

function pagedView(view: string): Paged {
  if (view.startsWith(QUEUE_PREFIX)) {
    const queue = view.slice(QUEUE_PREFIX.length);
    return {
      filter: { queueIds: [queue], status: [...OPEN] },
      test: (row) => row.queue?.id === queue && OPEN.includes(row.status),
      isNewestFirst: false,
    };
  }
  const status = view === 'waiting' || view === 'resolved' ? view.toUpperCase() : undefined;
  const statuses = status ? [status as ConversationRow['status']] : OPEN;
  return {
    filter: { status: [...statuses] },
    test: (row) => statuses.includes(row.status),
    isNewestFirst: view === 'resolved',
  };
}

export interface View {
  ids: readonly string[];
  isLoading: boolean;
  /** Why the list could not be read. */
  problem: string | undefined;
  readAgain: () => void;
  hasMore: boolean;
  readMore: () => void;
}

/** Pages as they were read, mended by what the feed has told since. */
function mend(read: readonly string[], { test, isNewestFirst }: Paged, hasMore: boolean): string[] {
  const left = read.filter((id) => test(rowOf(id)!));
  const known = new Set(read);
  const come = deskIds((row) => test(row) && !known.has(row.id));
  const began = (id: string) => rowOf(id)!.createdAt;
  come.sort((one, other) => (began(one) < began(other) ? -1 : 1));
  if (isNewestFirst) return [...come.toReversed(), ...left];
  // Where pages are still to come, what has begun later comes with them.
  return hasMore ? left : [...left, ...come];
}

/** Ids of a view in order; what the feed tells shows at once, the rest is read page by page. */
export function useView(view: string, me: string | undefined): View {
  const version = useStoreVersion();
  const desk = DESK[view];
  const asked = useMemo(() => pagedView(view), [view]);
  const paged = useInfiniteQuery({
    queryKey: ['conversations', view],
    enabled: !desk,
    initialPageParam: null as string | null,
    refetchInterval: REREAD_MS,
    queryFn: async ({ pageParam, signal }) => {
      const place = asked.isNewestFirst
        ? { last: PAGE_ROWS, before: pageParam }
        : { first: PAGE_ROWS, after: pageParam };
      const variables = { filter: asked.filter, ...place };
      const page = (await request(CONVERSATIONS, variables, signal)).conversations;
      for (const row of page?.nodes ?? []) putRow(row);
      return page;
    },
    getNextPageParam: (page) => {
      const info = page?.pageInfo;
      if (asked.isNewestFirst) return info?.hasPreviousPage ? info.startCursor : null;
      return info?.hasNextPage ? info.endCursor : null;
    },
  });
  const rows = useMemo(
    () =>
      paged.data?.pages.flatMap((page) => {
        const nodes = page?.nodes ?? [];
        return asked.isNewestFirst ? nodes.toReversed() : nodes;
      }),
    [paged.data, asked],
  );
  useEffect(() => rows?.forEach(putRow), [rows]);
  const ids = useMemo(() => {
    if (desk) return deskIds((row) => desk(row, me));
    const read = rows?.map((row) => row.id).filter((id) => rowOf(id)) ?? [];
    return rows ? mend(read, asked, paged.hasNextPage) : [];
    // The store tells by its version that a row has changed.
  }, [desk, me, rows, asked, paged.hasNextPage, version]);
  return {
    ids,
    isLoading: !desk && paged.isPending,
    problem: paged.error ? reasonOf(paged.error) : undefined,
    readAgain: () => void paged.refetch(),
    hasMore: !desk && paged.hasNextPage,
    readMore: () => void (!paged.isFetchingNextPage && paged.fetchNextPage()),
  };
}

/** How many stand in a view of the desk. */
export function useDeskCount(view: 'mine' | 'unassigned', me: string | undefined): number {
  useStoreVersion();
  return deskIds((row) => DESK[view]!(row, me)).length;
}

/** How many wait for an agent, by queue. */
export function useWaitingByQueue(): Map<string, number> {
  useStoreVersion();
  const counts = new Map<string, number>();
  for (const id of deskIds((row) => row.status === 'OPEN')) {
    const queue = rowOf(id)!.queue?.id;
    if (queue) counts.set(queue, (counts.get(queue) ?? 0) + 1);
  }
  return counts;
}

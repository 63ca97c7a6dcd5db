// The lists that an agent can look at, and what belongs into each.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { graphql } from '../../gql';
import type { ConversationFilter } from '../../gql/graphql';
import { reasonOf, request } from '../../lib/graphql';
import type { ConversationRow } from '../../live/fragments';
import { deskIds, putRow, useStoreVersion } from '../../live/store';

const CONVERSATIONS = graphql(/* GraphQL */ `
  query Conversations($filter: ConversationFilter, $after: String) {
    conversations(filter: $filter, first: 25, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...ConversationRow
      }
    }
  }
`);

/** Lists that the agent feed does not carry are read again this often. */
const REREAD_MS = 10_000;

export const DESK_VIEWS = ['mine', 'unassigned'] as const;
export const PAGED_VIEWS = ['all', 'waiting', 'resolved'] as const;
export const QUEUE_PREFIX = 'queue-';

type Test = (row: ConversationRow, me: string | undefined) => boolean;

const DESK: Record<string, Test> = {
  mine: (row, me) => row.assignment?.agent?.id === me && row.status !== 'RESOLVED',
  unassigned: (row) => row.status === 'OPEN',
};

function filterOf(view: string): ConversationFilter {
  if (view.startsWith(QUEUE_PREFIX)) {
    return {
      queueIds: [view.slice(QUEUE_PREFIX.length)],
      status: ['OPEN', 'ACTIVE', 'WAITING', 'WRAP_UP'],
    };
  }
  if (view === 'waiting') return { status: ['WAITING'] };
  if (view === 'resolved') return { status: ['RESOLVED'] };
  return { status: ['OPEN', 'ACTIVE', 'WAITING', 'WRAP_UP'] };
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

/** Ids of a view in order; desk views are live, the others are read page by page. */
export function useView(view: string, me: string | undefined): View {
  const version = useStoreVersion();
  const test = DESK[view];
  const paged = useInfiniteQuery({
    queryKey: ['conversations', view],
    enabled: !test,
    initialPageParam: null as string | null,
    refetchInterval: REREAD_MS,
    queryFn: async ({ pageParam, signal }) => {
      const variables = { filter: filterOf(view), after: pageParam };
      return (await request(CONVERSATIONS, variables, signal)).conversations;
    },
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null),
  });
  const rows = useMemo(() => paged.data?.pages.flatMap((page) => page?.nodes ?? []), [paged.data]);
  useEffect(() => rows?.forEach(putRow), [rows]);
  const ids = useMemo(
    () => (test ? deskIds((row) => test(row, me)) : (rows?.map((row) => row.id) ?? [])),
    // The store tells by its version that the desk has changed.
    [test, me, rows, version],
  );
  return {
    ids,
    isLoading: !test && paged.isPending,
    problem: paged.error ? reasonOf(paged.error) : undefined,
    readAgain: () => void paged.refetch(),
    hasMore: !test && paged.hasNextPage,
    readMore: () => void (!paged.isFetchingNextPage && paged.fetchNextPage()),
  };
}

export function useDeskCount(view: 'mine' | 'unassigned', me: string | undefined): number {
  useStoreVersion();
  return deskIds((row) => DESK[view]!(row, me)).length;
}

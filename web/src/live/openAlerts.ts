// What goes on and should be looked at; supervisors and admins hear of it on the feed.
import { useQuery } from '@tanstack/react-query';
import { graphql } from '../gql';
import { queries, request } from '../lib/graphql';

export const ALERT_ITEM = graphql(/* GraphQL */ `
  fragment AlertItem on Alert {
    id
    kind
    text
    raisedAt
    renewedAt
    count
    acknowledgedAt
    acknowledgedBy {
      id
      displayName
    }
    clearedAt
    subject {
      __typename
      ... on ChannelAccount {
        id
        name
      }
    }
  }
`);

const ALERTS = graphql(/* GraphQL */ `
  query Alerts($open: Boolean!) {
    alerts(last: 50, open: $open) {
      nodes {
        ...AlertItem
      }
    }
  }
`);

const KEY = 'alerts';

/** The newest first. */
export function useAlerts(isOpen: boolean, isEnabled = true) {
  return useQuery({
    queryKey: [KEY, isOpen],
    enabled: isEnabled,
    queryFn: async ({ signal }) =>
      (await request(ALERTS, { open: isOpen }, signal)).alerts?.nodes.toReversed() ?? [],
  });
}

/** How many go on that nobody has seen. */
export function useUnseenAlerts(isEnabled: boolean): number {
  const { data } = useAlerts(true, isEnabled);
  return data?.filter((alert) => alert.acknowledgedAt === null).length ?? 0;
}

export function alertsHaveChanged() {
  void queries.invalidateQueries({ queryKey: [KEY] });
}

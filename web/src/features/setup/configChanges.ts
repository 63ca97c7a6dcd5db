// A change by another admin, or by the server, shows at once.
import { useEffect } from 'react';
import { graphql } from '../../gql';
import { refreshAll } from '../../lib/graphql';
import { follow } from '../../live/follow';

const CONFIG_CHANGES = graphql(/* GraphQL */ `
  subscription ConfigChanges($after: EventCursor) {
    configChanges(after: $after) {
      position {
        cursor
      }
    }
  }
`);

export function useConfigChanges() {
  useEffect(
    () =>
      follow({
        document: CONFIG_CHANGES,
        variables: {},
        onAnew: () => void refreshAll(),
        take: ({ configChanges }) => {
          void refreshAll();
          return configChanges.position.cursor;
        },
      }),
    [],
  );
}

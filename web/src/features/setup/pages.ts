/** Pages of the set-up by what they are about, in the order in which an admin needs them. */
export const SETUP_GROUPS = {
  channel: ['telesign', 'numbers'],
  routing: ['workstreams', 'queues'],
  consent: ['consents', 'keywords', 'answers'],
  system: ['people', 'tokens', 'callbacks', 'quarantine', 'audit'],
} as const;

export type SetupGroup = keyof typeof SETUP_GROUPS;
export type SetupPageName = (typeof SETUP_GROUPS)[SetupGroup][number];

export const SETUP_PAGES: readonly SetupPageName[] = Object.values(SETUP_GROUPS).flat();

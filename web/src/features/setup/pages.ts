/** Pages of the set-up, in the order in which an admin needs them. */
export const SETUP_PAGES = [
  'telesign',
  'numbers',
  'workstreams',
  'queues',
  'people',
  'tokens',
  'callbacks',
] as const;

export type SetupPageName = (typeof SETUP_PAGES)[number];

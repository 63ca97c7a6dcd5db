// Whose texts this browser keeps. A colleague who signs in here finds none of them, and sends none.

let owner = '';

export function setOwner(agentId: string | undefined) {
  owner = agentId ?? '';
}

/** The name under which something of the agent who is signed in is kept. */
export function ownKey(name: string): string {
  return `${owner}:${name}`;
}

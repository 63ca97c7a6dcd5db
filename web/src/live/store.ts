// Conversations that this browser knows, by id. One event costs one row, however many there are.
import { useSyncExternalStore } from 'react';
import type { ConversationRow } from './fragments';

const rows = new Map<string, ConversationRow>();
/** What the agent feed says is mine or open work of my queues. */
const desk = new Set<string>();
const rowListeners = new Map<string, Set<() => void>>();
const listeners = new Set<() => void>();
let version = 0;
let frame = 0;
const changed = new Set<string>();

/** Listeners hear once a frame, whatever the number of events. */
function tell(id?: string) {
  if (id !== undefined) changed.add(id);
  frame ||= requestAnimationFrame(flush);
}

function flush() {
  frame = 0;
  version += 1;
  for (const id of changed) for (const listener of rowListeners.get(id) ?? []) listener();
  changed.clear();
  for (const listener of listeners) listener();
}

/** Takes a row unless a newer one is known: answers and events may cross. */
export function putRow(row: ConversationRow) {
  const known = rows.get(row.id);
  if (known && known.updatedAt > row.updatedAt) return;
  rows.set(row.id, row);
  tell(row.id);
}

export function putOnDesk(row: ConversationRow) {
  desk.add(row.id);
  putRow(row);
}

export function takeOffDesk(id: string) {
  if (desk.delete(id)) tell(id);
}

export function replaceDesk(fresh: readonly ConversationRow[]) {
  desk.clear();
  for (const row of fresh) putOnDesk(row);
  tell();
}

/** A text that came by itself is the row's last one, if it is newer. */
export function putLastMessage(id: string, message: NonNullable<ConversationRow['lastMessage']>) {
  const row = rows.get(id);
  if (!row || (row.lastMessage?.sequence ?? 0) > message.sequence) return;
  rows.set(id, { ...row, lastMessage: message });
  tell(id);
}

export function rowOf(id: string): ConversationRow | undefined {
  return rows.get(id);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useRow(id: string): ConversationRow | undefined {
  const subscribe = (listener: () => void) => {
    const known = rowListeners.get(id) ?? new Set();
    rowListeners.set(id, known.add(listener));
    return () => {
      known.delete(listener);
      if (known.size === 0) rowListeners.delete(id);
    };
  };
  return useSyncExternalStore(subscribe, () => rows.get(id));
}

/** Grows with each frame in which something changed. */
export function useStoreVersion(): number {
  return useSyncExternalStore(listen, () => version);
}

/** Ids on the desk that the test lets through, the latest text first. */
export function deskIds(isWanted: (row: ConversationRow) => boolean): string[] {
  return [...desk]
    .map((id) => rows.get(id))
    .filter((row) => row !== undefined && isWanted(row))
    .sort((one, other) => order(one!, other!))
    .map((row) => row!.id);
}

function order(one: ConversationRow, other: ConversationRow): number {
  const [left, right] = [lastAt(one), lastAt(other)];
  return left < right ? 1 : left > right ? -1 : one.id < other.id ? -1 : 1;
}

export function lastAt(row: ConversationRow): string {
  return row.lastMessage?.createdAt ?? row.createdAt;
}

// What was typed and not sent, by conversation. It survives a reload and a change of view.
import { useSyncExternalStore } from 'react';
import { ownKey } from './owner';

const listeners = new Set<() => void>();

function keyOf(conversationId: string): string {
  return ownKey(`draft:${conversationId}`);
}

export function draftOf(conversationId: string): string {
  return localStorage.getItem(keyOf(conversationId)) ?? '';
}

export function keepDraft(conversationId: string, text: string) {
  if (text === draftOf(conversationId)) return;
  if (text === '') localStorage.removeItem(keyOf(conversationId));
  else localStorage.setItem(keyOf(conversationId), text);
  for (const listener of listeners) listener();
}

/** Puts a text that was not sent before whatever has been typed since. */
export function giveBackDraft(conversationId: string, text: string) {
  const typed = draftOf(conversationId);
  keepDraft(conversationId, typed === '' ? text : `${text}\n${typed}`);
}

export function useDraft(conversationId: string): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => draftOf(conversationId),
  );
}

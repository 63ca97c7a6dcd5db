// Keys of the whole window: plain letters never act while somebody writes.
import { useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function isOverlayOpen(): boolean {
  return document.querySelector('[role=dialog],[role=alertdialog],[role=menu]') !== null;
}

export function areKeysOn(): boolean {
  return localStorage.getItem('keys') !== 'off';
}

/** React Aria stops the keys that it handles, so these listen before it does. */
export function useKeys(map: KeyMap) {
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  const names = Object.keys(map).join(' ');
  useEffect(() => {
    const bound: KeyMap = {};
    for (const name of names.split(' ').filter(Boolean)) {
      bound[name] = (event) => {
        if (event.isComposing) return;
        const isChord = name.includes('$mod');
        if (!isChord && (isWriting(event.target) || isOverlayOpen() || !areKeysOn())) return;
        event.preventDefault();
        latest.current[name]?.(event);
      };
    }
    return tinykeys(window, bound, { event: 'keydown', capture: true } as never);
  }, [names]);
}

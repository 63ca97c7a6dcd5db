// What an agent hears and sees of a text while looking elsewhere.
import { rowOf } from './store';

export const SOUND_RULES = ['mine', 'desk', 'off'] as const;
export type SoundRule = (typeof SOUND_RULES)[number];

const TONE_HZ = 660;
const TONE_SECONDS = 0.18;

let me: string | undefined;
let openConversation: (id: string) => void = () => undefined;
let unseen = 0;
let audio: AudioContext | undefined;

export function setAlertedAgent(id: string | undefined) {
  me = id;
}

/** What a press on a notification does. */
export function onNotificationPress(open: (id: string) => void) {
  openConversation = open;
}

export function soundRule(): SoundRule {
  const stored = localStorage.getItem('sound');
  return SOUND_RULES.find((rule) => rule === stored) ?? 'mine';
}

export function setSoundRule(rule: SoundRule) {
  localStorage.setItem('sound', rule);
}

/** Browsers let a page make a sound only after its user has done something. */
export function unlockSound() {
  const unlock = () => {
    audio ??= new AudioContext();
    void audio.resume();
  };
  addEventListener('keydown', unlock, { once: true });
  addEventListener('pointerdown', unlock, { once: true });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') show(0);
  });
}

export function playTone() {
  if (!audio || audio.state !== 'running') return;
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = TONE_HZ;
  gain.gain.setValueAtTime(0.12, audio.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + TONE_SECONDS);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start();
  oscillator.stop(audio.currentTime + TONE_SECONDS);
}

function show(count: number) {
  unseen = count;
  const title = document.title.replace(/^\(\d+\) /, '');
  document.title = count > 0 ? `(${count}) ${title}` : title;
}

/** A customer's text has come. */
export function announce(conversationId: string, text: string) {
  const row = rowOf(conversationId);
  const isMine = row?.assignment?.agent?.id === me;
  const rule = soundRule();
  if (rule === 'off' || (rule === 'mine' && !isMine)) return;
  playTone();
  if (document.visibilityState === 'visible') return;
  show(unseen + 1);
  if (typeof Notification !== 'undefined' && Notification.permission === 'granted') {
    const title = row?.customer.displayName ?? '';
    const notification = new Notification(title, { body: text, tag: conversationId });
    notification.onclick = () => {
      window.focus();
      openConversation(conversationId);
      notification.close();
    };
  }
}

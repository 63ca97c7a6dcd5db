import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys';
import { TEXT_CHARACTERS_MAX, segmentsOf } from '../../lib/segments';
import { giveBackDraft, keepDraft, useDraft } from '../../live/drafts';
import type { ConversationRow } from '../../live/fragments';
import { send } from '../../live/outbox';
import type { Thread } from '../../live/thread';
import { Button } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { resolve } from '../thread/act';
import { rowOf } from '../../live/store';
import { Meter } from '../../ui/Meter';

/** Why nothing can be written here. */
function whyNot(row: ConversationRow): 'resolved' | 'optedOut' | 'notYours' {
  if (row.status === 'RESOLVED') return 'resolved';
  return row.optedOut ? 'optedOut' : 'notYours';
}

interface ComposerProps {
  row: ConversationRow;
  thread: Thread;
  onResolved: () => void;
}

export function Composer({ row, thread, onResolved }: ComposerProps) {
  const { t } = useTranslation();
  const meter = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const text = useDraft(row.id);
  const [refusal, setRefusal] = useState<string>();
  const segments = segmentsOf(text);
  const canReply = row.viewerCan.includes('REPLY');
  const canSend = text.trim() !== '' && segments.characters <= TEXT_CHARACTERS_MAX;
  useKeys({ r: () => box.current?.focus() });

  const sendNow = async (thenResolve: boolean) => {
    if (!canSend) return;
    keepDraft(row.id, '');
    setRefusal(undefined);
    const outcome = await send(row.id, text);
    if (outcome.refusal) {
      giveBackDraft(row.id, text);
      setRefusal(outcome.refusal);
      return;
    }
    if (outcome.message) thread.put([outcome.message]);
    if (thenResolve && (await resolve(rowOf(row.id) ?? row))) onResolved();
  };

  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') box.current?.blur();
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      void sendNow(event.shiftKey);
    }
  };

  if (!canReply) {
    return (
      <div className="border-t border-line bg-panel p-3 text-center text-muted">
        {t(`composer.${whyNot(row)}`)}
      </div>
    );
  }
  return (
    <div className="grid gap-2 border-t border-line bg-panel p-3">
      {refusal && <Notice tone="bad">{refusal}</Notice>}
      <div className="rounded-xl border border-line-strong p-2.5 focus-within:border-accent">
        <textarea
          ref={box}
          rows={3}
          dir="auto"
          value={text}
          aria-label={t('composer.label')}
          aria-describedby={meter}
          placeholder={t('composer.placeholder', { name: row.customer.displayName })}
          onChange={(event) => keepDraft(row.id, event.target.value)}
          onKeyDown={pressed}
          className="block w-full resize-none bg-transparent outline-none placeholder:text-muted"
        />
        <div className="mt-2 flex flex-wrap items-center gap-3">
          <Meter id={meter} segments={segments} />
          <span className="ms-auto text-xs text-muted">
            {t('composer.from')} <bdi dir="ltr">{row.supportNumber.number}</bdi>
          </span>
          <Button look="primary" isDisabled={!canSend} onPress={() => void sendNow(false)}>
            {t('composer.send')}
          </Button>
        </div>
      </div>
    </div>
  );
}

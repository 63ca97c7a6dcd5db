// A customer's telephone on the page. What is sent here goes the way of every text.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowUp } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from '../../lib/graphql';
import { PHONE_KEY, setupMayHaveMoved } from '../../live/setup';
import { Button } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { joinSimulator, phoneTexts, textIn } from './simulator';

/** Nobody has this number. */
const CUSTOMER = '14155550123';
/** The desk tells of most; a text that this agent does not see is found by then. */
const REREAD_MS = 3_000;
const KEPT_KEY = 'phone.sent';

interface Sent {
  text: string;
  atMs: number;
}

function keptTexts(): Sent[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT_KEY) ?? '[]') as Sent[];
  } catch {
    return [];
  }
}

export function Phone() {
  const { t } = useTranslation();
  const { data: number, error } = useQuery({
    queryKey: ['joinSimulator'],
    queryFn: joinSimulator,
  });
  const { data: received } = useQuery({
    queryKey: [PHONE_KEY],
    refetchInterval: REREAD_MS,
    queryFn: () => phoneTexts(CUSTOMER),
  });
  const [sent, setSent] = useState(keptTexts);
  const texts = [
    ...sent.map((one) => ({ ...one, isMine: true })),
    ...(received ?? []).map(({ text, atMs }) => ({ text, atMs, isMine: false })),
  ].sort((one, other) => one.atMs - other.atMs);

  const send = async (text: string) => {
    const now = [...sent, { text, atMs: Date.now() }];
    await textIn(CUSTOMER, number!, text);
    setSent(now);
    sessionStorage.setItem(KEPT_KEY, JSON.stringify(now));
    setupMayHaveMoved();
  };
  return (
    <section aria-label={t('firstRun.phone.title')} className="grid content-start gap-3">
      <div className="mx-auto flex h-104 w-full max-w-72 flex-col overflow-hidden rounded-[28px] border-4 border-line-strong bg-panel shadow-float">
        <header className="border-b border-line px-4 py-3 text-center">
          <p className="text-xs text-muted">{t('firstRun.phone.you')}</p>
          <p className="font-semibold">
            <bdi dir="ltr">+{number ?? '…'}</bdi>
          </p>
        </header>
        <Texts texts={texts} />
        <Writing canSend={Boolean(number)} onSend={send} />
      </div>
      {error && <Notice tone="bad">{reasonOf(error)}</Notice>}
      <p className="text-center text-xs text-muted">
        {t('firstRun.phone.why')}{' '}
        {sent.length > 0 && (
          <Link
            to="/inbox/$view"
            params={{ view: 'unassigned' }}
            className="text-accent underline underline-offset-2"
          >
            {t('firstRun.phone.open')}
          </Link>
        )}
      </p>
    </section>
  );
}

function Texts({ texts }: { texts: readonly (Sent & { isMine: boolean })[] }) {
  const { t } = useTranslation();
  const log = useRef<HTMLDivElement>(null);
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [texts.length]);
  return (
    <div
      ref={log}
      role="log"
      aria-label={t('firstRun.phone.texts')}
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col gap-1.5 overflow-auto bg-ground p-3"
    >
      <div className="mt-auto" />
      {texts.map((one) => (
        <p
          key={`${one.isMine} ${one.atMs} ${one.text}`}
          dir="auto"
          className={`max-w-[85%] rounded-[14px] px-3 py-2 whitespace-pre-wrap wrap-break-word ${one.isMine ? 'self-end bg-accent text-on-accent' : 'self-start border border-line bg-panel'}`}
        >
          {one.text}
        </p>
      ))}
    </div>
  );
}

interface WritingProps {
  canSend: boolean;
  onSend: (text: string) => Promise<void>;
}

function Writing({ canSend, onSend }: WritingProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => (keptTexts().length > 0 ? '' : t('firstRun.phone.first')));
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const isReady = canSend && !isBusy && text.trim() !== '';
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      await onSend(text.trim());
      setText('');
    } catch (error) {
      setProblem(reasonOf(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void send(event)} className="border-t border-line p-2">
      {problem && (
        <p role="alert" className="px-2 pb-1 text-xs text-bad">
          {problem}
        </p>
      )}
      <div className="flex gap-2">
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label={t('firstRun.phone.placeholder')}
          placeholder={t('firstRun.phone.placeholder')}
          dir="auto"
          className="h-8 min-w-0 flex-1 rounded-lg border border-line-strong bg-panel px-3 placeholder:text-muted"
        />
        <Button
          look="primary"
          type="submit"
          aria-label={t('firstRun.phone.send')}
          isDisabled={!isReady}
        >
          <ArrowUp className="size-4" />
        </Button>
      </div>
    </form>
  );
}

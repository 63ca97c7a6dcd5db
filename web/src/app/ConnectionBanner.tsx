import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ago } from '../lib/time';
import { connectionLostAt, useConnection } from '../live/connection';

/** A lost connection that comes back at once is nobody's business. */
const SHOWN_AFTER_MS = 1_500;

/** Says quietly that what is shown may be old; typing goes on. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const state = useConnection();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (state !== 'offline') return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [state]);
  const lostAt = connectionLostAt();
  if (state !== 'offline' || lostAt === undefined || now - lostAt < SHOWN_AFTER_MS) return null;
  return (
    <div
      role="status"
      className="flex items-center gap-2 border-b border-warn/30 bg-warn-soft px-4 py-1.5 text-warn"
    >
      <WifiOff aria-hidden className="size-4" />
      {t('connection.offline', { since: ago(new Date(lostAt).toISOString(), now) })}
    </div>
  );
}

const COLOURS = { live: 'bg-ok', connecting: 'bg-warn', offline: 'bg-bad' };

export function ConnectionDot() {
  const { t } = useTranslation();
  const state = useConnection();
  const label = t(`connection.${state}Short`);
  return (
    <span title={label} className="grid size-8 place-items-center">
      <span className={`size-2.5 rounded-full ${COLOURS[state]}`} />
      <span className="sr-only" role="status">
        {label}
      </span>
    </span>
  );
}

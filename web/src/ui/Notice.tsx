import type { ReactNode } from 'react';

const TONES = {
  info: 'border-accent-line bg-accent-soft',
  ok: 'border-ok/30 bg-ok-soft',
  warn: 'border-warn/30 bg-warn-soft',
  bad: 'border-bad/30 bg-bad-soft',
} as const;

/** Something that has to be known here; a bad one is read out at once. */
export function Notice({ tone, children }: { tone: keyof typeof TONES; children: ReactNode }) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={`rounded-lg border px-3 py-2 ${TONES[tone]}`}
    >
      {children}
    </div>
  );
}

interface EmptyProps {
  title: string;
  icon?: ReactNode;
  children?: ReactNode;
}

/** Nothing is here, why, and what to do next. */
export function Empty({ title, icon, children }: EmptyProps) {
  return (
    <div className="grid h-full min-h-40 place-content-center justify-items-center gap-2 p-8 text-center text-muted">
      {icon}
      <p className="font-medium text-soft">{title}</p>
      {children}
    </div>
  );
}

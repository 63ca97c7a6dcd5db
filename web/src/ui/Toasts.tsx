import { X } from 'lucide-react';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
  Text,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button';

interface Said {
  text: string;
  tone: 'ok' | 'bad';
}

const SHOWN_MS = 6_000;
const queue = new ToastQueue<Said>({ maxVisibleToasts: 3 });

export function sayDone(text: string) {
  queue.add({ text, tone: 'ok' }, { timeout: SHOWN_MS });
}

/** Stays until it is closed: what failed must not pass by unseen. */
export function sayFailed(text: string) {
  queue.add({ text, tone: 'bad' });
}

export function Toasts() {
  const { t } = useTranslation();
  return (
    <ToastRegion
      queue={queue}
      aria-label={t('common.notifications')}
      className="fixed inset-e-4 bottom-4 z-30 grid gap-2 outline-none"
    >
      {({ toast }) => (
        <Toast
          toast={toast}
          className={`flex max-w-sm items-center gap-3 rounded-xl border bg-panel py-2 ps-4 pe-2 shadow-float outline-none ${toast.content.tone === 'bad' ? 'border-bad' : 'border-line'}`}
        >
          <ToastContent className="min-w-0 flex-1">
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          <IconButton slot="close" label={t('common.close')}>
            <X className="size-4" />
          </IconButton>
        </Toast>
      )}
    </ToastRegion>
  );
}

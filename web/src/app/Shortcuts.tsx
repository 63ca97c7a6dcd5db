import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog';
import { Key } from '../ui/Key';

const KEYS = [
  ['J', 'next'],
  ['K', 'previous'],
  ['R', 'reply'],
  ['P', 'pick'],
  ['W', 'wait'],
  ['E', 'resolve'],
  ['C', 'compose'],
  ['Ctrl ↵', 'send'],
  ['Ctrl ⇧ ↵', 'sendAndResolve'],
  ['Ctrl K', 'palette'],
  ['?', 'shortcuts'],
  ['Esc', 'leave'],
] as const;

export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('nav.shortcuts')} isOpen onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
        {KEYS.map(([key, name]) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid items-center">
            <dt>
              <span className="sr-only">{key}</span>
              <Key name={key} />
            </dt>
            <dd>{t(`shortcuts.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

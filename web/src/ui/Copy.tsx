import { Check, Copy as CopyIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button';

const SHOWN_MS = 2_000;

/** A value to take away whole. */
export function Copy({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation();
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), SHOWN_MS);
  };
  return (
    <div className="flex items-center gap-1 rounded-lg border border-line bg-sunken ps-3 pe-1">
      <code
        aria-label={label}
        role="textbox"
        aria-readonly
        tabIndex={0}
        dir="ltr"
        className="min-w-0 flex-1 overflow-x-auto py-2 font-mono text-xs whitespace-nowrap"
      >
        {value}
      </code>
      <IconButton label={t(isCopied ? 'common.copied' : 'common.copy')} onPress={() => void copy()}>
        {isCopied ? <Check className="size-4" /> : <CopyIcon className="size-4" />}
      </IconButton>
    </div>
  );
}

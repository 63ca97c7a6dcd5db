import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components';

interface ToggleProps {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  isDisabled?: boolean;
  children: ReactNode;
}

/** On or off, at once. */
export function Toggle({ isOn, onChange, isDisabled = false, children }: ToggleProps) {
  return (
    <Switch
      isSelected={isOn}
      onChange={onChange}
      isDisabled={isDisabled}
      className="group flex items-center gap-3"
    >
      <span className="h-5 w-9 shrink-0 rounded-full bg-line-strong p-0.5 group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-accent group-data-[selected]:bg-accent">
        <span className="block size-4 rounded-full bg-panel transition-transform group-data-[selected]:translate-x-4 rtl:group-data-[selected]:-translate-x-4" />
      </span>
      {children}
    </Switch>
  );
}

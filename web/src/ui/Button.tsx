import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  Tooltip,
  TooltipTrigger,
  type ButtonProps as AriaButtonProps,
} from 'react-aria-components';
import { Key } from './Key';

const LOOKS = {
  primary: 'border-accent bg-accent text-on-accent data-[hovered]:opacity-90',
  plain: 'border-line-strong bg-panel text-text data-[hovered]:bg-hover',
  quiet: 'border-transparent bg-transparent text-soft data-[hovered]:bg-hover',
  danger: 'border-bad bg-bad text-panel data-[hovered]:opacity-90',
} as const;

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  look?: keyof typeof LOOKS;
  /** The key that does the same. */
  shortcut?: string;
  children: ReactNode;
}

export function Button({ look = 'plain', shortcut, children, ...props }: ButtonProps) {
  return (
    <AriaButton
      {...props}
      className={`inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-lg border px-3 font-medium whitespace-nowrap data-[disabled]:opacity-50 [&>svg]:shrink-0 ${LOOKS[look]}`}
    >
      {children}
      {shortcut && <Key name={shortcut} />}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  label: string;
  children: ReactNode;
}

/** A button of one icon; its name is read out and shown on hovering. */
export function IconButton({ label, children, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={400}>
      <AriaButton
        {...props}
        aria-label={label}
        className="inline-flex size-8 items-center justify-center rounded-lg text-soft data-[disabled]:opacity-50 data-[hovered]:bg-hover"
      >
        {children}
      </AriaButton>
      <Tooltip className="rounded-md bg-text px-2 py-1 text-xs text-panel" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}

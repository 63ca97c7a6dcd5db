// What a list is narrowed to. Each takes effect at once; none belongs to a form.
import { ChevronDown, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import {
  Button as AriaButton,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  TextField,
} from 'react-aria-components';
import type { Choice } from './Field';

const BOX =
  'h-8 w-full min-w-0 rounded-lg border border-line-strong bg-panel px-2.5 text-text placeholder:text-muted';
const ANY = 'any';

export function FilterBar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div
      role="search"
      aria-label={label}
      className="mb-3 grid grid-cols-[repeat(auto-fill,minmax(min(13rem,100%),1fr))] items-end gap-2"
    >
      {children}
    </div>
  );
}

interface FilterProps {
  label: string;
  value: string | undefined;
  /** Nothing: this narrows no longer. */
  onChange: (value: string | undefined) => void;
}

export function FilterSelect(props: FilterProps & { any?: string; choices: readonly Choice[] }) {
  const { label, value, onChange, any, choices } = props;
  return (
    <Select
      className="grid min-w-36 grid-cols-[minmax(0,1fr)] gap-1"
      value={value ?? ANY}
      onChange={(key) => onChange(key === ANY ? undefined : String(key))}
    >
      <Label className="text-xs text-muted">{label}</Label>
      <AriaButton className={`${BOX} flex items-center gap-2 text-start`}>
        <SelectValue className="min-w-0 flex-1 truncate" />
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
      </AriaButton>
      <Popover className="min-w-(--trigger-width) rounded-lg border border-line bg-panel p-1 shadow-float">
        <ListBox
          className="max-h-72 overflow-auto outline-none"
          items={any === undefined ? choices : [{ id: ANY, name: any }, ...choices]}
        >
          {(choice) => (
            <ListBoxItem
              id={choice.id}
              textValue={choice.name}
              className="cursor-default rounded-md px-3 py-1.5 outline-none data-[focused]:bg-accent-soft data-[selected]:font-semibold"
            >
              {choice.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

interface TextProps extends FilterProps {
  type?: 'text' | 'tel' | 'datetime-local';
  clear: string;
}

/** Takes effect on Enter or when it is left: not with each letter. */
export function FilterText({ label, value, onChange, type = 'text', clear }: TextProps) {
  const [text, setText] = useState(value ?? '');
  const commit = (wanted = text.trim()) => {
    if (wanted !== (value ?? '')) onChange(wanted || undefined);
  };
  return (
    <TextField
      className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1"
      value={text}
      onChange={setText}
      type={type as 'text'}
      autoComplete="off"
    >
      <Label className="text-xs text-muted">{label}</Label>
      <span className="relative">
        <Input
          className={`${BOX} ${text ? 'pe-8' : ''}`}
          onBlur={() => commit()}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
          }}
        />
        {text && (
          <AriaButton
            aria-label={clear}
            className="absolute inset-e-1 inset-y-1 grid size-6 place-items-center rounded-md text-muted data-[hovered]:bg-hover"
            onPress={() => {
              setText('');
              commit('');
            }}
          >
            <X className="size-3.5" />
          </AriaButton>
        )}
      </span>
    </TextField>
  );
}

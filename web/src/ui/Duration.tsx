import { useState } from 'react';
import { ChevronDown } from 'lucide-react';
import {
  Button,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
  TextField,
} from 'react-aria-components';
import { Controller, type Control, type FieldPath, type FieldValues } from 'react-hook-form';
import { useTranslation } from 'react-i18next';

/** Largest first: a time is shown in the largest that it is a multiple of. */
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
const SECONDS_OF: Record<string, number> = Object.fromEntries(UNITS);

const BOX =
  'h-9 rounded-lg border border-line-strong bg-panel px-3 text-text data-[invalid]:border-bad';

interface DurationProps<Values extends FieldValues> {
  control: Control<Values>;
  name: FieldPath<Values>;
  label: string;
  help?: string;
}

/** A time in a unit that people count in; the form holds seconds. */
export function Duration<Values extends FieldValues>(props: DurationProps<Values>) {
  const { control, name, label, help } = props;
  return (
    <Controller
      control={control}
      name={name}
      render={({ field, fieldState }) => (
        <Boxes
          name={field.name}
          seconds={field.value as number}
          onChange={field.onChange}
          label={label}
          help={help}
          problem={fieldState.error?.message}
        />
      )}
    />
  );
}

interface BoxesProps {
  name: string;
  seconds: number;
  onChange: (seconds: number) => void;
  label: string;
  help: string | undefined;
  problem: string | undefined;
}

function Boxes({ name, seconds, onChange, label, help, problem }: BoxesProps) {
  const { t } = useTranslation();
  const [unit, setUnit] = useState(
    () => UNITS.find(([, size]) => seconds % size === 0)?.[0] ?? 'minute',
  );
  const [count, setCount] = useState(() => String(seconds / SECONDS_OF[unit]!));
  const tell = (number: string, of: string) =>
    onChange(Math.round(Number(number) * SECONDS_OF[of]!));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_8rem] items-end gap-x-2 gap-y-1">
      <TextField
        className="contents"
        name={name}
        type="number"
        value={count}
        onChange={(number) => {
          setCount(number);
          tell(number, unit);
        }}
        isInvalid={problem !== undefined}
        validationBehavior="aria"
      >
        <Label className="col-span-2 font-medium">{label}</Label>
        <Input className={`${BOX} min-w-0 tabular-nums`} />
        <UnitSelect
          label={t('units.label', { of: label })}
          unit={unit}
          onChange={(chosen) => {
            setUnit(chosen);
            tell(count, chosen);
          }}
        />
        {help && (
          <Text slot="description" className="col-span-2 text-xs text-muted">
            {help}
          </Text>
        )}
        <FieldError className="col-span-2 text-xs font-medium text-bad">{problem}</FieldError>
      </TextField>
    </div>
  );
}

type Unit = (typeof UNITS)[number][0];

interface UnitProps {
  label: string;
  unit: Unit;
  onChange: (unit: Unit) => void;
}

function UnitSelect({ label, unit, onChange }: UnitProps) {
  const { t } = useTranslation();
  return (
    <Select aria-label={label} value={unit} onChange={(key) => onChange(key as Unit)}>
      <Button className={`${BOX} flex w-full items-center gap-2 text-start`}>
        <SelectValue className="min-w-0 flex-1 truncate" />
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
      </Button>
      <Popover className="min-w-(--trigger-width) rounded-lg border border-line bg-panel p-1 shadow-float">
        <ListBox className="outline-none">
          {UNITS.map(([id]) => (
            <ListBoxItem
              key={id}
              id={id}
              textValue={t(`units.${id}`)}
              className="cursor-default rounded-md px-3 py-1.5 outline-none data-[focused]:bg-accent-soft data-[selected]:font-semibold"
            >
              {t(`units.${id}`)}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

import type { ReactNode } from 'react';
import {
  Checkbox,
  CheckboxGroup,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Button,
  Text,
  TextArea,
  TextField,
} from 'react-aria-components';
import { Check, ChevronDown } from 'lucide-react';
import { Controller, type Control, type FieldPath, type FieldValues } from 'react-hook-form';

const BOX =
  'rounded-lg border border-line-strong bg-panel px-3 text-text placeholder:text-muted data-[invalid]:border-bad';

interface Common<Values extends FieldValues> {
  control: Control<Values>;
  name: FieldPath<Values>;
  label: string;
  help?: string | undefined;
}

interface TextProps<Values extends FieldValues> extends Common<Values> {
  type?: 'text' | 'email' | 'password' | 'tel' | 'number';
  autoComplete?: string;
  lines?: number;
  required?: string | undefined;
  isCode?: boolean;
}

/** A line or some lines of text; what is wrong with it stands under it. */
export function TextInput<Values extends FieldValues>(props: TextProps<Values>) {
  const {
    control,
    name,
    label,
    help,
    type = 'text',
    autoComplete = 'off',
    lines,
    required,
  } = props;
  return (
    <Controller
      control={control}
      name={name}
      rules={required ? { required } : {}}
      render={({ field, fieldState }) => (
        <TextField
          className="grid gap-1"
          name={field.name}
          value={field.value ?? ''}
          onChange={field.onChange}
          onBlur={field.onBlur}
          type={type}
          autoComplete={autoComplete}
          isInvalid={fieldState.invalid}
          validationBehavior="aria"
        >
          <Label className="font-medium">{label}</Label>
          {lines ? (
            <TextArea ref={field.ref} rows={lines} className={`${BOX} py-2`} dir="auto" />
          ) : (
            <Input
              ref={field.ref}
              className={`${BOX} h-9 ${props.isCode ? 'font-mono' : ''}`}
              spellCheck={props.isCode ? false : undefined}
            />
          )}
          {help && (
            <Text slot="description" className="text-xs text-muted">
              {help}
            </Text>
          )}
          <FieldError className="text-xs font-medium text-bad">
            {fieldState.error?.message}
          </FieldError>
        </TextField>
      )}
    />
  );
}

export interface Choice {
  id: string;
  name: string;
}

interface SelectProps<Values extends FieldValues> extends Common<Values> {
  choices: readonly Choice[];
  placeholder: string;
  required?: string | undefined;
}

/** One of several. */
export function Select<Values extends FieldValues>(props: SelectProps<Values>) {
  const { control, name, label, help, choices, placeholder, required } = props;
  return (
    <Controller
      control={control}
      name={name}
      rules={required ? { required } : {}}
      render={({ field, fieldState }) => (
        <AriaSelect
          className="grid gap-1"
          name={field.name}
          value={field.value || null}
          onChange={(key) => field.onChange(key)}
          isInvalid={fieldState.invalid}
          validationBehavior="aria"
          placeholder={placeholder}
        >
          <Label className="font-medium">{label}</Label>
          <Button ref={field.ref} className={`${BOX} flex h-9 items-center gap-2 text-start`}>
            <SelectValue className="min-w-0 flex-1 truncate data-[placeholder]:text-muted" />
            <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
          </Button>
          {help && (
            <Text slot="description" className="text-xs text-muted">
              {help}
            </Text>
          )}
          <FieldError className="text-xs font-medium text-bad">
            {fieldState.error?.message}
          </FieldError>
          <Popover className="min-w-(--trigger-width) rounded-lg border border-line bg-panel p-1 shadow-float">
            <ListBox className="max-h-72 overflow-auto outline-none" items={choices}>
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
        </AriaSelect>
      )}
    />
  );
}

/** Fields of one thing, one under the other. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className="grid gap-4">{children}</div>;
}

interface CheckListProps<Values extends FieldValues> extends Common<Values> {
  choices: readonly Choice[];
}

/** Any of several. */
export function CheckList<Values extends FieldValues>(props: CheckListProps<Values>) {
  const { control, name, label, help, choices } = props;
  return (
    <Controller
      control={control}
      name={name}
      render={({ field, fieldState }) => (
        <CheckboxGroup
          className="grid gap-1"
          value={field.value ?? []}
          onChange={field.onChange}
          isInvalid={fieldState.invalid}
          validationBehavior="aria"
        >
          <Label className="font-medium">{label}</Label>
          {help && (
            <Text slot="description" className="text-xs text-muted">
              {help}
            </Text>
          )}
          <div className="grid max-h-56 gap-1 overflow-auto rounded-lg border border-line p-2">
            {choices.map((choice) => (
              <Checkbox
                key={choice.id}
                value={choice.id}
                className="group flex items-center gap-2 rounded-md px-1 py-1 data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent"
              >
                <span className="grid size-4 place-items-center rounded border border-line-strong bg-panel group-data-[selected]:border-accent group-data-[selected]:bg-accent">
                  <Check className="size-3 text-on-accent opacity-0 group-data-[selected]:opacity-100" />
                </span>
                {choice.name}
              </Checkbox>
            ))}
          </div>
          <FieldError className="text-xs font-medium text-bad">
            {fieldState.error?.message}
          </FieldError>
        </CheckboxGroup>
      )}
    />
  );
}

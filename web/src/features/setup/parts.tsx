// What every page of the set-up is made of: a head, a table, a form in a sheet.
import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import type { FieldPath, FieldValues, UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { reasonOf, refreshAll } from '../../lib/graphql';
import { showAtFields, type UserError } from '../../lib/userErrors';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { Dialog } from '../../ui/Dialog';
import { Fields } from '../../ui/Field';
import { Empty, Notice } from '../../ui/Notice';
import type { SetupPageName } from './pages';

interface HeadProps {
  title: string;
  about: string;
  children?: ReactNode;
}

export function PageHead({ title, about, children }: HeadProps) {
  return (
    <header className="mb-6 flex flex-wrap items-center gap-x-2 gap-y-4">
      <div className="min-w-60 flex-1">
        <h1 className="text-[21px] leading-7 font-semibold tracking-tight">{title}</h1>
        <p className="text-muted">{about}</p>
      </div>
      {children}
    </header>
  );
}

interface ListState {
  isPending: boolean;
  error: Error | null;
  refetch: () => unknown;
}

/** A list that is there, or why it is not. */
export function Loaded({ list, children }: { list: ListState; children: ReactNode }) {
  const { t } = useTranslation();
  if (list.isPending) return <p className="sr-only">{t('common.loading')}</p>;
  if (!list.error) return children;
  return (
    <div className="grid justify-items-start gap-3">
      <Notice tone="bad">{t('common.notRead', { reason: list.error.message })}</Notice>
      <Button onPress={() => list.refetch()}>{t('common.tryAgain')}</Button>
    </div>
  );
}

interface ListPageProps {
  page: SetupPageName;
  list: ListState;
  columns: readonly string[];
  rows: TableProps['rows'];
  /** Opens the form for one more; none where nobody adds any by hand. */
  onAdd?: () => void;
  /** Beside the head: what else can be done here. */
  actions?: ReactNode;
  /** Above the table: what it is narrowed to. */
  filters?: ReactNode;
  /** Reads on; none where all is there. */
  onMore?: (() => void) | undefined;
  /** Forms and dialogs of the page. */
  children?: ReactNode;
}

/** A page that is a list, with the words that its name has in the languages. */
export function ListPage(props: ListPageProps) {
  const { page, list, columns, rows, onAdd, actions, filters, onMore, children } = props;
  const { t } = useTranslation();
  const title = t(`setup.${page}.title`);
  return (
    <>
      <PageHead title={title} about={t(`setup.${page}.about`)}>
        {actions}
        {onAdd && (
          <Button look="primary" onPress={onAdd}>
            <Plus className="size-4" />
            {t(`setup.${page}.add`)}
          </Button>
        )}
      </PageHead>
      {filters}
      <Loaded list={list}>
        <Table label={title} columns={columns} rows={rows} empty={t(`setup.${page}.none`)} />
        {onMore && (
          <div className="mt-3 text-center">
            <Button onPress={onMore}>{t('common.more')}</Button>
          </div>
        )}
      </Loaded>
      {children}
    </>
  );
}

export function StateChip({ isActive }: { isActive: boolean }) {
  const { t } = useTranslation();
  return isActive ? <Chip tone="ok">{t('setup.active')}</Chip> : <Chip>{t('setup.off')}</Chip>;
}

interface TableProps {
  label: string;
  columns: readonly string[];
  rows: readonly { id: string; cells: readonly ReactNode[] }[];
  empty: string;
}

function Table({ label, columns, rows, empty }: TableProps) {
  if (rows.length === 0) {
    return (
      <div className="rounded-xl border border-dashed border-line-strong">
        <Empty title={empty} />
      </div>
    );
  }
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="overflow-x-auto rounded-xl border border-line bg-panel"
    >
      <table className="w-full text-start">
        <thead className="border-b border-line bg-sunken text-xs text-soft">
          <tr>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className="px-4 py-2 text-start font-medium whitespace-nowrap"
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className="border-t border-line first:border-t-0">
              {row.cells.map((cell, index) => (
                <td key={columns[index]} className="h-11 px-4 py-1.5">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SheetFormProps<Values extends FieldValues> {
  title: string;
  action: string;
  form: UseFormReturn<Values>;
  fields: readonly FieldPath<Values>[];
  /** Carries it out and answers what the server refused. */
  onSubmit: (values: Values) => Promise<readonly UserError[]>;
  onClose: () => void;
  children: ReactNode;
}

/** Shows each refusal at its field, keeps what was typed, closes when it is done. */
export function SheetForm<Values extends FieldValues>(props: SheetFormProps<Values>) {
  const { title, action, form, fields, onSubmit, onClose, children } = props;
  const { t } = useTranslation();
  const [problems, setProblems] = useState<string[]>([]);
  const submit = form.handleSubmit(async (values) => {
    setProblems([]);
    try {
      const errors = await onSubmit(values);
      if (errors.length === 0) {
        void refreshAll();
        onClose();
      } else {
        setProblems(showAtFields(errors, fields, form.setError));
      }
    } catch (error) {
      const reason = reasonOf(error);
      setProblems([t('common.notSaved', { reason })]);
    }
  });
  return (
    <Dialog title={title} isOpen onClose={onClose} shape="sheet">
      <Form onSubmit={submit}>
        <Fields>
          {problems.map((problem) => (
            <Notice key={problem} tone="bad">
              {problem}
            </Notice>
          ))}
          {children}
          <div className="flex gap-2">
            <Button look="primary" type="submit" isDisabled={form.formState.isSubmitting}>
              {action}
            </Button>
            <Button onPress={onClose}>{t('common.cancel')}</Button>
          </div>
        </Fields>
      </Form>
    </Dialog>
  );
}

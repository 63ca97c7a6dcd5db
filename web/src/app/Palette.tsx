// Everything by its name: screens, actions, conversations on the desk.
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useState } from 'react';
import {
  Autocomplete,
  Dialog,
  Input,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  TextField,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { deskIds, rowOf } from '../live/store';
import { useIsAdmin, useMaySupervise } from './viewer';
import { SETUP_PAGES } from '../features/setup/pages';

const RESULTS_MAX = 10;

interface Entry {
  id: string;
  name: string;
  detail?: string;
  run: () => void;
}

interface PaletteProps {
  onClose: () => void;
  onOpen: (overlay: 'preferences' | 'shortcuts') => void;
}

function useEntries(onOpen: PaletteProps['onOpen']): Entry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isAdmin = useIsAdmin();
  const maySupervise = useMaySupervise();
  const views = ['mine', 'unassigned', 'all', 'waiting', 'resolved'].map((view) => ({
    id: `view:${view}`,
    name: t(`views.${view}`),
    run: () => void navigate({ to: '/inbox/$view', params: { view } }),
  }));
  const alerts = maySupervise
    ? [{ id: 'alerts', name: t('nav.alerts'), run: () => void navigate({ to: '/alerts' }) }]
    : [];
  const pages = isAdmin
    ? SETUP_PAGES.map((page) => ({
        id: `setup:${page}`,
        name: t(`setup.${page}.title`),
        detail: t('nav.setup'),
        run: () => void navigate({ to: '/setup/$page', params: { page } }),
      }))
    : [];
  const overlays = (['preferences', 'shortcuts'] as const).map((overlay) => ({
    id: overlay,
    name: t(`nav.${overlay}`),
    run: () => onOpen(overlay),
  }));
  const conversations = deskIds(() => true).map((id) => {
    const row = rowOf(id)!;
    return {
      id,
      name: row.customer.displayName,
      detail: row.customer.address ?? '',
      run: () => void navigate({ to: '/inbox/$view/$id', params: { view: 'mine', id } }),
    };
  });
  return [...views, ...alerts, ...pages, ...overlays, ...conversations];
}

function matches(entry: Entry, asked: string): boolean {
  const text = `${entry.name} ${entry.detail ?? ''}`.toLocaleLowerCase();
  return asked
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function Palette({ onClose, onOpen }: PaletteProps) {
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="fixed inset-0 z-20 flex items-start justify-center bg-black/30 p-4 pt-[12vh]"
    >
      <Modal className="w-full max-w-xl overflow-hidden rounded-2xl border border-line bg-panel shadow-float">
        <PaletteContent onClose={onClose} onOpen={onOpen} />
      </Modal>
    </ModalOverlay>
  );
}

function PaletteContent({ onClose, onOpen }: PaletteProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState('');
  const entries = useEntries(onOpen);
  const found = entries.filter((entry) => matches(entry, asked)).slice(0, RESULTS_MAX);
  const run = (id: unknown) => {
    onClose();
    entries.find((entry) => entry.id === id)?.run();
  };
  return (
    <Dialog aria-label={t('palette.label')} className="outline-none">
      <Autocomplete inputValue={asked} onInputChange={setAsked}>
        <TextField
          aria-label={t('palette.label')}
          autoFocus
          className="flex items-center gap-3 border-b border-line px-4"
        >
          <Search aria-hidden className="size-4 text-muted" />
          <Input
            className="h-12 flex-1 bg-transparent outline-none placeholder:text-muted"
            placeholder={t('palette.placeholder')}
          />
        </TextField>
        <ListBox
          aria-label={t('palette.results')}
          items={found}
          onAction={run}
          renderEmptyState={() => <p className="px-4 py-3 text-muted">{t('palette.nothing')}</p>}
          className="p-2 outline-none"
        >
          {(entry) => (
            <ListBoxItem
              id={entry.id}
              textValue={entry.name}
              className="flex cursor-default items-baseline gap-3 rounded-lg px-3 py-2 outline-none data-[focused]:bg-accent-soft"
            >
              <span className="truncate">{entry.name}</span>
              {entry.detail && (
                <span className="ms-auto shrink-0 text-xs text-muted" dir="ltr">
                  {entry.detail}
                </span>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Autocomplete>
    </Dialog>
  );
}

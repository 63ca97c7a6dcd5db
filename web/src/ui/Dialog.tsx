import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button';

interface DialogProps {
  title: string;
  isOpen: boolean;
  /** None: there is no way around it. */
  onClose?: () => void;
  /** A sheet stands at the end of the window and leaves the page visible. */
  shape?: 'box' | 'sheet';
  children: ReactNode;
}

const SHAPES = {
  box: {
    place: 'items-center justify-center p-4',
    frame: 'max-h-full w-full max-w-lg rounded-2xl',
  },
  sheet: { place: 'justify-end', frame: 'h-full w-full max-w-md' },
} as const;

export function Dialog({ title, isOpen, onClose, shape = 'box', children }: DialogProps) {
  const { t } = useTranslation();
  const { place, frame } = SHAPES[shape];
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose?.()}
      isDismissable={onClose !== undefined}
      isKeyboardDismissDisabled={onClose === undefined}
      className={`fixed inset-0 z-20 flex bg-black/30 ${place}`}
    >
      <Modal
        className={`flex flex-col overflow-hidden border border-line bg-panel shadow-float ${frame}`}
      >
        <AriaDialog className="flex min-h-0 flex-1 flex-col outline-none">
          <header className="flex items-center gap-2 border-b border-line py-2 ps-5 pe-2">
            <Heading slot="title" className="flex-1 text-[15px] font-semibold">
              {title}
            </Heading>
            {onClose && (
              <IconButton label={t('common.close')} onPress={onClose}>
                <X className="size-4" />
              </IconButton>
            )}
          </header>
          <div className="min-h-0 flex-1 overflow-auto p-5">{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

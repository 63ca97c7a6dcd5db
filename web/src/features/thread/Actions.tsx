import { Check, ChevronDown, Clock, Hand, Play } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ConversationAction, ResolutionReason, WaitingOn } from '../../gql/graphql';
import { useKeys } from '../../lib/keys';
import type { ConversationRow } from '../../live/fragments';
import { Button } from '../../ui/Button';
import { pick, resolve, resume, wait, wrapUp } from './act';

const WAITING_ON: readonly WaitingOn[] = ['CUSTOMER', 'THIRD_PARTY', 'AGENT'];
const WRAP_UP: ConversationAction = 'WRAP_UP';
const REASONS: readonly ResolutionReason[] = ['SOLVED', 'UNSOLVED', 'DUPLICATE', 'SPAM'];

interface MoreProps {
  label: string;
  choices: readonly { id: string; name: string }[];
  onChoose: (id: string) => void;
}

function More({ label, choices, onChoose }: MoreProps) {
  return (
    <MenuTrigger>
      <Button aria-label={label}>
        <ChevronDown className="size-4" />
      </Button>
      <Popover
        placement="bottom end"
        className="rounded-lg border border-line bg-panel p-1 shadow-float"
      >
        <Menu className="outline-none" items={choices} onAction={(id) => onChoose(String(id))}>
          {(choice) => (
            <MenuItem
              id={choice.id}
              className="cursor-default rounded-md px-3 py-1.5 outline-none data-[focused]:bg-accent-soft"
            >
              {choice.name}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** What the server says that this viewer may do now, and nothing else. */
export function Actions({ row, onResolved }: { row: ConversationRow; onResolved: () => void }) {
  const { t } = useTranslation();
  const can = (action: ConversationAction) => row.viewerCan.includes(action);
  const end = async (reason: ResolutionReason) => {
    if (await resolve(row, reason)) onResolved();
  };
  const reasons = REASONS.map((one) => ({ id: one as string, name: t(`reasons.${one}`) }));
  const endings = can(WRAP_UP)
    ? [...reasons, { id: WRAP_UP as string, name: t('actions.WRAP_UP') }]
    : reasons;
  useKeys({
    p: () => void (can('PICK') && pick(row)),
    w: () => void (can('WAIT') ? wait(row, 'CUSTOMER') : can('RESUME') && resume(row)),
    e: () => void (can('RESOLVE') && end('SOLVED')),
  });
  return (
    <>
      {can('PICK') && (
        <Button look="primary" shortcut="P" onPress={() => void pick(row)}>
          <Hand className="size-4" />
          {t('actions.PICK')}
        </Button>
      )}
      {can('RESUME') && (
        <Button shortcut="W" onPress={() => void resume(row)}>
          <Play className="size-4 rtl:-scale-x-100" />
          {t('actions.RESUME')}
        </Button>
      )}
      {can('WAIT') && (
        <span className="flex gap-0.5">
          <Button shortcut="W" onPress={() => void wait(row, 'CUSTOMER')}>
            <Clock className="size-4" />
            {t('actions.WAIT')}
          </Button>
          <More
            label={t('actions.waitFor')}
            choices={WAITING_ON.map((one) => ({ id: one, name: t(`waitingOn.${one}`) }))}
            onChoose={(one) => void wait(row, one as WaitingOn)}
          />
        </span>
      )}
      {can('RESOLVE') && (
        <span className="flex gap-0.5">
          <Button
            look={can('PICK') ? 'plain' : 'primary'}
            shortcut="E"
            onPress={() => void end('SOLVED')}
          >
            <Check className="size-4" />
            {t('actions.RESOLVE')}
          </Button>
          <More
            label={t('actions.resolveAs')}
            choices={endings}
            onChoose={(one) => void (one === WRAP_UP ? wrapUp(row) : end(one as ResolutionReason))}
          />
        </span>
      )}
    </>
  );
}

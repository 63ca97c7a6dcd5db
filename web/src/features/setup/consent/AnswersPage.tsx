import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { carryOut } from '../../../app/carryOut';
import type { AutomatedMessagesQuery } from '../../../gql/graphql';
import { request, useRequest } from '../../../lib/graphql';
import { languageName } from '../../../lib/i18n';
import { segmentsOf } from '../../../lib/segments';
import { Button } from '../../../ui/Button';
import { Chip } from '../../../ui/Chip';
import { Toggle } from '../../../ui/Toggle';
import { Loaded, PageHead } from '../parts';
import { AnswerForm } from './AnswerForm';
import { ANSWERS, SET_ANSWER } from './documents';

export type Answer = NonNullable<AutomatedMessagesQuery['automatedMessages']>[number];
export type AnswerText = Answer['texts'][number];

/** As it is sent. */
export function filledIn(text: string, organization: string): string {
  return text.replaceAll('{{organization}}', organization);
}

export function AnswersPage() {
  const { t } = useTranslation();
  const list = useRequest(ANSWERS);
  const organization = list.data?.organization?.name ?? '';
  return (
    <>
      <PageHead title={t('setup.answers.title')} about={t('setup.answers.about')} />
      <Loaded list={list}>
        <div className="grid gap-4">
          {list.data?.automatedMessages?.map((answer) => (
            <Card key={answer.trigger} answer={answer} organization={organization} />
          ))}
        </div>
      </Loaded>
    </>
  );
}

function Card({ answer, organization }: { answer: Answer; organization: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<AnswerText | 'new'>();
  const [isBusy, setIsBusy] = useState(false);
  const { trigger, active, texts } = answer;
  const toggle = async (isOn: boolean) => {
    setIsBusy(true);
    const own = texts.filter((one) => one.own).map(({ language, text }) => ({ language, text }));
    const input = { trigger, active: isOn, texts: own };
    await carryOut(request(SET_ANSWER, { input }).then((result) => result.automatedMessageSet));
    setIsBusy(false);
  };
  const title = t(`answers.${trigger}`);
  return (
    <section className="rounded-xl border border-line bg-panel" aria-label={title}>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 p-5 pb-4">
        <div className="min-w-60 flex-1">
          <h2 className="font-semibold">{title}</h2>
          <p className="mt-0.5 text-muted">{t(`setup.answers.when.${trigger}`)}</p>
        </div>
        <Toggle isOn={active} isDisabled={isBusy} onChange={(isOn) => void toggle(isOn)}>
          {t('setup.answers.active')}
        </Toggle>
      </header>
      <ul className={active ? '' : 'opacity-60'}>
        {texts.map((one) => {
          const text = filledIn(one.text, organization);
          const count = segmentsOf(text).segments;
          return (
            <li
              key={one.language}
              className="flex flex-wrap items-start gap-x-4 gap-y-2 border-t border-line px-5 py-3"
            >
              <div className="flex w-28 flex-col items-start gap-1">
                <span className="font-medium">{languageName(one.language)}</span>
                {one.own && <Chip tone="accent">{t('setup.answers.own')}</Chip>}
              </div>
              <p
                dir="auto"
                lang={one.language}
                className="min-w-52 flex-1 whitespace-pre-wrap wrap-break-word"
              >
                {text}
              </p>
              <Chip tone={count > 1 ? 'warn' : 'neutral'}>{t('composer.texts', { count })}</Chip>
              <Button onPress={() => setOpen(one)}>{t('common.change')}</Button>
            </li>
          );
        })}
      </ul>
      <footer className="border-t border-line px-5 py-2.5">
        <Button look="quiet" onPress={() => setOpen('new')}>
          <Plus className="size-4" />
          {t('setup.answers.add')}
        </Button>
      </footer>
      {open && (
        <AnswerForm
          answer={answer}
          text={open === 'new' ? undefined : open}
          organization={organization}
          onClose={() => setOpen(undefined)}
        />
      )}
    </section>
  );
}

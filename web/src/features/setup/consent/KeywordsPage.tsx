import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { carryOut } from '../../../app/carryOut';
import type { ConsentScope, KeywordsQuery } from '../../../gql/graphql';
import { request, useRequest } from '../../../lib/graphql';
import { languageName } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { Chip } from '../../../ui/Chip';
import { FilterSelect } from '../../../ui/Filter';
import { Loaded, PageHead } from '../parts';
import { KEYWORDS, SET_WORDS } from './documents';
import { WordsForm } from './WordsForm';

type Organization = NonNullable<KeywordsQuery['organization']>;
export type Words = Organization['keywords'][number];

const SCOPES: readonly ConsentScope[] = ['ORGANIZATION', 'NUMBER'];
/** The kinds of words, as the schema names them. */
export const WORD_KINDS = ['optOut', 'optIn', 'help'] as const;

export function KeywordsPage() {
  const { t } = useTranslation();
  const list = useRequest(KEYWORDS);
  const [open, setOpen] = useState<Words | 'new'>();
  const organization = list.data?.organization;
  return (
    <>
      <PageHead title={t('setup.keywords.title')} about={t('setup.keywords.about')}>
        <Button look="primary" onPress={() => setOpen('new')}>
          <Plus className="size-4" />
          {t('setup.keywords.add')}
        </Button>
      </PageHead>
      <Loaded list={list}>
        {organization && (
          <div className="grid gap-4">
            <Scope organization={organization} />
            <div className="grid gap-4 sm:grid-cols-2">
              {organization.keywords.map((words) => (
                <Card key={words.language} words={words} onChange={() => setOpen(words)} />
              ))}
            </div>
          </div>
        )}
      </Loaded>
      {open && organization && (
        <WordsForm
          version={organization.version}
          words={open === 'new' ? undefined : open}
          others={organization.keywords.filter((one) => one.own && one !== open)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

function Scope({ organization }: { organization: Organization }) {
  const { t } = useTranslation();
  const set = async (scope: string | undefined) => {
    const input = {
      expectedVersion: organization.version,
      consentScope: scope as ConsentScope,
    };
    await carryOut(request(SET_WORDS, { input }).then((result) => result.organizationUpdate));
  };
  return (
    <section className="flex flex-wrap items-end gap-4 rounded-xl border border-line bg-panel p-5">
      <div className="min-w-60 flex-1">
        <h2 className="font-semibold">{t('setup.keywords.scope')}</h2>
        <p className="mt-1 text-muted">
          {t(`setup.keywords.scopeWhy.${organization.consentScope}`)}
        </p>
      </div>
      <FilterSelect
        label={t('setup.keywords.reach')}
        value={organization.consentScope}
        onChange={(scope) => void set(scope)}
        choices={SCOPES.map((id) => ({ id, name: t(`consentScopes.${id}`) }))}
      />
    </section>
  );
}

function Card({ words, onChange }: { words: Words; onChange: () => void }) {
  const { t } = useTranslation();
  const name = languageName(words.language);
  return (
    <section className="rounded-xl border border-line bg-panel p-5" aria-label={name}>
      <header className="mb-3 flex items-center gap-2">
        <h2 className="font-semibold">{name}</h2>
        {words.own && <Chip tone="accent">{t('setup.keywords.own')}</Chip>}
        <span className="ms-auto">
          <Button onPress={onChange}>{t('common.change')}</Button>
        </span>
      </header>
      <dl className="grid gap-2">
        {WORD_KINDS.map((kind) => (
          <div key={kind}>
            <dt className="text-xs text-muted">{t(`setup.keywords.${kind}`)}</dt>
            <dd className="mt-0.5 flex flex-wrap gap-1">
              {words[kind].length === 0 && '–'}
              {words[kind].map((word) => (
                <Chip key={word}>
                  <bdi>{word}</bdi>
                </Chip>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { KeywordSetInput } from '../../../gql/graphql';
import { request } from '../../../lib/graphql';
import { languageName } from '../../../lib/i18n';
import { TextInput } from '../../../ui/Field';
import { Button } from '../../../ui/Button';
import { carryOut } from '../../../app/carryOut';
import { SheetForm } from '../parts';
import { SET_WORDS } from './documents';
import { WORD_KINDS, type Words } from './KeywordsPage';

function listOf(text: string): string[] {
  return text
    .split(/[\n,;،]/)
    .map((word) => word.trim())
    .filter(Boolean);
}

function inputOf({ language, optOut, optIn, help }: Words): KeywordSetInput {
  return { language, optOut, optIn, help };
}

interface FormProps {
  version: number;
  /** None: those of another language. */
  words: Words | undefined;
  /** The organization's own words of other languages, which stay. */
  others: readonly Words[];
  onClose: () => void;
}

export function WordsForm({ version, words, others, onClose }: FormProps) {
  const { t } = useTranslation();
  const form = useForm({
    defaultValues: {
      language: words?.language ?? '',
      optOut: words?.optOut.join(', ') ?? '',
      optIn: words?.optIn.join(', ') ?? '',
      help: words?.help.join(', ') ?? '',
    },
  });
  const restore = async () => {
    const input = { expectedVersion: version, keywords: others.map(inputOf) };
    const asked = request(SET_WORDS, { input });
    if (await carryOut(asked.then((result) => result.organizationUpdate))) onClose();
  };
  return (
    <SheetForm
      title={words ? languageName(words.language) : t('setup.keywords.add')}
      action={t('common.save')}
      form={form}
      fields={['language', 'optOut', 'optIn', 'help']}
      onSubmit={async ({ language, ...lists }) => {
        const own: KeywordSetInput = {
          language,
          optOut: listOf(lists.optOut),
          optIn: listOf(lists.optIn),
          help: listOf(lists.help),
        };
        const input = { expectedVersion: version, keywords: [...others.map(inputOf), own] };
        return (await request(SET_WORDS, { input })).organizationUpdate?.userErrors ?? [];
      }}
      onClose={onClose}
    >
      <p className="text-muted">
        {t('setup.keywords.wordsWhy')} {t('setup.keywords.locked')}{' '}
        <bdi className="font-medium text-text">{(words ?? others[0])?.locked.join(', ')}</bdi>
      </p>
      {!words && (
        <TextInput
          control={form.control}
          name="language"
          label={t('setup.workstreams.language')}
          help={t('setup.workstreams.languageHelp')}
          required={t('common.required')}
          isCode
        />
      )}
      {WORD_KINDS.map((kind) => (
        <TextInput
          key={kind}
          control={form.control}
          name={kind}
          lines={3}
          label={t(`setup.keywords.${kind}`)}
          help={t('setup.keywords.wordsHelp')}
        />
      ))}
      {words?.own && (
        <div>
          <Button look="quiet" onPress={() => void restore()}>
            {t('setup.keywords.restore')}
          </Button>
        </div>
      )}
    </SheetForm>
  );
}

import { useId } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { carryOut } from '../../../app/carryOut';
import { request } from '../../../lib/graphql';
import { languageName } from '../../../lib/i18n';
import { segmentsOf } from '../../../lib/segments';
import { Button } from '../../../ui/Button';
import { TextInput } from '../../../ui/Field';
import { Meter } from '../../../ui/Meter';
import { SheetForm } from '../parts';
import { filledIn, type Answer, type AnswerText } from './AnswersPage';
import { SET_ANSWER } from './documents';

interface FormProps {
  answer: Answer;
  /** None: one in another language. */
  text: AnswerText | undefined;
  organization: string;
  onClose: () => void;
}

export function AnswerForm({ answer, text, organization, onClose }: FormProps) {
  const { t } = useTranslation();
  const meter = useId();
  const form = useForm({
    defaultValues: { language: text?.language ?? '', text: text?.text ?? '' },
  });
  const typed = useWatch({ control: form.control, name: 'text' });
  const others = answer.texts
    .filter((one) => one.own && one.language !== text?.language)
    .map((one) => ({ language: one.language, text: one.text }));
  const { trigger, active } = answer;
  const shown = filledIn(typed, organization);

  const restore = async () => {
    const asked = request(SET_ANSWER, { input: { trigger, active, texts: others } });
    if (await carryOut(asked.then((result) => result.automatedMessageSet))) onClose();
  };
  return (
    <SheetForm
      title={text ? languageName(text.language) : t('setup.answers.add')}
      action={t('common.save')}
      form={form}
      fields={['language', 'text']}
      onSubmit={async (values) => {
        const input = { trigger, active, texts: [...others, values] };
        return (await request(SET_ANSWER, { input })).automatedMessageSet?.userErrors ?? [];
      }}
      onClose={onClose}
    >
      <p className="text-muted">{t(`setup.answers.when.${trigger}`)}</p>
      {!text && (
        <TextInput
          control={form.control}
          name="language"
          label={t('setup.workstreams.language')}
          help={t('setup.workstreams.languageHelp')}
          required={t('common.required')}
          isCode
        />
      )}
      <div className="grid gap-1">
        <TextInput
          control={form.control}
          name="text"
          lines={5}
          label={t('compose.text')}
          help={t('setup.answers.textHelp', { placeholder: '{{organization}}' })}
          required={t('common.required')}
        />
        <Meter id={meter} segments={segmentsOf(shown)} />
      </div>
      {shown && (
        <figure className="rounded-2xl border border-line bg-ground p-4">
          <figcaption className="mb-2 text-center text-xs text-muted">
            {t('setup.answers.preview')}
          </figcaption>
          <p
            dir="auto"
            className="w-fit max-w-[85%] rounded-[14px] border border-line bg-panel px-3 py-2 whitespace-pre-wrap wrap-break-word"
          >
            {shown}
          </p>
        </figure>
      )}
      {text?.own && (
        <div>
          <Button look="quiet" onPress={() => void restore()}>
            {t('setup.answers.restore')}
          </Button>
        </div>
      )}
    </SheetForm>
  );
}

// The page that an invitation leads to. What allows it stands after the `#`, which no server sees.
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { request } from '../../lib/graphql';
import { showAtFields } from '../../lib/userErrors';
import { Button } from '../../ui/Button';
import { Fields, TextInput } from '../../ui/Field';
import { Notice } from '../../ui/Notice';

const SET_PASSWORD = graphql(/* GraphQL */ `
  mutation PasswordSet($input: PasswordSetInput!) {
    passwordSet(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export function SetPassword() {
  const { t } = useTranslation();
  const form = useForm({ defaultValues: { newPassword: '' } });
  const [problem, setProblem] = useState<string>();
  const [isDone, setIsDone] = useState(false);

  const set = form.handleSubmit(async ({ newPassword }) => {
    setProblem(undefined);
    try {
      const input = { newPassword, token: location.hash.slice(1) };
      const errors = (await request(SET_PASSWORD, { input })).passwordSet?.userErrors ?? [];
      if (errors.length > 0) setProblem(showAtFields(errors, ['newPassword'], form.setError)[0]);
      else setIsDone(true);
    } catch {
      setProblem(t('common.unreachable'));
    }
  });

  return (
    <section className="w-full max-w-sm rounded-2xl border border-line bg-panel p-8 shadow-float">
      <img src="/icon.svg" alt="" className="mb-4 size-10" />
      <h1 className="mb-6 text-xl font-semibold tracking-tight">{t('session.choosePassword')}</h1>
      {isDone ? (
        <div className="grid gap-4">
          <Notice tone="ok">{t('session.passwordSet')}</Notice>
          <Button look="primary" onPress={() => location.assign('/')}>
            {t('session.signIn')}
          </Button>
        </div>
      ) : (
        <Form onSubmit={set}>
          <Fields>
            {problem && <Notice tone="bad">{problem}</Notice>}
            <TextInput
              control={form.control}
              name="newPassword"
              type="password"
              autoComplete="new-password"
              label={t('session.password')}
              help={t('setup.people.passwordHelp')}
              required={t('common.required')}
            />
            <Button look="primary" type="submit" isDisabled={form.formState.isSubmitting}>
              {t('common.save')}
            </Button>
          </Fields>
        </Form>
      )}
    </section>
  );
}

// Nobody has claimed this server yet: whoever holds the code that it printed becomes its admin.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { refreshAll, request } from '../../lib/graphql';
import { showAtFields } from '../../lib/userErrors';
import { Button } from '../../ui/Button';
import { Fields, TextInput } from '../../ui/Field';
import { Notice } from '../../ui/Notice';

const CLAIM = graphql(/* GraphQL */ `
  mutation SetupComplete($input: SetupCompleteInput!) {
    setupComplete(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const FIELDS = ['setupCode', 'organizationName', 'name', 'email', 'password'] as const;
/** What the whole of it is refused with, and no field. */
const REFUSALS = ['CREDENTIALS_REJECTED', 'RATE_LIMITED'] as const;

export function Claim() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const form = useForm({
    defaultValues: { setupCode: '', organizationName: '', name: '', email: '', password: '' },
  });
  const [problem, setProblem] = useState<string>();

  const claim = form.handleSubmit(async (values) => {
    setProblem(undefined);
    try {
      const input = { ...values, delivery: 'COOKIE' } as const;
      const errors = (await request(CLAIM, { input })).setupComplete?.userErrors ?? [];
      const refusal = REFUSALS.find((code) => errors.some((error) => error.code === code));
      if (refusal) {
        setProblem(t(`firstRun.refused.${refusal}`));
      } else if (errors.length > 0) {
        setProblem(showAtFields(errors, FIELDS, form.setError)[0]);
      } else {
        await navigate({ to: '/start' });
        await refreshAll();
      }
    } catch {
      setProblem(t('common.unreachable'));
    }
  });

  return (
    <section className="w-full max-w-sm rounded-2xl border border-line bg-panel p-8 shadow-float">
      <img src="/icon.svg" alt="" className="mb-4 size-10" />
      <h1 className="text-xl font-semibold tracking-tight">{t('firstRun.title')}</h1>
      <p className="mt-1 mb-6 text-muted">{t('firstRun.why')}</p>
      <Form onSubmit={claim}>
        <Fields>
          {problem && <Notice tone="bad">{problem}</Notice>}
          <TextInput
            control={form.control}
            name="setupCode"
            label={t('firstRun.code')}
            help={t('firstRun.codeHelp')}
            required={t('common.required')}
            isCode
          />
          <TextInput
            control={form.control}
            name="organizationName"
            autoComplete="organization"
            label={t('firstRun.organization')}
            required={t('common.required')}
          />
          <TextInput
            control={form.control}
            name="name"
            autoComplete="name"
            label={t('firstRun.name')}
            required={t('common.required')}
          />
          <TextInput
            control={form.control}
            name="email"
            type="email"
            autoComplete="username"
            label={t('session.email')}
            required={t('common.required')}
          />
          <TextInput
            control={form.control}
            name="password"
            type="password"
            autoComplete="new-password"
            label={t('session.password')}
            help={t('setup.people.passwordHelp')}
            required={t('common.required')}
          />
          <Button look="primary" type="submit" isDisabled={form.formState.isSubmitting}>
            {t('firstRun.claim')}
          </Button>
        </Fields>
      </Form>
    </section>
  );
}

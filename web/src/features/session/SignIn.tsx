import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { request } from '../../lib/graphql';
import { Button } from '../../ui/Button';
import { Fields, TextInput } from '../../ui/Field';
import { Notice } from '../../ui/Notice';

const SIGN_IN = graphql(/* GraphQL */ `
  mutation SignIn($input: SessionCreateInput!) {
    sessionCreate(input: $input) {
      userErrors {
        code
        message
      }
    }
  }
`);

interface Values {
  email: string;
  password: string;
}

interface SignInProps {
  email?: string;
}

/** Whoever gets in starts with a new page: nothing of whoever was here before goes on. */
export function SignIn({ email = '' }: SignInProps) {
  const { t } = useTranslation();
  const form = useForm<Values>({ defaultValues: { email, password: '' } });
  const [problem, setProblem] = useState<string>();

  const signIn = form.handleSubmit(async ({ email, password }) => {
    setProblem(undefined);
    try {
      const input = { email, password, delivery: 'COOKIE' } as const;
      const { sessionCreate } = await request(SIGN_IN, { input });
      const refusal = sessionCreate?.userErrors[0];
      if (refusal) setProblem(t(`session.refused.${refusal.code}`, refusal.message));
      else location.reload();
    } catch {
      setProblem(t('common.unreachable'));
    }
  });

  return (
    <section className="w-full max-w-sm rounded-2xl border border-line bg-panel p-8 shadow-float">
      <img src="/icon.svg" alt="" className="mb-4 size-10" />
      <h1 className="mb-6 text-xl font-semibold tracking-tight">{t('session.title')}</h1>
      <Form onSubmit={signIn}>
        <Fields>
          {problem && <Notice tone="bad">{problem}</Notice>}
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
            autoComplete="current-password"
            label={t('session.password')}
            required={t('common.required')}
          />
          <Button look="primary" type="submit" isDisabled={form.formState.isSubmitting}>
            {t('session.signIn')}
          </Button>
        </Fields>
      </Form>
    </section>
  );
}

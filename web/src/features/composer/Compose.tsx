// An agent texts first.
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { reasonOf, request, useRequest } from '../../lib/graphql';
import { segmentsOf } from '../../lib/segments';
import { showAtFields } from '../../lib/userErrors';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Fields, Select, TextInput } from '../../ui/Field';
import { Notice } from '../../ui/Notice';
import { Meter } from '../../ui/Meter';

const SENDERS = graphql(/* GraphQL */ `
  query Senders {
    supportNumbers(first: 100, filter: { active: true }) {
      nodes {
        id
        number
        description
        workstream {
          id
          name
        }
      }
    }
  }
`);

const START = graphql(/* GraphQL */ `
  mutation StartConversation($input: ConversationStartInput!) {
    conversationStart(input: $input) {
      conversation {
        id
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

interface Values {
  supportNumberId: string;
  to: string;
  text: string;
}

interface ComposeProps {
  onClose: () => void;
  onStarted: (id: string) => void;
}

export function Compose({ onClose, onStarted }: ComposeProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('compose.title')} isOpen onClose={onClose}>
      <ComposeForm onClose={onClose} onStarted={onStarted} />
    </Dialog>
  );
}

function ComposeForm({ onClose, onStarted }: ComposeProps) {
  const { t } = useTranslation();
  const { data } = useRequest(SENDERS);
  const [problems, setProblems] = useState<string[]>([]);
  // One key for this text, however often it is tried.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const form = useForm<Values>({ defaultValues: { supportNumberId: '', to: '', text: '' } });
  const text = useWatch({ control: form.control, name: 'text' });
  const senders = (data?.supportNumbers?.nodes ?? []).filter((one) => one.workstream);

  const start = form.handleSubmit(async (values) => {
    setProblems([]);
    try {
      const to = values.to.replace(/[\s().-]/g, '');
      const input = { ...values, to, idempotencyKey };
      const { conversationStart } = await request(START, { input });
      if (conversationStart?.conversation) {
        onClose();
        onStarted(conversationStart.conversation.id);
        return;
      }
      const errors = conversationStart?.userErrors ?? [];
      setProblems(showAtFields(errors, ['supportNumberId', 'to', 'text'], form.setError));
    } catch (error) {
      setProblems([reasonOf(error)]);
    }
  });

  return (
    <Form onSubmit={start}>
      <Fields>
        {problems.map((problem) => (
          <Notice key={problem} tone="bad">
            {problem}
          </Notice>
        ))}
        <Select
          control={form.control}
          name="supportNumberId"
          label={t('compose.from')}
          placeholder={t('common.choose')}
          required={t('common.required')}
          choices={senders.map((one) => ({
            id: one.id,
            name: one.description ? `${one.number} · ${one.description}` : one.number,
          }))}
        />
        <TextInput
          control={form.control}
          name="to"
          type="tel"
          label={t('compose.to')}
          help={t('compose.toHelp')}
          required={t('common.required')}
        />
        <TextInput
          control={form.control}
          name="text"
          lines={4}
          label={t('compose.text')}
          required={t('common.required')}
        />
        <Meter id="compose-meter" segments={segmentsOf(text)} />
        <Button look="primary" type="submit" isDisabled={form.formState.isSubmitting}>
          {t('composer.send')}
        </Button>
      </Fields>
    </Form>
  );
}

import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { Role } from '../../gql/graphql';
import { reasonOf, refreshAll, request, useAll } from '../../lib/graphql';
import { shortTime } from '../../lib/time';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { Copy } from '../../ui/Copy';
import { Dialog } from '../../ui/Dialog';
import { Select, TextInput } from '../../ui/Field';
import { Notice } from '../../ui/Notice';
import { sayFailed } from '../../ui/Toasts';
import { ListPage, SheetForm } from './parts';

const TOKENS = graphql(/* GraphQL */ `
  query Tokens($after: String) {
    apiTokens(first: 50, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        prefix
        role
        createdAt
        lastUsedAt
        expiresAt
        revokedAt
        agent {
          id
          displayName
        }
      }
    }
  }
`);

const CREATE = graphql(/* GraphQL */ `
  mutation ApiTokenCreate($input: ApiTokenCreateInput!) {
    apiTokenCreate(input: $input) {
      secret
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const REVOKE = graphql(/* GraphQL */ `
  mutation ApiTokenRevoke($input: ApiTokenRevokeInput!) {
    apiTokenRevoke(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

const ROLES: readonly Role[] = ['AGENT', 'SUPERVISOR', 'ADMIN'];

export function TokensPage() {
  const { t } = useTranslation();
  const list = useAll(TOKENS, (result) => result.apiTokens);
  const [isAdding, setIsAdding] = useState(false);
  const [secret, setSecret] = useState<string>();

  const revoke = async (apiTokenId: string) => {
    try {
      const { apiTokenRevoke } = await request(REVOKE, { input: { apiTokenId } });
      const refusal = apiTokenRevoke?.userErrors[0]?.message;
      if (refusal) sayFailed(refusal);
      await refreshAll();
    } catch (error) {
      sayFailed(reasonOf(error));
    }
  };
  const rows = (list.data ?? []).map((token) => ({
    id: token.id,
    cells: [
      <span key="name" className="font-medium">
        {token.name}
      </span>,
      <code key="prefix" className="font-mono text-xs">
        {token.prefix}…
      </code>,
      t(`roles.${token.role}`),
      token.agent.displayName,
      token.expiresAt ? shortTime(token.expiresAt) : t('setup.tokens.never'),
      token.lastUsedAt ? shortTime(token.lastUsedAt) : t('setup.tokens.never'),
      token.revokedAt ? (
        <Chip tone="bad">{t('setup.tokens.revoked')}</Chip>
      ) : (
        <Button key="revoke" onPress={() => void revoke(token.id)}>
          {t('setup.tokens.revoke')}
        </Button>
      ),
    ],
  }));
  return (
    <ListPage
      page="tokens"
      list={list}
      columns={[
        t('setup.name'),
        t('setup.tokens.prefix'),
        t('setup.people.role'),
        t('setup.tokens.actsAs'),
        t('setup.tokens.expires'),
        t('setup.tokens.lastUsed'),
        t('setup.state'),
      ]}
      rows={rows}
      onAdd={() => setIsAdding(true)}
    >
      {isAdding && <TokenForm onClose={() => setIsAdding(false)} onMade={setSecret} />}
      <Dialog
        title={t('setup.tokens.made')}
        isOpen={secret !== undefined}
        onClose={() => setSecret(undefined)}
      >
        <div className="grid gap-3">
          <Notice tone="warn">{t('setup.tokens.once')}</Notice>
          <Copy value={secret ?? ''} label={t('setup.tokens.secret')} />
        </div>
      </Dialog>
    </ListPage>
  );
}

interface TokenFormProps {
  onClose: () => void;
  onMade: (secret: string) => void;
}

function TokenForm({ onClose, onMade }: TokenFormProps) {
  const { t } = useTranslation();
  const form = useForm({ defaultValues: { name: '', role: 'AGENT' as Role } });
  return (
    <SheetForm
      title={t('setup.tokens.add')}
      action={t('setup.tokens.make')}
      form={form}
      fields={['name', 'role']}
      onSubmit={async (input) => {
        const { apiTokenCreate } = await request(CREATE, { input });
        if (apiTokenCreate?.secret) onMade(apiTokenCreate.secret);
        return apiTokenCreate?.userErrors ?? [];
      }}
      onClose={onClose}
    >
      <TextInput
        control={form.control}
        name="name"
        label={t('setup.name')}
        help={t('setup.tokens.nameHelp')}
        required={t('common.required')}
      />
      <Select
        control={form.control}
        name="role"
        label={t('setup.people.role')}
        placeholder={t('common.choose')}
        choices={ROLES.map((role) => ({ id: role, name: t(`roles.${role}`) }))}
      />
    </SheetForm>
  );
}

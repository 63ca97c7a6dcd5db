import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAll } from '../../../lib/graphql';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Notice';
import { Loaded, PageHead } from '../parts';
import { Account } from './Account';
import { AccountForm } from './AccountForm';
import { ACCOUNTS } from './documents';

export function TelesignPage() {
  const { t } = useTranslation();
  const accounts = useAll(ACCOUNTS, (result) => result.channelAccounts);
  const [isAdding, setIsAdding] = useState(false);
  return (
    <>
      <PageHead title={t('setup.telesign.title')} about={t('setup.telesign.about')}>
        <Button look="primary" onPress={() => setIsAdding(true)}>
          <Plus className="size-4" />
          {t('setup.telesign.add')}
        </Button>
      </PageHead>
      <Loaded list={accounts}>
        {accounts.data?.length === 0 && (
          <Empty title={t('setup.telesign.none')}>{t('setup.telesign.noneWhy')}</Empty>
        )}
        <div className="grid gap-6">
          {accounts.data?.map((account) => (
            <Account key={account.id} account={account} />
          ))}
        </div>
      </Loaded>
      {isAdding && <AccountForm onClose={() => setIsAdding(false)} />}
    </>
  );
}

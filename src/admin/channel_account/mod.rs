//! Channel accounts: made, checked live, given new keys.
//!
//! **Invariant:** a key is in memory while it is checked and sealed, and then nowhere but in its
//! row, sealed; not even the hash of a repeatable call can be used to guess it. **Invariant:** with
//! `validate` nothing is stored unless the provider accepts the key. `verdict` says what follows
//! from a check; start at `channel_account_create`.

mod verdict;

use chrono::TimeDelta;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{
    Admin, AdminError, By,
    error::{Refusal, RefusalCode},
    field, secret_token,
};
use crate::{
    domain::{
        audit::AuditChanges,
        channel::{ChannelAccount, ChannelAccountStatus, ChannelVerdict, KeyCheck},
        ids::ChannelAccountId,
        organization::Stamp,
        secret::ApiKey,
    },
    store::{
        account_flow,
        channel_account::{self, Keyed, Update},
        commit::NewKey,
        idempotency,
    },
    telesign::{BaseUrl, check_key},
};

/// The provider may sign with the old key until it has taken the new one everywhere.
const PREVIOUS_KEY_GRACE: TimeDelta = TimeDelta::hours(24);
/// How often a check is written again when the account has moved meanwhile.
const STORE_TRIES_MAX: usize = 3;
/// Hex digits of a key's hash that are shown.
const FINGERPRINT_DIGITS: usize = 8;

const CREATE: &str = "channelAccountCreate";

/// An account to make.
#[derive(Debug, Clone)]
pub struct NewChannelAccount {
    pub name: String,
    pub customer_id: String,
    pub api_key: ApiKey,
    /// Whether the provider is asked first, and only an accepted key is stored.
    pub validate: bool,
    pub idempotency_key: String,
}

/// New credentials for an account.
#[derive(Debug, Clone)]
pub struct KeyRotation {
    pub account: ChannelAccountId,
    pub expected_version: i32,
    /// `None` leaves it as it is.
    pub customer_id: Option<String>,
    pub api_key: ApiKey,
    /// Whether the provider is asked first, and only an accepted key is stored.
    pub validate: bool,
}

/// An account, with the check that was made.
#[derive(Debug, Clone)]
pub struct Checked {
    pub account: ChannelAccount,
    pub check: Option<KeyCheck>,
}

impl Admin {
    /// Makes an account. Repeated with the same key and input it answers what the first call made.
    pub async fn channel_account_create(
        &self,
        by: By,
        new: NewChannelAccount,
    ) -> Result<Checked, AdminError> {
        let new = NewChannelAccount {
            name: field::name("name", &new.name)?,
            customer_id: field::customer_id(&new.customer_id)?,
            api_key: field::api_key(&new.api_key)?,
            validate: new.validate,
            idempotency_key: field::idempotency_key(&new.idempotency_key)?,
        };
        let id = ChannelAccountId(self.clock.new_uuid());
        let key = self.creation_key(by, &new, id)?;
        if let Some(made_before) = self.made_before(by, &key).await? {
            return Ok(made_before);
        }
        let check = if new.validate {
            Some(self.accepted(&self.hosts, &new.customer_id, &new.api_key).await?)
        } else {
            None
        };
        let account = self.new_account(id, &new, check.as_ref())?;
        let sealed = channel_account::seal_key(&self.sealer, by.organization, id, &new.api_key)?;
        let change = self.created(by, "channelAccountCreate", id).noting(
            AuditChanges::default()
                .set("name", &account.name)
                .set("customerId", &account.customer_id)
                .set("status", account.status.as_str())
                .secret("apiKey", false),
        );
        let mut connection = self.store.write(by.organization).await?;
        let is_new =
            channel_account::insert(&mut connection, &account, &sealed, &key, &change).await?;
        if is_new {
            connection.commit().await?;
            return Ok(Checked { account, check });
        }
        drop(connection);
        // The same call has come twice at once, and the other one was first.
        let made_before = self.made_before(by, &key).await?;
        made_before.ok_or_else(|| reused("the account that this key made is gone"))
    }

    /// Asks the provider about a stored account, and keeps what it says with its time.
    pub async fn channel_account_validate(
        &self,
        by: By,
        id: ChannelAccountId,
    ) -> Result<Checked, AdminError> {
        let mut keyed = self.keyed(by, id).await?;
        let mut check = self.checked_again(&keyed).await?;
        for _ in 0..STORE_TRIES_MAX {
            let mut account = keyed.account.clone();
            verdict::apply(&mut account, &check, self.clock.now());
            let why =
                Storing { action: "channelAccountValidate", check: Some(&check), new_key: None };
            if let Some(account) = self.stored(by, &keyed.account, account, why).await? {
                return Ok(Checked { account, check: Some(check) });
            }
            let newer = self.keyed(by, id).await?;
            let credentials =
                |keyed: &Keyed| (keyed.account.customer_id.clone(), keyed.account.key_set_at);
            if credentials(&newer) != credentials(&keyed) {
                check = self.checked_again(&newer).await?;
            }
            keyed = newer;
        }
        // The caller has named no version.
        Err(Refusal { field: None, ..Refusal::stale(keyed.account.stamp.version) }.into())
    }

    /// Gives an account new credentials; callbacks under the old key are taken for a day more.
    pub async fn channel_account_rotate_key(
        &self,
        by: By,
        rotation: KeyRotation,
    ) -> Result<Checked, AdminError> {
        let api_key = field::api_key(&rotation.api_key)?;
        let customer_id = rotation.customer_id.as_deref().map(field::customer_id).transpose()?;
        let keyed = self.keyed(by, rotation.account).await?;
        if keyed.account.stamp.version != rotation.expected_version {
            return Err(Refusal::stale(keyed.account.stamp.version).into());
        }
        let mut account = keyed.account.clone();
        account.customer_id = customer_id.unwrap_or(account.customer_id);
        verdict::forget(&mut account);
        let check = if rotation.validate {
            let hosts = verdict::hosts_for(&self.hosts, &account.provider_base_url);
            let check = self.accepted(&hosts, &account.customer_id, &api_key).await?;
            verdict::apply(&mut account, &check, self.clock.now());
            Some(check)
        } else {
            None
        };
        // The same key once more is no rotation: it would push out the one that is really old.
        let new_key = (keyed.key.expose() != api_key.expose()).then_some(&api_key);
        let why = Storing { action: "channelAccountRotateKey", check: check.as_ref(), new_key };
        if let Some(account) = self.stored(by, &keyed.account, account, why).await? {
            return Ok(Checked { account, check });
        }
        let newer = self.keyed(by, rotation.account).await?;
        Err(Refusal::stale(newer.account.stamp.version).into())
    }

    /// Lets a stopped account's texts go again. One that is not stopped stays as it is.
    pub async fn channel_account_resume(
        &self,
        by: By,
        id: ChannelAccountId,
    ) -> Result<ChannelAccount, AdminError> {
        let mut connection = self.store.write(by.organization).await?;
        let found = channel_account::find_many(&mut connection, by.organization, &[id]).await?;
        let Some(account) = found.into_iter().next() else {
            return Err(Refusal::not_found("channelAccountId", "channel account").into());
        };
        let change = self.updated(by, "channelAccountResume", id);
        account_flow::resume(&mut connection, id, &change).await?;
        connection.commit().await?;
        Ok(account)
    }

    fn new_account(
        &self,
        id: ChannelAccountId,
        new: &NewChannelAccount,
        check: Option<&KeyCheck>,
    ) -> Result<ChannelAccount, AdminError> {
        let now = self.clock.now();
        // Until a check has found its host, the likelier one.
        let base_url = self.hosts.first().unwrap_or(&BaseUrl::FULL_SERVICE);
        let mut account = ChannelAccount {
            id,
            name: new.name.clone(),
            customer_id: new.customer_id.clone(),
            status: ChannelAccountStatus::Unvalidated,
            key_fingerprint: fingerprint(&new.api_key),
            key_set_at: now,
            callback_token: secret_token::callback_token()?,
            provider_base_url: base_url.to_string(),
            max_send_per_second: verdict::send_rate(base_url.as_str()),
            validation: None,
            stamp: Stamp::new(now),
        };
        if let Some(check) = check {
            verdict::apply(&mut account, check, now);
        }
        Ok(account)
    }

    fn creation_key(
        &self,
        by: By,
        new: &NewChannelAccount,
        id: ChannelAccountId,
    ) -> Result<NewKey, AdminError> {
        let validate = if new.validate { "validate" } else { "" };
        let parts = [&new.name, &new.customer_id, new.api_key.expose(), validate];
        // The input holds the API key. A plain hash of it in the table would let whoever reads a
        // dump try keys as fast as they can hash; this one takes the server's secret key to try.
        let input_hash = self.sealer.keyed_hash(CREATE, &parts)?;
        Ok(NewKey {
            agent: by.agent,
            mutation: CREATE,
            key: new.idempotency_key.clone(),
            input_hash,
            result_id: id.to_string(),
        })
    }

    /// What the first call with this idempotency key has made.
    async fn made_before(&self, by: By, key: &NewKey) -> Result<Option<Checked>, AdminError> {
        let mut connection = self.store.read(by.organization).await?;
        let Some(used) = idempotency::find(&mut connection, by.organization, key).await? else {
            return Ok(None);
        };
        if used.input_hash != key.input_hash {
            return Err(reused("this key was used with another input; make a new one"));
        }
        let Ok(id) = used.result_id.parse::<ChannelAccountId>() else { return Ok(None) };
        let found = channel_account::find_many(&mut connection, by.organization, &[id]).await?;
        Ok(found.into_iter().next().map(|account| {
            let check = verdict::last_check(&account);
            Checked { account, check }
        }))
    }

    async fn keyed(&self, by: By, id: ChannelAccountId) -> Result<Keyed, AdminError> {
        let mut connection = self.store.read(by.organization).await?;
        let found =
            channel_account::find_keyed(&mut connection, by.organization, id, &self.sealer).await?;
        found.ok_or_else(|| Refusal::not_found("channelAccountId", "channel account").into())
    }

    async fn checked_again(&self, keyed: &Keyed) -> Result<KeyCheck, AdminError> {
        let hosts = verdict::hosts_for(&self.hosts, &keyed.account.provider_base_url);
        self.check(&hosts, &keyed.account.customer_id, &keyed.key).await
    }

    /// A check that has gone well; every other one is a refusal.
    async fn accepted(
        &self,
        hosts: &[BaseUrl],
        customer_id: &str,
        api_key: &ApiKey,
    ) -> Result<KeyCheck, AdminError> {
        let check = self.check(hosts, customer_id, api_key).await?;
        match verdict::refusal(check.verdict) {
            None => Ok(check),
            Some(refusal) => Err(refusal.into()),
        }
    }

    async fn check(
        &self,
        hosts: &[BaseUrl],
        customer_id: &str,
        api_key: &ApiKey,
    ) -> Result<KeyCheck, AdminError> {
        let _permit = self.key_checks.try_acquire().map_err(|_full| AdminError::Busy)?;
        let check = check_key(&self.telesign, hosts, customer_id, api_key).await;
        let verdict = check.verdict.as_str();
        metrics::counter!("centralino_key_checks_total", "verdict" => verdict).increment(1);
        Ok(check)
    }

    /// Stores a changed account, with a new key if there is one; `None`: it has moved since.
    async fn stored(
        &self,
        by: By,
        before: &ChannelAccount,
        mut account: ChannelAccount,
        Storing { action, check, new_key }: Storing<'_>,
    ) -> Result<Option<ChannelAccount>, AdminError> {
        let changes = moved(before, &account);
        let changes = if new_key.is_some() { changes.secret("apiKey", true) } else { changes };
        let change = self.updated(by, action, account.id).noting(changes);
        let is_accepted = check.is_some_and(|check| check.verdict == ChannelVerdict::Ok);
        let sealed = match new_key {
            Some(key) => {
                account.key_fingerprint = fingerprint(key);
                account.key_set_at = change.at;
                let (organization, id) = (by.organization, account.id);
                Some(channel_account::seal_key(&self.sealer, organization, id, key)?)
            }
            None => None,
        };
        let update = Update {
            account: &account,
            expected_version: account.stamp.version,
            rotation: sealed.as_deref().map(|sealed| (sealed, change.at + PREVIOUS_KEY_GRACE)),
            resumes: sealed.is_some() || is_accepted,
        };
        let mut connection = self.store.write(by.organization).await?;
        if !channel_account::update(&mut connection, update, &change).await? {
            return Ok(None);
        }
        connection.commit().await?;
        account.stamp.version += 1;
        account.stamp.updated_at = change.at;
        Ok(Some(account))
    }
}

/// What an account is stored for.
struct Storing<'a> {
    /// The mutation.
    action: &'static str,
    check: Option<&'a KeyCheck>,
    new_key: Option<&'a ApiKey>,
}

/// What is another now about an account.
fn moved(before: &ChannelAccount, after: &ChannelAccount) -> AuditChanges {
    AuditChanges::default()
        .moved("customerId", Some(&before.customer_id), Some(&after.customer_id))
        .moved("status", Some(before.status.as_str()), Some(after.status.as_str()))
        .moved(
            "maxSendPerSecond",
            Some(before.max_send_per_second),
            Some(after.max_send_per_second),
        )
}

fn reused(message: &str) -> AdminError {
    Refusal::at("idempotencyKey", RefusalCode::IdempotencyKeyReused, message).into()
}

/// Enough of a key's hash to recognise it, and too little to find it.
fn fingerprint(key: &ApiKey) -> String {
    let mut digits = HEXLOWER.encode(&Sha256::digest(key.expose().as_bytes()));
    digits.truncate(FINGERPRINT_DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_beginning_of_the_keys_sha_256() {
        // printf '%s' abc | sha256sum
        assert_eq!(fingerprint(&ApiKey::new("abc")), "ba7816bf");
    }
}

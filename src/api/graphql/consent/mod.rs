//! Consent, as clients see it: where a customer stands, the ledger, and those who speak for them.
//!
//! **Invariant:** nobody writes a keyword's or the provider's line here: the source of a line is
//! what the caller is. The ledger is for admins; whether one may text somebody, all staff may ask.

mod change;
mod word;

use async_graphql::{
    Context, Error, ID, InputObject, Object, SimpleObject, connection::Connection,
};

pub use change::ConsentMutation;
use word::{ConsentSource, ConsentStatus};

use super::{
    actor::ActorObject,
    channel::SupportNumberObject,
    connection::{PageArguments, connect_rows},
    context::{connect, principal},
    cursor::encode_line,
    error::{bad_input, fault},
    loader::load,
    scalar::{DateTime, SmsAddress},
};
use crate::{
    domain::{
        consent::ledger::LedgerEntry,
        ids::{MessageId, SupportNumberId},
    },
    store::{
        consent::{self, Filter},
        support_number,
    },
};

/// A line of the ledger of consent.
pub struct ConsentObject(LedgerEntry);

impl From<LedgerEntry> for ConsentObject {
    fn from(entry: LedgerEntry) -> Self {
        Self(entry)
    }
}

/// What was said of a customer's consent, once: a line of the append-only ledger.
#[Object(name = "Consent")]
impl ConsentObject {
    /// Opaque and stable.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// 1, 2, 3 … within the organization, with no holes.
    async fn sequence(&self) -> String {
        self.0.sequence.to_string()
    }

    /// Whom it is about; null once they were erased.
    async fn address(&self) -> Option<SmsAddress> {
        self.0.personal.as_ref().map(|personal| SmsAddress(personal.customer.clone()))
    }

    /// The number of ours that it is about; null: all of them.
    async fn support_number(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<SupportNumberObject>, Error> {
        let Some(id) = self.0.support_number else { return Ok(None) };
        Ok(load(context, id).await?.map(SupportNumberObject::from))
    }

    /// What it says.
    async fn status(&self) -> ConsentStatus {
        self.0.status.into()
    }

    /// Where it came from.
    async fn source(&self) -> ConsentSource {
        self.0.source.into()
    }

    /// The word that they texted, with KEYWORD only.
    async fn keyword(&self) -> Option<&str> {
        self.0.personal.as_ref()?.keyword.as_deref()
    }

    /// What was written or said, by whoever did; the provider's code and reason.
    async fn evidence(&self) -> Option<&str> {
        self.0.personal.as_ref()?.evidence.as_deref()
    }

    /// The text that carried it, or that the provider refused.
    async fn message_id(&self) -> Option<ID> {
        self.0.message.map(|id: MessageId| ID(id.to_string()))
    }

    /// When it was said.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Who said it.
    async fn actor(&self) -> ActorObject {
        consent::actor_of(&self.0).into()
    }
}

/// Whether an address may be texted.
#[derive(SimpleObject)]
pub struct ConsentStanding {
    /// Whom it is about.
    address: SmsAddress,
    /// `OPTED_OUT`: nothing may be sent. `UNKNOWN`: nobody ever said anything.
    status: ConsentStatus,
    /// The line of the ledger that decides; null with UNKNOWN.
    entry: Option<ConsentObject>,
}

/// What a list of lines is narrowed to.
#[derive(InputObject)]
pub struct ConsentFilter {
    /// Only lines that say one of these.
    status: Option<Vec<ConsentStatus>>,
    /// Only lines that came from one of these.
    source: Option<Vec<ConsentSource>>,
    /// Only lines about this address.
    address: Option<SmsAddress>,
}

/// Reads consent.
#[derive(Default)]
pub struct ConsentQuery;

#[Object]
impl ConsentQuery {
    /// Whether an address may be texted from a number; without one, from all of them.
    async fn consent(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who would be texted.")] address: SmsAddress,
        #[graphql(desc = "The number of ours that it would come from.")] support_number_id: Option<
            ID,
        >,
    ) -> Result<Option<ConsentStanding>, Error> {
        let organization = principal(context)?.organization;
        let mut connection = connect(context).await?;
        let number = match support_number_id {
            None => None,
            Some(id) => {
                let Ok(id) = id.parse::<SupportNumberId>() else { return Ok(None) };
                let found = support_number::find_many(&mut connection, organization, &[id]).await;
                if found.map_err(|error| fault(&error))?.is_empty() {
                    return Ok(None);
                }
                Some(id)
            }
        };
        let read = consent::standing_of(&mut connection, organization, &address.0, number).await;
        let entry = read.map_err(|error| fault(&error))?;
        let status = entry.as_ref().map_or(ConsentStatus::Unknown, |entry| entry.status.into());
        Ok(Some(ConsentStanding { address, status, entry: entry.map(ConsentObject) }))
    }

    /// The ledger of consent, oldest line first; with a filter on the address, one customer's.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn consents(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "What the lines have in common.")] filter: Option<ConsentFilter>,
    ) -> Result<Option<Connection<String, ConsentObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_line()?;
        let filter = filter.map(read_filter).transpose()?.unwrap_or_default();
        let mut connection = connect(context).await?;
        let organization = principal(context)?.organization;
        let read = consent::list(&mut connection, organization, &filter, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        Ok(Some(connect_rows(slice, |entry| encode_line(entry.sequence), ConsentObject)))
    }

    /// Walks along the whole ledger: how many lines it has, and where it is broken, if anywhere.
    #[graphql(complexity = "500")]
    async fn consent_ledger_check(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<ConsentLedgerCheck>, Error> {
        let organization = principal(context)?.organization;
        let mut connection = connect(context).await?;
        let walked = consent::verify(&mut connection, organization).await;
        Ok(Some(match walked.map_err(|error| fault(&error))? {
            Ok(lines) => {
                ConsentLedgerCheck { whole: true, lines: Some(lines.to_string()), problem: None }
            }
            Err(broken) => {
                tracing::error!(organization.id = %organization, %broken, "the ledger of consent is broken");
                ConsentLedgerCheck { whole: false, lines: None, problem: Some(broken.to_string()) }
            }
        }))
    }
}

/// What was found on a walk along the ledger of consent.
#[derive(SimpleObject)]
pub struct ConsentLedgerCheck {
    /// True when every line is as it was written.
    whole: bool,
    /// How many lines there are, when it is whole.
    lines: Option<String>,
    /// The first line that is not as it was written, and how.
    problem: Option<String>,
}

fn read_filter(filter: ConsentFilter) -> Result<Filter, Error> {
    let statuses = filter.status.map(|statuses| {
        let known = |status: ConsentStatus| {
            status.of_a_line().ok_or_else(|| bad_input("no line of the ledger says UNKNOWN"))
        };
        statuses.into_iter().map(known).collect::<Result<Vec<_>, Error>>()
    });
    Ok(Filter {
        statuses: statuses.transpose()?,
        sources: filter.source.map(|sources| sources.into_iter().map(Into::into).collect()),
        customer: filter.address.map(|address| address.0),
    })
}

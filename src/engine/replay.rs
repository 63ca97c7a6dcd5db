//! Callbacks that were kept without an effect, tried again: by their ids, or all of a time.
//!
//! **Invariant:** a callback has its effect once, however often and by however many it is tried.

use super::{Engine, EngineError};
use crate::{
    domain::{
        alert::AlertKind,
        ids::{OrganizationId, ReceiptId},
    },
    store::receipt::{self, CallbackOutcome, Filter},
};

/// Callbacks that are tried in one call; whoever wants more goes on after the last.
const TRIED_MAX: i64 = 500;

/// Which callbacks to try, and whether really.
#[derive(Debug, Clone, Default)]
pub struct ReplayRange {
    pub filter: Filter,
    /// Where an earlier call has ended.
    pub after: Option<ReceiptId>,
    /// Only count what would have an effect.
    pub is_dry_run: bool,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// They have their effect now; on a dry run they would.
    pub replayed: usize,
    /// They still have none.
    pub refused: usize,
    /// The last that was tried.
    pub last: Option<ReceiptId>,
    pub has_more: bool,
}

impl Engine {
    /// Tries callbacks again that had no effect, oldest first: texts of a customer keep their order.
    pub async fn replay_range(
        &self,
        organization: OrganizationId,
        range: &ReplayRange,
    ) -> Result<Replayed, EngineError> {
        let mut connection = self.shared.store.read(organization).await?;
        let filter = &range.filter;
        let kept =
            receipt::waiting(&mut connection, organization, filter, (range.after, TRIED_MAX));
        let kept = kept.await?;
        drop(connection);
        let has_more = kept.len() >= usize::try_from(TRIED_MAX).unwrap_or(usize::MAX);
        let mut result = Replayed { has_more, ..Replayed::default() };
        for receipt in kept {
            result.last = Some(receipt.id);
            let id = receipt.id;
            let tried = if range.is_dry_run {
                self.would_apply(&receipt).await
            } else {
                let tried = Box::pin(self.replay_receipt(receipt)).await;
                tried.map(|received| received.outcome == CallbackOutcome::Applied)
            };
            match tried {
                Ok(true) => result.replayed += 1,
                Ok(false) => result.refused += 1,
                Err(error) if error.is_retryable() => return Err(error),
                Err(error) => {
                    tracing::error!(error = ?error, callback.id = %id, "a replay failed");
                    result.refused += 1;
                }
            }
        }
        if !range.is_dry_run {
            self.settle_unrouted(organization).await;
        }
        Ok(result)
    }

    /// Whether a callback has its effect, or would have it now; none where there is no such one.
    pub async fn would_replay(
        &self,
        organization: OrganizationId,
        id: ReceiptId,
    ) -> Result<Option<bool>, EngineError> {
        let mut connection = self.shared.store.read(organization).await?;
        let found = receipt::find(&mut connection, organization, id).await?;
        drop(connection);
        match found {
            None => Ok(None),
            Some(kept) if kept.outcome == CallbackOutcome::Applied => Ok(Some(true)),
            Some(kept) => Ok(Some(self.would_apply(&kept).await?)),
        }
    }

    /// Ends the alert when no unrouted text is left.
    pub async fn settle_unrouted(&self, organization: OrganizationId) {
        let left = async {
            let mut connection = self.shared.store.read(organization).await?;
            receipt::has_any(&mut connection, organization, CallbackOutcome::Unrouted).await
        };
        match left.await {
            Ok(true) => {}
            Ok(false) => {
                let kind = AlertKind::CallbackUnrouted;
                self.clear_alert(organization, kind, super::receive::UNROUTED_KEY).await;
            }
            Err(error) => tracing::warn!(%error, "could not look for unrouted texts"),
        }
    }
}

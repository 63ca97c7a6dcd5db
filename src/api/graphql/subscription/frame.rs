//! What every frame has: its place in the stream, and the word that the client must start anew.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime as ChronoDateTime, Utc};

use crate::api::graphql::scalar::{DateTime, EventCursor};

/// Position of a frame.
///
/// If `previous` differs from the last cursor you hold, you lost frames: subscribe again with
/// `after`.
#[derive(Debug, Clone, SimpleObject)]
pub struct FramePosition {
    /// Pass it as `after` to go on behind this frame.
    cursor: EventCursor,
    /// Cursor of the frame before; null in the first frame without `after`.
    previous: Option<EventCursor>,
    /// When the newest event of the frame happened.
    at: DateTime,
}

/// Why the client must start anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ResyncReason {
    /// More than 24 hours or 10 000 events have passed.
    #[graphql(name = "CURSOR_EXPIRED")]
    CursorExpired,
    /// No such position has been reached.
    #[graphql(name = "CURSOR_UNKNOWN")]
    CursorUnknown,
    /// The client reads more slowly than things happen.
    #[graphql(name = "SLOW_CONSUMER")]
    SlowConsumer,
    /// The viewer's role or queues have changed, or the conversation is theirs no longer.
    #[graphql(name = "PERMISSIONS_CHANGED")]
    PermissionsChanged,
}

impl ResyncReason {
    /// What the metrics call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::CursorExpired => "cursor_expired",
            Self::CursorUnknown => "cursor_unknown",
            Self::SlowConsumer => "slow_consumer",
            Self::PermissionsChanged => "permissions_changed",
        }
    }
}

/// What the client holds is not what is; the server sends a snapshot next, or ends the stream.
#[derive(Debug, Clone, SimpleObject)]
pub struct ResyncRequired {
    /// The cursor is the one that the client holds: a resync never moves it forward.
    pub position: FramePosition,
    /// Why.
    pub reason: ResyncReason,
}

/// The cursors of one stream.
#[derive(Debug, Clone, Copy)]
pub struct Chain {
    sent: Option<i64>,
}

impl Chain {
    /// A stream whose client holds this cursor.
    pub fn holding(after: Option<i64>) -> Self {
        Self { sent: after }
    }

    /// The cursor that the client holds.
    pub fn sent(&self) -> Option<i64> {
        self.sent
    }

    /// The place of the next frame.
    pub fn link(&mut self, cursor: i64, at: ChronoDateTime<Utc>) -> FramePosition {
        let previous = self.sent.replace(cursor).map(EventCursor);
        FramePosition { cursor: EventCursor(cursor), previous, at: at.into() }
    }

    /// The place of a frame that asks to start anew: whoever comes back with it is asked again.
    pub fn resync(&mut self, at: ChronoDateTime<Utc>) -> FramePosition {
        self.link(self.sent.unwrap_or(0), at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_chain_and_a_resync_moves_nothing() {
        let mut chain = Chain::holding(Some(3));
        let at = ChronoDateTime::<Utc>::UNIX_EPOCH;
        let frame = chain.link(5, at);
        assert_eq!((frame.previous, frame.cursor), (Some(EventCursor(3)), EventCursor(5)));
        let resync = chain.resync(at);
        assert_eq!((resync.previous, resync.cursor), (Some(EventCursor(5)), EventCursor(5)));
        let snapshot = chain.link(9, at);
        assert_eq!((snapshot.previous, snapshot.cursor), (Some(EventCursor(5)), EventCursor(9)));
        assert_eq!(Chain::holding(None).link(1, at).previous, None);
    }
}

//! What admins change, for admin screens and caches.

use async_graphql::{ComplexObject, Context, Enum, Error, ID, SimpleObject, Subscription};
use async_stream::try_stream;
use futures_util::{StreamExt, stream::BoxStream};

use super::{
    Subscriber, admit,
    frame::{Chain, FramePosition, ResyncReason},
    refusal,
    stream::{check_after, next},
};
use crate::{
    api::graphql::{
        access,
        actor::ActorObject,
        error::{bad_input, fault},
        node::{Node, find_subject},
        scalar::EventCursor,
        transport::ErrorCode,
        viewer::Change,
    },
    engine::{FeedItem, FollowError},
    store::{
        commit::{Actor, FeedEventKind},
        event,
    },
};

const COORDINATE: &str = "Subscription.configChanges";

/// What happened to an object of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ConfigChangeKind {
    /// It was made.
    #[graphql(name = "CREATED")]
    Created,
    /// It was changed.
    #[graphql(name = "UPDATED")]
    Updated,
}

/// One change of the configuration.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ConfigChangeFrame {
    /// Its place in the stream.
    position: FramePosition,
    /// What happened.
    change: ConfigChangeKind,
    /// To which object.
    subject_id: ID,
    #[graphql(skip)]
    cursor: i64,
    #[graphql(skip)]
    by: Actor,
}

#[ComplexObject]
impl ConfigChangeFrame {
    /// The object as it stands; null where there is none to show.
    async fn subject(&self, context: &Context<'_>) -> Result<Option<Node>, Error> {
        find_subject(context, &self.subject_id, self.cursor).await
    }

    /// Who did it.
    async fn actor(&self) -> ActorObject {
        self.by.into()
    }
}

/// Pushes changes of the configuration.
#[derive(Default)]
pub struct ConfigChangesSubscription;

#[Subscription]
impl ConfigChangesSubscription {
    /// Configuration changes from now on, or from `after` on.
    ///
    /// There is no snapshot: query what you show after the stream has begun. A cursor that is too
    /// old, and a client that falls too far behind, get `BAD_USER_INPUT` and the stream ends: query
    /// again and subscribe without `after`.
    #[expect(clippy::unused_async, reason = "the macro takes async functions only")]
    async fn config_changes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Cursor of the last frame that the client holds.")] after: Option<
            EventCursor,
        >,
    ) -> Result<BoxStream<'static, Result<ConfigChangeFrame, Error>>, Error> {
        Ok(changes(admit(context, COORDINATE)?, after))
    }
}

fn changes(
    subscriber: Subscriber,
    after: Option<EventCursor>,
) -> BoxStream<'static, Result<ConfigChangeFrame, Error>> {
    // Listens before anything is read.
    let mut follower = subscriber.services.engine.follow(subscriber.principal.organization);
    let after = after.map(|cursor| cursor.0);
    let mut chain = Chain::holding(after);
    let frames = try_stream! {
        follower.start_after(begin(&subscriber, after).await?);
        loop {
            let items = match next(&mut follower).await {
                Ok(items) => items,
                Err(FollowError::Ended) => break,
                Err(FollowError::TooFarBehind) => Err(start_anew(ResyncReason::SlowConsumer))?,
                Err(FollowError::Store(error)) => Err(fault(&error))?,
            };
            for item in items.iter() {
                let Some((change, subject_id)) = change_of(item) else { continue };
                authorize(&subscriber, item).await?;
                yield ConfigChangeFrame {
                    position: chain.link(item.position, item.at),
                    change,
                    subject_id,
                    cursor: item.position,
                    by: item.actor,
                };
            }
        }
    };
    frames.boxed()
}

/// The position that the stream begins behind.
async fn begin(subscriber: &Subscriber, after: Option<i64>) -> Result<i64, Error> {
    let mut connection = subscriber.connect().await?;
    let Some(after) = after else {
        let newest = event::position(&mut connection, subscriber.principal.organization).await;
        return newest.map_err(|error| fault(&error));
    };
    match check_after(&mut connection, subscriber, after).await {
        Ok(Ok(_newest)) => Ok(after),
        Ok(Err(reason)) => Err(start_anew(reason)),
        Err(error) => Err(fault(&error)),
    }
}

fn start_anew(reason: ResyncReason) -> Error {
    let why = match reason {
        ResyncReason::CursorExpired => "the cursor is too old",
        ResyncReason::CursorUnknown => "no such position has been reached",
        ResyncReason::SlowConsumer => "more has changed than was read",
        ResyncReason::PermissionsChanged => "the viewer's role has changed",
    };
    bad_input(format!("{why}; query the configuration and subscribe without `after`"))
}

fn change_of(item: &FeedItem) -> Option<(ConfigChangeKind, ID)> {
    let change = match item.kind {
        FeedEventKind::ConfigCreated => ConfigChangeKind::Created,
        FeedEventKind::ConfigUpdated => ConfigChangeKind::Updated,
        FeedEventKind::ConversationStarted
        | FeedEventKind::ConversationMoved
        | FeedEventKind::MessageAdded
        | FeedEventKind::MessageMoved
        | FeedEventKind::AlertMoved => return None,
    };
    Some((change, ID(item.subject_id.clone()?)))
}

/// Asks again whether the viewer may follow, when the change may be about the viewer.
async fn authorize(subscriber: &Subscriber, item: &FeedItem) -> Result<(), Error> {
    match subscriber.follow_viewer(item).await? {
        Change::Same => Ok(()),
        Change::Gone => Err(refusal(ErrorCode::Unauthenticated)),
        Change::Other => {
            let role = subscriber.viewer.get().role;
            let principal = super::Principal { role, ..subscriber.principal.clone() };
            access::check(COORDINATE, Some(&principal)).map_err(refusal)
        }
    }
}

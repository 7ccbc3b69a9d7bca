//! What a handle asks of the core's task.

use tokio::sync::oneshot;

use crate::{Binding, CallError, Leg, LegId, OutboundCall, RegisterClient, Replaces};

/// Questions of handles that wait at a time.
pub(super) const ASKS_WAITING: usize = 256;

#[derive(Debug)]
pub(super) enum Ask {
    Call {
        call: Box<OutboundCall>,
        reply: oneshot::Sender<Result<Leg, CallError>>,
    },
    Register {
        client: Box<RegisterClient>,
        reply: oneshot::Sender<Result<u64, CallError>>,
    },
    LegOf {
        replaces: Replaces,
        reply: oneshot::Sender<Option<LegId>>,
    },
    NameOf {
        leg: LegId,
        reply: oneshot::Sender<Option<Replaces>>,
    },
    Bindings {
        username: String,
        reply: oneshot::Sender<Vec<Binding>>,
    },
    RefuseNewCalls,
    /// Ends calls and registrations, then replies and stops.
    Shutdown {
        reply: oneshot::Sender<()>,
    },
}

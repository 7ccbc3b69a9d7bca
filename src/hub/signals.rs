//! When to stop.

use tokio::signal::unix::{SignalKind, signal};
use tracing::error;

/// Resolves at the next SIGTERM or SIGINT.
pub async fn stop_asked() {
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        (Err(failure), _) | (_, Err(failure)) => {
            // Without signals the process can still be killed; calls survive that too.
            error!(%failure, "signals are not to be had");
            std::future::pending().await
        }
    }
}

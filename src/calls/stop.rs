//! A graceful stop: no new calls, the running ones finish or are ended when their time is over.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::info;

use super::start::Running;

/// How often the number of running calls is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Time for legs to be torn down, recordings closed and rows written once calls have been ended.
const ENDING_LIMIT: Duration = Duration::from_secs(8);

impl Running {
    /// Refuses new calls at once, waits up to `grace` for the running ones, then ends them.
    /// Answers with how many had to be ended.
    pub async fn stop(&self, grace: Duration) -> usize {
        self.shared.sip.refuse_new_calls();
        let running = self.shared.floor.running().await;
        if running > 0 {
            info!(running, grace_s = grace.as_secs(), "waiting for running calls");
        }
        let cut = self.wait_until_quiet(grace).await;
        if cut > 0 {
            info!(calls = cut, "ending the running calls");
            self.shared.floor.end_all().await;
            self.wait_until_quiet(ENDING_LIMIT).await;
        }
        cut
    }

    /// How many calls still run when all are over, or the time is.
    async fn wait_until_quiet(&self, limit: Duration) -> usize {
        let deadline = Instant::now() + limit;
        loop {
            let running = self.shared.floor.running().await;
            if running == 0 || Instant::now() >= deadline {
                return running;
            }
            sleep(LOOK_EVERY).await;
        }
    }
}

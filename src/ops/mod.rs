//! Running the program: logs, health, numbers.

mod health;
mod logging;
mod metrics;

pub use health::{Readiness, routes};
pub use logging::{LoggingError, start_logging};
pub use metrics::{Metrics, MetricsError, measure};

//! Why a hub does not start, in words for the administrator.

use crate::config::Unusable;

#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// A value of the configuration with which nothing can be opened.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    #[error("console: {0}")]
    Listen(#[source] std::io::Error),
    #[error("hub.default_region = \"{0}\": not a country of ISO 3166-1")]
    Region(String),
    #[error("trunks.{trunk}.sources: {reason}")]
    TrunkSource { trunk: String, reason: String },
    #[error("sip.transports must name udp: the demo's own phones use it")]
    NoUdp,
    #[error("tls: {0}")]
    Tls(#[from] rustls::Error),
    #[error("database: {0}")]
    Crm(#[from] crm::Error),
    #[error("sip: {0}")]
    Sip(#[from] sip::StartError),
    #[error("media: {0}")]
    Media(#[from] media::StartError),
    #[error("calls: {0}")]
    Calls(#[from] crate::calls::CallsError),
    #[error("demo: {0}")]
    Demo(#[from] crate::demo::DemoError),
    #[error("metrics: {0}")]
    Metrics(#[from] crate::ops::MetricsError),
}

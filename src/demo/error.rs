//! Why the demo could not do what it was asked.

/// What can go wrong while the demo is built, and when somebody asks it for something.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Aurora could not be written to, or read from, the database.
    #[error("the demo's company could not be prepared: {0}")]
    Company(#[from] crm::Error),
    #[error("the demo's {who} could not open their SIP sockets: {source}")]
    Signalling { who: &'static str, source: sip::StartError },
    #[error("the demo's telephones could not open their sound: {0}")]
    Media(#[from] media::StartError),
    #[error("demo phone {username} could not register: {reason}")]
    Registration { username: String, reason: String },
    /// As many test calls run as the demo places at once.
    #[error("{limit} test calls are running: no more at once")]
    TooManyCalls { limit: usize },
    /// The hub could not be called, or this call's sound not opened.
    #[error("the test call could not be placed: {0}")]
    NotPlaced(String),
    /// The user has no demo phone, or it has no call.
    #[error("the demo phone has no call")]
    NoCall,
    #[error("the demo is stopping")]
    Stopping,
}

//! Why a session description was refused.

/// Why a session description was refused. The text is safe to show to the other end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    /// Longer than we read.
    #[error("session description of {bytes} bytes, at most {limit_bytes} are read")]
    TooLong { bytes: usize, limit_bytes: usize },
    /// More lines of one kind than we read.
    #[error("session description has more than {limit} {what}")]
    TooMany { what: &'static str, limit: usize },
    /// Not SDP.
    #[error("not a session description: {0}")]
    Syntax(String),
    /// The leg is protected in a way that the other end's keys do not fit, or there are none.
    #[error("no keys in common")]
    NoKeys,
    /// No `m=audio` line over RTP, or only refused ones (port 0).
    #[error("no audio over RTP")]
    NoAudio,
    /// Audio, but neither PCMU nor PCMA in it.
    #[error("no codec in common")]
    NoCommonCodec,
    /// The connection address is missing, is a name, is multicast, or is of no use.
    #[error("no usable connection address")]
    BadAddress,
}

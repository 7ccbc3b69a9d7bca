//! Who the left end of each call is.

use media::CodecKind;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Speaks plainly.
    Phone(CodecKind),
    /// Speaks Opus by ICE and DTLS-SRTP.
    Browser,
}

impl Left {
    /// By its name on the command line: a codec's, or `browser`.
    pub fn named(name: &str) -> Option<Left> {
        if name == "browser" {
            return Some(Left::Browser);
        }
        let kind = CodecKind::ALL.into_iter().find(|kind| kind.encoding_name().eq_ignore_ascii_case(name));
        kind.map(Left::Phone)
    }

    pub fn codec(self) -> CodecKind {
        match self {
            Left::Phone(kind) => kind,
            Left::Browser => CodecKind::Opus,
        }
    }

    /// The right end speaks the same.
    pub fn is_relayed(self) -> bool {
        self.codec() == CodecKind::Pcma
    }
}

//! Why there is no new certificate, in words for the administrator.

use std::path::PathBuf;

use super::wire::WireError;

/// Shows no key and no token.
#[derive(Debug, thiserror::Error)]
pub enum AcmeError {
    #[error("the authority cannot be reached: {0}")]
    Unreachable(WireError),
    #[error("the order took longer than {0} s")]
    TooSlow(u64),
    /// Another account has to be opened.
    #[error("the authority knows our account no longer: {0}")]
    Forgotten(Box<instant_acme::Error>),
    #[error("the authority: {0}")]
    Refused(Box<instant_acme::Error>),
    #[error("the authority could not confirm {name}: {reason}")]
    Unconfirmed { name: String, reason: String },
    #[error("the authority confirms no names by HTTP (http-01)")]
    NoHttp,
    #[error("what the authority issued cannot be used: {0}")]
    Unusable(String),
    #[error("\"{}\": {source}", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

/// Section 6.7.
const ACCOUNT_DOES_NOT_EXIST: &str = "urn:ietf:params:acme:error:accountDoesNotExist";

impl From<instant_acme::Error> for AcmeError {
    fn from(error: instant_acme::Error) -> Self {
        use instant_acme::Error as Acme;

        match error {
            Acme::Other(inner) => match inner.downcast::<WireError>() {
                Ok(wire) => Self::Unreachable(*wire),
                Err(inner) => Self::Refused(Box::new(Acme::Other(inner))),
            },
            Acme::Api(problem) if problem.r#type.as_deref() == Some(ACCOUNT_DOES_NOT_EXIST) => {
                Self::Forgotten(Box::new(Acme::Api(problem)))
            }
            other => Self::Refused(Box::new(other)),
        }
    }
}

impl AcmeError {
    /// Nobody has counted this attempt against us: it is made again soon.
    pub fn is_cheap(&self) -> bool {
        matches!(self, Self::Unreachable(_))
    }
}

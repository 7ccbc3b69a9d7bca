//! What a request claims in its Authorization header.

use super::hash::{Algorithm, Proof, same};
use crate::wire::{AuthParams, Request, SipUri};

/// A digest answer to a challenge of ours, not yet checked.
#[derive(Debug)]
pub(crate) struct Claim {
    pub username: String,
    pub algorithm: Algorithm,
    pub nonce: String,
    pub nc: u32,
    nc_text: String,
    cnonce: String,
    uri: String,
    response: String,
}

impl Claim {
    /// The first claim for our realm. `None` without one, or when it is not of the form that
    /// we asked for.
    pub fn read(request: &Request, realm: &str) -> Option<Self> {
        request
            .headers
            .all("Authorization")
            .chain(request.headers.all("Proxy-Authorization"))
            .filter_map(AuthParams::parse)
            .find(|params| params.get("realm") == Some(realm))
            .and_then(|params| Self::from_params(&params))
    }

    fn from_params(params: &AuthParams) -> Option<Self> {
        let text = |name: &str| params.get(name).map(str::to_owned);
        if params.get("qop") != Some("auth") {
            return None;
        }
        let nc_text = text("nc").filter(|nc| nc.len() == 8)?;
        Some(Self {
            username: text("username")?,
            algorithm: Algorithm::of(params.get("algorithm"))?,
            nonce: text("nonce")?,
            nc: u32::from_str_radix(&nc_text, 16).ok()?,
            nc_text,
            cnonce: text("cnonce")?,
            uri: text("uri")?,
            response: text("response")?.to_ascii_lowercase(),
        })
    }

    /// Whether the digest was made with this secret and for this request.
    pub fn fits(&self, request: &Request, ha1: &str) -> bool {
        let proof = Proof {
            nonce: &self.nonce,
            nc: &self.nc_text,
            cnonce: &self.cnonce,
            method: request.method.as_str(),
            uri: &self.uri,
        };
        let expected = proof.response(self.algorithm, &ha1.to_ascii_lowercase());
        let right = same(&expected, &self.response);
        right && !ha1.is_empty() && self.means(request)
    }

    /// RFC 3261 section 22.4: the URI of the digest and of the request must mean the same,
    /// else a digest for one callee would serve for another.
    fn means(&self, request: &Request) -> bool {
        if self.uri == request.uri {
            return true;
        }
        match (SipUri::parse(&self.uri), SipUri::parse(&request.uri)) {
            // Some phones and SIPp name the server alone. The nonce counter keeps even such a
            // digest from serving twice.
            (Some(a), Some(b)) => (a.user.is_empty() || a.user == b.user) && a.host == b.host,
            _ => false,
        }
    }
}

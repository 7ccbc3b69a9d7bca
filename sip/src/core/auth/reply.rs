//! Our answers to other people's challenges (RFC 3261 section 22.2, RFC 8760).

use super::hash::{Algorithm, Proof};
use crate::{
    Credentials,
    wire::{AuthParams, Response, quoted},
};

/// An Authorization or Proxy-Authorization header for a 401 or 407; `None` when no challenge
/// in it can be answered, or when the one before was answered the same way already.
pub(crate) fn answer(
    response: &Response,
    method: &str,
    uri: &str,
    credentials: &Credentials,
    cnonce: &str,
    earlier: &[(&'static str, String)],
) -> Option<(&'static str, String)> {
    let (asks, answers) = match response.code {
        401 => ("WWW-Authenticate", "Authorization"),
        407 => ("Proxy-Authenticate", "Proxy-Authorization"),
        _ => return None,
    };
    let (challenge, algorithm) = response
        .headers
        .all(asks)
        .filter_map(AuthParams::parse)
        .filter(offers_auth)
        .filter_map(|c| Algorithm::of(c.get("algorithm")).map(|a| (c, a)))
        // RFC 8760 section 2.3: the strongest that we know.
        .min_by_key(|(_, algorithm)| *algorithm != Algorithm::Sha256)?;
    let stale = challenge.get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true"));
    if !stale && earlier.iter().any(|(name, _)| *name == answers) {
        // Section 22.2: the same wrong password again would help nobody.
        return None;
    }
    let realm = challenge.get("realm")?;
    let nonce = challenge.get("nonce")?;
    let secret = format!("{}:{realm}:{}", credentials.username, credentials.password);
    let proof = Proof { nonce, nc: "00000001", cnonce, method, uri };
    let digest = proof.response(algorithm, &algorithm.hash(&secret));
    let mut header = format!(
        "Digest username={}, realm={}, nonce={}, uri={}, response=\"{digest}\", \
         algorithm={}, cnonce=\"{cnonce}\", qop=auth, nc=00000001",
        quoted(&credentials.username),
        quoted(realm),
        quoted(nonce),
        quoted(uri),
        algorithm.token(),
    );
    if let Some(opaque) = challenge.get("opaque") {
        header.push_str(&format!(", opaque={}", quoted(opaque)));
    }
    Some((answers, header))
}

fn offers_auth(challenge: &AuthParams) -> bool {
    challenge.get("qop").is_some_and(|qop| qop.split(',').any(|q| q.trim().eq_ignore_ascii_case("auth")))
}

//! The hashes of digest authentication (RFC 7616, RFC 8760).

use std::fmt::Write as _;

use md5::Md5;
use sha2::{Digest, Sha256};

/// A digest algorithm that we speak, the stronger first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Sha256,
    Md5,
}

impl Algorithm {
    /// The token of the `algorithm` parameter; MD5 when it is absent (RFC 7616 section 3.3).
    pub fn of(token: Option<&str>) -> Option<Self> {
        match token {
            None => Some(Self::Md5),
            Some(token) if token.eq_ignore_ascii_case("MD5") => Some(Self::Md5),
            Some(token) if token.eq_ignore_ascii_case("SHA-256") => Some(Self::Sha256),
            Some(_) => None,
        }
    }

    pub fn token(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Md5 => "MD5",
        }
    }

    /// H(text) in lower-case hex.
    pub fn hash(self, text: &str) -> String {
        match self {
            Self::Sha256 => hex(&Sha256::digest(text.as_bytes())),
            Self::Md5 => hex(&Md5::digest(text.as_bytes())),
        }
    }
}

/// What a digest is computed over, apart from the secret.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof<'a> {
    pub nonce: &'a str,
    /// Eight hex digits as they stand in the header.
    pub nc: &'a str,
    pub cnonce: &'a str,
    pub method: &'a str,
    pub uri: &'a str,
}

impl Proof<'_> {
    /// RFC 7616 section 3.4.1, with `qop=auth`.
    pub fn response(&self, algorithm: Algorithm, ha1: &str) -> String {
        let ha2 = algorithm.hash(&format!("{}:{}", self.method, self.uri));
        let Self { nonce, nc, cnonce, .. } = self;
        algorithm.hash(&format!("{ha1}:{nonce}:{nc}:{cnonce}:auth:{ha2}"))
    }
}

/// HMAC-SHA-256 (RFC 2104) with a key of one hash length.
pub(super) fn hmac(key: &[u8; 32], data: &[u8]) -> String {
    /// Block of SHA-256.
    const BLOCK_BYTES: usize = 64;
    let mut block = [0_u8; BLOCK_BYTES];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|b| b ^ 0x36)).chain_update(data).finalize();
    let outer = Sha256::new().chain_update(block.map(|b| b ^ 0x5c)).chain_update(inner).finalize();
    hex(&outer)
}

/// 64 bits as hex digits that nobody without the key can make, the same for the same text.
pub(crate) fn keyed_token(key: &[u8; 32], text: &str) -> String {
    let mut token = hmac(key, text.as_bytes());
    token.truncate(16);
    token
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _infallible = write!(out, "{byte:02x}");
    }
    out
}

/// Compares without telling by its time where the difference is.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0_u8, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7616 section 3.9.1.
    #[test]
    fn the_example_of_the_rfc() {
        let proof = Proof {
            nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            nc: "00000001",
            cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            method: "GET",
            uri: "/dir/index.html",
        };
        let secret = "Mufasa:http-auth@example.org:Circle of Life";
        for (algorithm, response) in [
            (Algorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"),
            (Algorithm::Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let ha1 = algorithm.hash(secret);
            assert_eq!(proof.response(algorithm, &ha1), response);
        }
    }

    /// RFC 4231 section 4.3, key padded to the length that we use.
    #[test]
    fn hmac_depends_on_key_and_data() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            hmac(&key, b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert!(same("ab", "ab") && !same("ab", "ac") && !same("ab", "abc"));
    }
}

//! The parameters of a digest challenge or answer, from the raw header.
//!
//! Not from the grammar's typed header: that reads `nc` as one byte.

/// Parameters that are read; a digest has at most 13.
const PARAMS_MAX: usize = 32;

/// `Digest a=b, c="d"` taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuthParams(Vec<(String, String)>);

impl AuthParams {
    /// `None` when the scheme is not Digest or a parameter is broken.
    pub fn parse(value: &str) -> Option<Self> {
        let (scheme, rest) = value.trim().split_once(char::is_whitespace)?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let mut params = Vec::new();
        for part in super::address::split_list(rest).into_iter().take(PARAMS_MAX) {
            let (name, value) = part.split_once('=')?;
            let value = value.trim();
            let value = match value.strip_prefix('"') {
                Some(quoted) => quoted.strip_suffix('"')?.replace("\\\"", "\"").replace("\\\\", "\\"),
                None => value.to_owned(),
            };
            params.push((name.trim().to_ascii_lowercase(), value));
        }
        Some(Self(params))
    }

    /// The value of a parameter, name in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_quoted_and_bare() {
        let params = AuthParams::parse(r#"Digest username="a, b", nc=000001ff ,QOP=auth, x="\"""#);
        let params = params.expect("a digest");
        assert_eq!(params.get("username"), Some("a, b"));
        assert_eq!(params.get("nc"), Some("000001ff"));
        assert_eq!(params.get("qop"), Some("auth"));
        assert_eq!(params.get("x"), Some("\""));
        assert_eq!(AuthParams::parse("Basic abc"), None);
        assert_eq!(AuthParams::parse("Digest"), None);
        assert_eq!(AuthParams::parse("Digest nonsense"), None);
    }
}

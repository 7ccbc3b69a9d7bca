//! Headers of session timers (RFC 4028).

use super::{address::split_list, headers::Headers};

/// Which side of a request refreshes the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refresher {
    Uac,
    Uas,
}

impl Refresher {
    fn token(self) -> &'static str {
        match self {
            Self::Uac => "uac",
            Self::Uas => "uas",
        }
    }
}

/// A Session-Expires header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionExpires {
    pub seconds: u32,
    pub refresher: Option<Refresher>,
}

impl SessionExpires {
    /// `None` without the header, or when it is broken.
    pub fn read(headers: &Headers) -> Option<Self> {
        // Section 4: the compact form is x.
        let value = headers.get("Session-Expires").or_else(|| headers.get("x"))?;
        let seconds = value.split(';').next()?.trim().parse().ok()?;
        let refresher = super::address::param(value, "refresher").and_then(|name| {
            [Refresher::Uac, Refresher::Uas].into_iter().find(|r| r.token().eq_ignore_ascii_case(name))
        });
        Some(Self { seconds, refresher })
    }

    pub fn text(self) -> String {
        match self.refresher {
            Some(refresher) => format!("{};refresher={}", self.seconds, refresher.token()),
            None => self.seconds.to_string(),
        }
    }
}

/// The Min-SE header, seconds.
pub(crate) fn min_se(headers: &Headers) -> Option<u32> {
    headers.get("Min-SE")?.split(';').next()?.trim().parse().ok()
}

/// Whether a list header holds this token: an option of Supported or Require, a method of Allow.
pub(crate) fn lists(headers: &Headers, name: &str, token: &str) -> bool {
    headers.all(name).flat_map(split_list).any(|value| value.eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_comes_apart() {
        let read = |value: &str| {
            let mut headers = Headers::default();
            headers.push("Session-Expires", value);
            SessionExpires::read(&headers)
        };
        let known = read("1800 ; x=1; Refresher=UAS").expect("well formed");
        assert_eq!((known.seconds, known.refresher), (1800, Some(Refresher::Uas)));
        assert_eq!(known.text(), "1800;refresher=uas");
        assert_eq!(read("90").map(SessionExpires::text), Some("90".to_owned()));
        for broken in ["", "x", "-1", "99999999999"] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_token_is_found_in_any_line_and_case() {
        let mut headers = Headers::default();
        headers.push("Supported", "path, replaces");
        headers.push("Supported", "Timer");
        assert!(lists(&headers, "Supported", "timer") && lists(&headers, "Supported", "path"));
        assert!(!lists(&headers, "Supported", "tim"));
    }
}

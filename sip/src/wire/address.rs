//! `name-addr` and `addr-spec` with their parameters: From, To, Contact, Route.

use super::uri::SipUri;

/// Values of a list header that are looked at; the rest is ignored.
const LIST_MAX: usize = 32;

/// One address of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameAddr {
    pub display: Option<String>,
    /// The URI as written.
    pub uri: String,
    /// What follows the address, with its leading `;`, as written.
    params: String,
}

impl NameAddr {
    /// `None` when there is no URI in it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (display, rest) = match text.strip_prefix('"') {
            Some(quoted) => {
                let (display, rest) = unquote(quoted)?;
                (Some(display), rest.trim_start())
            }
            None => match text.find('<') {
                Some(at) => (Some(text[..at].trim().to_owned()), &text[at..]),
                None => (None, text),
            },
        };
        let (uri, params) = match rest.strip_prefix('<') {
            Some(inner) => inner.split_once('>')?,
            // RFC 3261 section 20: without brackets the parameters belong to the header.
            None if display.is_none() => match rest.find(';') {
                Some(at) => (&rest[..at], &rest[at..]),
                None => (rest, ""),
            },
            None => return None,
        };
        let uri = uri.trim();
        if uri.is_empty() || uri.contains(char::is_whitespace) {
            return None;
        }
        Some(Self {
            display: display.filter(|d| !d.is_empty()),
            uri: uri.to_owned(),
            params: params.trim().to_owned(),
        })
    }

    /// The value of a parameter; empty for one without value.
    pub fn param(&self, name: &str) -> Option<&str> {
        param(&self.params, name)
    }

    pub fn tag(&self) -> Option<&str> {
        self.param("tag").filter(|tag| !tag.is_empty())
    }

    pub fn sip_uri(&self) -> Option<SipUri> {
        SipUri::parse(&self.uri)
    }
}

/// The value of a `;name=value` parameter.
pub(super) fn param<'a>(params: &'a str, name: &str) -> Option<&'a str> {
    params.split(';').find_map(|part| {
        let (n, value) = part.split_once('=').unwrap_or((part, ""));
        n.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// Reads up to the closing quote; returns the text without escapes, and what follows.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, &text[at + 1..])),
            '\\' => out.push(chars.next()?.1),
            _ => out.push(c),
        }
    }
    None
}

/// A quoted string (RFC 3261 section 25.1); control characters become spaces.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Splits the comma-separated values of a header, at most [`LIST_MAX`].
pub(crate) fn split_list(text: &str) -> Vec<&str> {
    let mut values = Vec::new();
    let (mut start, mut quoted, mut escaped, mut angle) = (0, false, false, false);
    for (at, c) in text.char_indices() {
        if values.len() == LIST_MAX {
            return values;
        }
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '<' if !quoted => angle = true,
            '>' if !quoted => angle = false,
            ',' if !quoted && !angle => {
                values.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    values.push(text[start..].trim());
    values.retain(|value| !value.is_empty());
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_an_address() {
        let a = NameAddr::parse(r#""A \"<b>\", c" <sip:a@b;lr>;tag=7;x"#).expect("an address");
        assert_eq!(a.display.as_deref(), Some(r#"A "<b>", c"#));
        assert_eq!((a.uri.as_str(), a.tag()), ("sip:a@b;lr", Some("7")));
        assert_eq!(a.param("X"), Some(""));
        let b = NameAddr::parse("sip:a@b;tag=9").expect("an address");
        assert_eq!((b.uri.as_str(), b.tag()), ("sip:a@b", Some("9")));
        let c = NameAddr::parse("Bob <sip:bob@x>").expect("an address");
        assert_eq!(c.display.as_deref(), Some("Bob"));
        for bad in ["", "<>", "\"x", "\"x\" sip:a@b", "<sip:a@b", "a b"] {
            assert_eq!(NameAddr::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_list_is_split_at_its_own_commas_alone() {
        let list = r#""a,b" <sip:a,b@c>, <sip:d@e>;q=1,sip:f@g"#;
        assert_eq!(split_list(list).len(), 3);
        assert_eq!(split_list(""), Vec::<&str>::new());
        assert_eq!(split_list(&"a,".repeat(500)).len(), LIST_MAX);
    }
}

//! What a field must hold before it is stored.

use crate::{Error, Result};

/// Names of people, companies, queues, titles and subjects.
const MAX_NAME_CHARS: usize = 200;
/// Notes and descriptions.
const MAX_TEXT_CHARS: usize = 20_000;
/// RFC 5321 section 4.5.3.1: 64 + 1 + 255, less what a path's brackets take.
const MAX_EMAIL_CHARS: usize = 254;

/// Trimmed, not empty, without control characters.
pub(crate) fn name(field: &'static str, text: &str) -> Result<String> {
    let text = short(field, text)?;
    if text.is_empty() { Err(Error::invalid(field, "empty")) } else { Ok(text) }
}

/// Like [`name`], but may be empty.
pub(crate) fn short(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > MAX_NAME_CHARS {
        return Err(Error::invalid_with(field, "too_long", "max", MAX_NAME_CHARS));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "control_characters"));
    }
    Ok(text.to_owned())
}

/// An optional short text: an empty one is none.
pub(crate) fn option(field: &'static str, text: Option<&str>) -> Result<Option<String>> {
    let text = text.map(|text| short(field, text)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// Several lines; may be empty. PostgreSQL takes no NUL.
pub(crate) fn text(field: &'static str, text: &str) -> Result<String> {
    if text.chars().count() > MAX_TEXT_CHARS {
        return Err(Error::invalid_with(field, "too_long", "max", MAX_TEXT_CHARS));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Error::invalid(field, "control_characters"));
    }
    Ok(text.to_owned())
}

/// What the far end sent, cut to size and cleaned rather than refused: a call is not lost over it.
pub(crate) fn wire(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect()
}

/// `local@domain`, lower case. Whether mail arrives there, only mail can tell.
pub(crate) fn email(address: &str) -> Result<String> {
    let address = address.trim().to_lowercase();
    let bad = || Error::invalid("email", "not_an_address");
    let (local, domain) = address.rsplit_once('@').ok_or_else(bad)?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"".contains(c);
    let fits = !local.is_empty()
        && !local.contains('@')
        && address.chars().count() <= MAX_EMAIL_CHARS
        && !address.contains(odd)
        && !domain.is_empty()
        && domain
            .split('.')
            .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    if fits { Ok(address) } else { Err(bad()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(email(" Ana.Gil@Aurora.example ").expect("an address"), "ana.gil@aurora.example");
        for bad in
            ["", "ana", "@a.b", "ana@", "ana@a..b", "a b@c.d", "a@b@c.d", "ana@-a.b", "<a@b.c>", "a\n@b.c"]
        {
            assert!(email(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names() {
        assert_eq!(name("n", "  Ana ").expect("a name"), "Ana");
        assert!(name("n", "  ").is_err());
        assert!(name("n", "a\u{0}b").is_err());
        assert!(name("n", &"x".repeat(201)).is_err());
        assert_eq!(option("n", Some(" ")).expect("none"), None);
        assert_eq!(wire("Bob\r\nEvil: 1"), "BobEvil: 1");
    }
}

//! Phone numbers: any spelling in, E.164 with the extension apart out.

use phonenumber::{Mode, country};

use crate::{Error, Result};

/// Longer than any number with an extension and its decoration.
const MAX_INPUT_CHARS: usize = 64;
/// E.164: at most 15 digits.
const MAX_DIGITS: usize = 15;
/// The shortest national numbers with their country code (Niue: +683 4000).
const MIN_DIGITS: usize = 7;
/// No switchboard numbers its extensions longer.
const MAX_EXTENSION_DIGITS: usize = 10;

/// A number that can be dialled from anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct E164 {
    /// `+` and 7 to 15 digits.
    pub number: String,
    /// Digits to be dialled after the answer.
    pub extension: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    #[error("not a phone number")]
    NotANumber,
    #[error("too short for a phone number")]
    TooShort,
    #[error("too long for a phone number")]
    TooLong,
    #[error("no country has this prefix")]
    UnknownCountry,
}

impl PhoneError {
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotANumber => "number_invalid",
            Self::TooShort => "number_too_short",
            Self::TooLong => "number_too_long",
            Self::UnknownCountry => "number_unknown_country",
        }
    }
}

impl From<PhoneError> for Error {
    fn from(err: PhoneError) -> Self {
        Self::invalid("number", err.code())
    }
}

/// The country whose national numbers are written without a prefix, as `ES`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region(country::Id);

impl std::str::FromStr for Region {
    type Err = Error;

    /// An ISO 3166 code of two letters.
    fn from_str(code: &str) -> Result<Self> {
        code.to_ascii_uppercase().parse().map(Self).map_err(|_| Error::invalid("region", "unknown_region"))
    }
}

impl Region {
    pub const SPAIN: Self = Self(country::Id::ES);
}

/// Reads a number in any usual spelling; national ones belong to `region`.
///
/// Numbers that are well formed but not (yet) in the numbering plans are taken: plans change
/// faster than their copies.
pub fn normalise(input: &str, region: Region) -> std::result::Result<E164, PhoneError> {
    if input.chars().count() > MAX_INPUT_CHARS {
        return Err(PhoneError::TooLong);
    }
    let plain = plain(input);
    // Names of SIP users and the like hold digits too: "agent100" is no number.
    if !plain.starts_with(['+', '(']) && !plain.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(PhoneError::NotANumber);
    }
    let parsed = phonenumber::parse(Some(region.0), &plain).map_err(|err| match err {
        phonenumber::ParseError::TooLong => PhoneError::TooLong,
        phonenumber::ParseError::TooShortAfterIdd | phonenumber::ParseError::TooShortNsn => {
            PhoneError::TooShort
        }
        phonenumber::ParseError::InvalidCountryCode => PhoneError::UnknownCountry,
        _ => PhoneError::NotANumber,
    })?;
    let number = parsed.format().mode(Mode::E164).to_string();
    let digits = number.chars().filter(char::is_ascii_digit).count();
    if digits < MIN_DIGITS {
        return Err(PhoneError::TooShort);
    }
    if digits > MAX_DIGITS {
        return Err(PhoneError::TooLong);
    }
    let extension = parsed.extension().map(|extension| extension.to_string());
    if extension
        .as_ref()
        .is_some_and(|e| e.len() > MAX_EXTENSION_DIGITS || !e.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(PhoneError::NotANumber);
    }
    Ok(E164 { number, extension })
}

/// ASCII digits, `00` as `+`, the trunk zero of `+44 (0)20…` gone, `tel:` gone.
fn plain(input: &str) -> String {
    let mut text: String = input.trim().chars().map(ascii_digit).collect();
    if let Some(rest) = text.strip_prefix("tel:") {
        text = rest.to_owned();
    }
    if let Some(rest) = text.strip_prefix("00") {
        text = format!("+{rest}");
    }
    if text.starts_with('+') {
        text = text.replacen("(0)", "", 1);
    }
    text
}

/// Full-width digits and plus, as Chinese keyboards write them.
fn ascii_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '＋' => '+',
        c => c,
    }
}

/// As people read it, with the country: `+34 910 00 01 00`. What cannot be read is given back.
pub fn format_international(e164: &str) -> String {
    match phonenumber::parse(None, e164) {
        Ok(number) if e164.starts_with('+') => number.format().mode(Mode::International).to_string(),
        _ => e164.to_owned(),
    }
}

/// The digits under which a number is found: with its country's prefix, and as in its country.
pub(crate) fn search_words(e164: &str) -> Vec<String> {
    let mut words = vec![digits(e164)];
    if let Ok(number) = phonenumber::parse(None, e164) {
        words.push(digits(&number.national().to_string()));
    }
    words
}

/// What a search for a number in any spelling may mean, as beginnings of [`search_words`]; none
/// when the text is no number or has fewer than 2 digits.
pub(crate) fn search_terms(query: &str) -> Option<Vec<String>> {
    let text: String = query.trim().chars().map(ascii_digit).collect();
    let is_number = text.chars().all(|c| c.is_ascii_digit() || " +-./()#\u{a0}".contains(c));
    let text = if text.starts_with('+') { text.replacen("(0)", "", 1) } else { text };
    let digits = digits(&text);
    if !is_number || digits.len() < 2 || digits.len() > MAX_DIGITS + 2 {
        return None;
    }
    let mut terms = Vec::new();
    // 00 34 …: the international prefix; 020 …: the trunk zero.
    for stripped in [digits.strip_prefix("00"), digits.strip_prefix('0')].into_iter().flatten() {
        if stripped.len() >= 2 {
            terms.push(stripped.to_owned());
        }
    }
    terms.push(digits);
    Some(terms)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A number of which only the last three digits are shown: for logs.
pub fn masked(number: &str) -> String {
    let keep = number.chars().count().saturating_sub(3);
    number.chars().enumerate().map(|(at, c)| if at < keep && c.is_alphanumeric() { '•' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(input: &str) -> String {
        normalise(input, Region::SPAIN).unwrap_or_else(|err| panic!("{input}: {err}")).number
    }

    #[test]
    fn one_number_in_many_spellings() {
        for input in [
            "+34910000100",
            "+34 910 000 100",
            "0034 910 00 01 00",
            "910000100",
            "910 00-01-00",
            "(910) 000 100",
            "910.000.100",
            " +34-910-000-100 ",
            "tel:+34910000100",
            "＋３４９１００００１００",
        ] {
            assert_eq!(number(input), "+34910000100", "{input}");
        }
    }

    #[test]
    fn other_countries() {
        assert_eq!(number("+44 (0)20 7946 0958"), "+442079460958");
        assert_eq!(number("+1 (212) 555-0123"), "+12125550123");
        assert_eq!(number("+86 138 0013 8000"), "+8613800138000");
        // Italian numbers keep their zero.
        assert_eq!(number("+39 06 698 12345"), "+390669812345");
        let mexico: Region = "mx".parse().expect("a region");
        assert_eq!(normalise("55 1234 5678", mexico).expect("national").number, "+525512345678");
        assert!("XX".parse::<Region>().is_err());
    }

    #[test]
    fn the_extension_stands_apart() {
        let e164 = normalise("+1 212 555 0123 ext. 45", Region::SPAIN).expect("a number");
        assert_eq!(e164, E164 { number: "+12125550123".into(), extension: Some("45".into()) });
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for input in [
            "",
            "anonymous",
            "agent100",
            "++",
            "100",
            "+",
            "+34",
            "+999123456789",
            "'; DROP TABLE",
            "\u{0}",
            "+34 9100001000000000",
        ] {
            assert!(
                normalise(input, Region::SPAIN).is_err(),
                "{input:?} gives {:?}",
                normalise(input, Region::SPAIN)
            );
        }
        assert_eq!(normalise(&"9".repeat(100_000), Region::SPAIN), Err(PhoneError::TooLong));
    }

    #[test]
    fn no_input_panics() {
        let alphabet: Vec<char> = "+0123456789() -./;=extphone#*#x，０９🙂\u{0}\u{301}".chars().collect();
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..5_000 {
            let text: String = (0..1 + seed % 24)
                .map(|_| {
                    seed =
                        seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    alphabet[(seed >> 33) as usize % alphabet.len()]
                })
                .collect();
            if let Ok(e164) = normalise(&text, Region::SPAIN) {
                assert!(e164.number.starts_with('+'), "{text:?} gave {e164:?}");
                assert!(e164.number[1..].bytes().all(|b| b.is_ascii_digit()), "{text:?} gave {e164:?}");
            }
            format_international(&text);
            search_terms(&text);
        }
    }

    #[test]
    fn as_people_read_it() {
        assert_eq!(format_international("+34910000100"), "+34 910 00 01 00");
        assert_eq!(format_international("anonymous"), "anonymous");
        assert_eq!(masked("+34910000100"), "+••••••••100");
    }

    #[test]
    fn any_spelling_finds() {
        let words = search_words("+34910000100");
        for query in
            ["0034 910", "+34 910 00", "(910) 00-01-00", "910000100", "34910", "0910 000", "+34 (0)910"]
        {
            let terms = search_terms(query).unwrap_or_else(|| panic!("{query}"));
            assert!(words.iter().any(|w| terms.iter().any(|t| w.starts_with(t))), "{query}: {terms:?}");
        }
        assert_eq!(search_terms("calle 12"), None);
        assert_eq!(search_terms("5"), None);
    }
}

//! Text is cut into words here, so that both engines find the same.
//!
//! Words are folded: lower case, without accents. Chinese and Japanese have no blanks between
//! words: their runs are cut into single and paired characters.

use std::collections::BTreeSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longer words are cut off: nobody types so much, and PostgreSQL takes 2 KB at most.
const MAX_WORD_CHARS: usize = 64;
/// A record with more words than this is found by its first ones.
const MAX_WORDS: usize = 2_000;
/// Further words of a query are left out.
const MAX_QUERY_WORDS: usize = 8;

/// The words under which a text is found.
pub(crate) fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for run in runs(text) {
        if words.len() >= MAX_WORDS {
            break;
        }
        match run {
            Run::Word(word) => {
                words.insert(word);
            }
            Run::Characters(characters) => {
                words.extend(characters.iter().map(char::to_string));
                words.extend(characters.windows(2).map(String::from_iter));
            }
        }
    }
    words
}

/// The beginnings of words that must all be there for a query to be met.
pub(crate) fn query(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => terms.push(word),
            Run::Characters(characters) if characters.len() == 1 => {
                terms.extend(characters.iter().map(char::to_string))
            }
            Run::Characters(characters) => terms.extend(characters.windows(2).map(String::from_iter)),
        }
        if terms.len() >= MAX_QUERY_WORDS {
            break;
        }
    }
    terms.truncate(MAX_QUERY_WORDS);
    terms
}

/// Lower case, without accents, blanks single: what names are sorted by.
pub(crate) fn fold(text: &str) -> String {
    let folded: String =
        text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

enum Run {
    Word(String),
    Characters(Vec<char>),
}

fn runs(text: &str) -> impl Iterator<Item = Run> {
    let mut chars = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).peekable();
    std::iter::from_fn(move || {
        while chars.next_if(|c| !c.is_alphanumeric()).is_some() {}
        if is_ideograph(*chars.peek()?) {
            let mut run = Vec::new();
            while let Some(c) = chars.next_if(|c| is_ideograph(*c)) {
                run.push(c);
            }
            return Some(Run::Characters(run));
        }
        let mut word = String::new();
        let mut length = 0;
        while let Some(c) = chars.next_if(|c| c.is_alphanumeric() && !is_ideograph(*c)) {
            if length < MAX_WORD_CHARS {
                word.push(c);
                length += 1;
            }
        }
        Some(Run::Word(word))
    })
}

/// Scripts written without blanks between words.
const fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        words(text).into_iter().collect()
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(cut("José  GARCÍA-Núñez, Ñandú"), ["garcia", "jose", "nandu", "nunez"]);
        assert_eq!(cut("ana@aurora.example"), ["ana", "aurora", "example"]);
        assert_eq!(cut("#1042 — Ⅻ ﬁne"), ["1042", "fine", "xii"]);
    }

    #[test]
    fn chinese_is_cut_into_single_and_paired_characters() {
        assert_eq!(cut("张伟明"), ["伟", "伟明", "张", "张伟", "明"]);
        assert_eq!(cut("北京Aurora公司"), ["aurora", "京", "公", "公司", "北", "北京", "司"]);
    }

    #[test]
    fn a_query_asks_for_pairs() {
        assert_eq!(query("张"), ["张"]);
        assert_eq!(query("张伟明 Gar"), ["张伟", "伟明", "gar"]);
        assert!(query(" ,;*\"' ").is_empty());
    }

    #[test]
    fn size_is_bounded() {
        assert_eq!(cut(&"x".repeat(10_000))[0].len(), MAX_WORD_CHARS);
        let many: String = (0..10_000).map(|n| format!("w{n} ")).collect();
        assert_eq!(words(&many).len(), MAX_WORDS);
        assert_eq!(query(&many).len(), MAX_QUERY_WORDS);
    }

    #[test]
    fn names_sort_by_their_letters() {
        assert_eq!(fold("  Álvarez   ÑU "), "alvarez nu");
    }
}

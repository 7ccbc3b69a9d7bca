//! Which conversation a message belongs to (RFC 5322 section 3.6.4).

use std::fmt;

/// The longest identifier kept. RFC 5322 section 2.1.1 ends a line at 998 bytes, and an identifier
/// cannot be longer than its line.
pub const MAX_MESSAGE_ID_BYTES: usize = 996;

/// Ancestors kept of one message: the first, where the conversation began, and the latest ones.
pub const MAX_REFERENCES: usize = 50;

/// A message identifier without its angle brackets. Compared byte by byte, as RFC 5322 wants it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// What stands between the brackets. White space in it is dropped: section 4.5.4 allows old
    /// mailers to fold there. An identifier without `@` is against the grammar but is met, and
    /// serves as well.
    fn from_brackets(inner: &str) -> Option<MessageId> {
        let id: String = inner.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let fits = !id.is_empty() && id.len() <= MAX_MESSAGE_ID_BYTES;
        (fits && !id.chars().any(char::is_control)).then_some(MessageId(id))
    }

    /// Every identifier in a header's value, in order. Comments, quoted strings and the phrases
    /// that section 4.5.4 allows between identifiers are passed over.
    fn all_in(value: &str) -> Vec<MessageId> {
        let mut found: Vec<MessageId> = Vec::new();
        let (mut comments, mut quoted, mut escaped) = (0_usize, false, false);
        let mut open: Option<usize> = None;
        for (at, c) in value.char_indices() {
            if let Some(start) = open {
                match c {
                    '>' => {
                        found.extend(MessageId::from_brackets(&value[start..at]));
                        open = None;
                    }
                    // The former bracket was never closed.
                    '<' => open = Some(at + 1),
                    _ => {}
                }
                // Keeps the conversation's beginning and makes room for its latest.
                if found.len() > MAX_REFERENCES {
                    found.remove(1);
                }
                continue;
            }
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted || comments > 0 => escaped = true,
                '"' if comments == 0 => quoted = !quoted,
                _ if quoted => {}
                '(' => comments += 1,
                ')' => comments = comments.saturating_sub(1),
                '<' if comments == 0 => open = Some(at + 1),
                _ => {}
            }
        }
        found
    }
}

/// With its angle brackets, as it stands in a header.
impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

/// A message's own identifier and those of the messages before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Threading {
    pub id: Option<MessageId>,
    /// Oldest first, at most [`MAX_REFERENCES`], none twice, the message itself not among them.
    pub ancestors: Vec<MessageId>,
}

impl Threading {
    /// From the values of the headers of these names, folded or not; `None` where there is none.
    pub fn of(message_id: Option<&str>, in_reply_to: Option<&str>, references: Option<&str>) -> Threading {
        let ids = |value: Option<&str>| value.map(MessageId::all_in).unwrap_or_default();
        let id = ids(message_id).into_iter().next();
        let replied = ids(in_reply_to);
        let mut ancestors: Vec<MessageId> = Vec::new();
        // Mailers that cut References still name the message answered in In-Reply-To: the latest.
        for ancestor in ids(references).into_iter().chain(replied) {
            if Some(&ancestor) != id.as_ref() && !ancestors.contains(&ancestor) {
                ancestors.push(ancestor);
            }
        }
        shorten(&mut ancestors);
        Threading { id, ancestors }
    }

    /// The same for every message of a conversation whose mailers keep References whole: its first.
    pub fn key(&self) -> Option<&MessageId> {
        self.ancestors.first().or(self.id.as_ref())
    }

    /// Where to look for the conversation, best first: the message answered, those before it.
    pub fn candidates(&self) -> impl Iterator<Item = &MessageId> {
        self.ancestors.iter().rev()
    }

    /// The References of an answer: those of this message, then its own identifier.
    pub fn references_of_reply(&self) -> Vec<MessageId> {
        let mut references = self.ancestors.clone();
        references.extend(self.id.clone());
        shorten(&mut references);
        references
    }
}

fn shorten(ids: &mut Vec<MessageId>) {
    if ids.len() > MAX_REFERENCES {
        ids.drain(1..=ids.len() - MAX_REFERENCES);
    }
}

#[cfg(test)]
mod tests;

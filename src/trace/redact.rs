//! What must never be kept, out of a message: passwords and their proofs, keys of media, and while
//! recording is paused whatever may be a keyed digit.
//!
//! Each line is judged by itself wherever it stands, so that a message inside a message, a body of
//! several parts or a broken head is no way around it. What is taken from a body is replaced letter
//! by letter: its length stays what the head says, and a capture can be read.

/// Headers whose value goes: credentials and what they are made from (RFC 3261 sections 20.7,
/// 20.27, 20.28, 20.44; RFC 7615 for the two `-Info`).
const SECRET_HEADERS: [&str; 6] = [
    "authorization",
    "proxy-authorization",
    "www-authenticate",
    "proxy-authenticate",
    "authentication-info",
    "proxy-authentication-info",
];
/// Schemes that make a secret of any header's value.
const SECRET_SCHEMES: [&str; 3] = ["digest ", "basic ", "bearer "];
/// Lines of a description that hold a key: RFC 4568, RFC 4567, RFC 8839 section 5.4, RFC 4566
/// section 5.12.
const SECRET_ATTRIBUTES: [&str; 4] = ["a=crypto:", "a=key-mgmt:", "a=ice-pwd:", "k="];
/// The one way in which a key is given in a description (RFC 4568 section 6.1).
const KEY_METHOD: &str = "inline:";
/// Parameters that are credentials or proofs of them wherever they stand: in an address's headers
/// (RFC 3261 section 19.1.5), or in a header that was folded wrongly.
const SECRET_PARAMETERS: [&str; 4] = ["authorization=", "response=", "nonce=", "rspauth="];
const QUOTED_ENDS: [char; 3] = ['"', '\r', '\n'];
const BARE_ENDS: [char; 8] = ['&', '>', ',', ';', ' ', '\t', '\r', '\n'];
/// Encodings in which a body can be read as it stands.
const READABLE: [&str; 5] = ["identity", "7bit", "8bit", "binary", ""];
/// With a scheme, as the grammar has it (RFC 3261 section 25.1): tools stumble over a value without.
const REMOVED: &str = " Digest removed";
const BLANK: char = 'x';

/// The message as text, its secrets removed.
pub fn redact(message: &[u8], masked: bool) -> String {
    let text = String::from_utf8_lossy(message);
    let body_at = body_of(&text);
    let body = &text[body_at..];
    let unreadable = std::str::from_utf8(message).is_err() || is_encoded(&text);
    let keyed = masked && !body.trim_ascii_start().starts_with("v=0");
    let mut out = String::with_capacity(text.len());
    redact_head(&text[..body_at], &mut out);
    for line in lines(body) {
        match unreadable || keyed {
            true => blank(line, &mut out),
            false => redact_line(line, &mut out),
        }
    }
    out
}

/// Lines with their ends; a lone CR ends one too, as it does for some readers.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.find(['\r', '\n'])?;
        let width = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
        let (line, after) = rest.split_at(end + width);
        rest = after;
        Some(line)
    })
    .chain(std::iter::once_with(move || text.rsplit(['\r', '\n']).next().unwrap_or_default()))
    .filter(|line| !line.is_empty())
}

/// Where the body begins: after the first empty line.
fn body_of(text: &str) -> usize {
    let mut at = 0;
    for line in lines(text) {
        at += line.len();
        if line.trim_end_matches(['\r', '\n']).is_empty() && at > line.len() {
            return at;
        }
    }
    text.len()
}

fn redact_head(head: &str, out: &mut String) {
    let mut removing = false;
    for line in lines(head) {
        // RFC 3261 section 7.3.1: a line that begins with white space goes on with the one before.
        if removing && line.starts_with([' ', '\t']) {
            continue;
        }
        removing = is_secret_header(line);
        match line.split_once(':') {
            Some((name, _)) if removing => {
                out.push_str(name);
                out.push(':');
                out.push_str(REMOVED);
                out.push_str(end_of(line));
            }
            _ => redact_line(line, out),
        }
    }
}

/// A line of a body, or of a head that is no secret as a whole.
fn redact_line(line: &str, out: &mut String) {
    let lower = line.to_ascii_lowercase();
    if is_secret_header(line) || SECRET_SCHEMES.iter().any(|scheme| lower.trim_start().starts_with(scheme)) {
        let kept = line.find(':').map_or(0, |at| at + 1);
        out.push_str(&line[..kept]);
        blank(&line[kept..], out);
    } else if let Some(name) = SECRET_ATTRIBUTES.iter().find(|name| lower.trim_start().starts_with(**name)) {
        let start = line.len() - line.trim_start().len() + name.len();
        let kept = if *name == "a=crypto:" { start + before_key(&line[start..]) } else { start };
        out.push_str(&line[..kept]);
        blank(&line[kept..], out);
    } else {
        redact_uris(line, &lower, out);
    }
}

/// Passwords in addresses (`sip:user:password@host`, RFC 3261 section 19.1.1) and secret parameters.
fn redact_uris(line: &str, lower: &str, out: &mut String) {
    let mut secret = vec![false; line.len()];
    let mut mark = |from: usize, to: usize| secret[from..to].fill(true);
    for (at, scheme) in lower.match_indices("sip:").chain(lower.match_indices("sips:")) {
        let begin = at + scheme.len();
        let user = &line[begin..];
        let user = &user[..user.find(['<', '>', '"', ' ', '\t', '\r', '\n']).unwrap_or(user.len())];
        let Some(user) = user.rfind('@').map(|end| &user[..end]) else { continue };
        if let Some(colon) = user.find(':') {
            mark(begin + colon + 1, begin + user.len());
        }
    }
    for (at, name) in SECRET_PARAMETERS.iter().flat_map(|name| lower.match_indices(name)) {
        let value = at + name.len();
        let (begin, ends) = match line[value..].strip_prefix('"') {
            Some(_) => (value + 1, &QUOTED_ENDS[..]),
            None => (value, &BARE_ENDS[..]),
        };
        mark(begin, begin + line[begin..].find(ends).unwrap_or(line.len() - begin));
    }
    out.extend(line.char_indices().map(|(at, letter)| if secret[at] { BLANK } else { letter }));
}

fn is_secret_header(line: &str) -> bool {
    let Some((name, value)) = line.split_once(':') else { return false };
    let (name, value) = (name.trim(), value.trim_start().to_ascii_lowercase());
    SECRET_HEADERS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
        || SECRET_SCHEMES.iter().any(|scheme| value.starts_with(scheme))
}

/// Whether a body, or a part of it, has to be decoded before it can be judged.
fn is_encoded(text: &str) -> bool {
    lines(text).any(|line| {
        let Some((name, value)) = line.split_once(':') else { return false };
        let name = name.trim().to_ascii_lowercase();
        let named = matches!(&*name, "content-encoding" | "e" | "content-transfer-encoding");
        named && !READABLE.contains(&&*value.trim().to_ascii_lowercase())
    })
}

/// Every letter but the line's end. Bytes, not characters: the length is the head's to say.
fn blank(line: &str, out: &mut String) {
    let end = end_of(line);
    out.extend(std::iter::repeat_n(BLANK, line.len() - end.len()));
    out.push_str(end);
}

fn end_of(line: &str) -> &str {
    &line[line.trim_end_matches(['\r', '\n']).len()..]
}

/// What comes before the key in `1 AES_CM_128_HMAC_SHA1_80 inline:…`: tag, suite and method say how,
/// not with what (RFC 4568 section 9.1).
fn before_key(text: &str) -> usize {
    let mut at = 0;
    for _ in 0..2 {
        let rest = &text[at..];
        let word = rest.find([' ', '\t']).unwrap_or(rest.len());
        let gap = rest[word..].len() - rest[word..].trim_start_matches([' ', '\t']).len();
        // A line that ends before has nothing to keep: what would be a suite may be the key.
        if gap == 0 {
            return 0;
        }
        at += word + gap;
    }
    match text[at..].get(..KEY_METHOD.len()) {
        Some(method) if method.eq_ignore_ascii_case(KEY_METHOD) => at + KEY_METHOD.len(),
        _ => at,
    }
}

#[cfg(test)]
mod tests;

//! Damage to messages, for tests: of single bytes, and of whole header lines, so that much of
//! it still passes the grammar.

/// What looks harmless to nobody: values for any header.
const NASTY: [&str; 24] = [
    "",
    "*",
    "0",
    "-1",
    "4294967295",
    "4294967296",
    "99999999999999999999",
    "<sip:a@b",
    "\"unclosed <sip:a@b>",
    "<sip:>",
    "<sip:@>;tag=",
    "<sip:%00%ff@[::1]:99999>",
    "<sip:x@192.0.2.9:0>;expires=0",
    "<tel:+34600;phone-context=x>",
    "<sips:a@[2001:db8::1]:5061;transport=tcp;lr>",
    "sip:a@b;tag=1, <sip:c@d>;tag=2",
    "<sip:router.example;lr>, <sip:192.0.2.2>, ,",
    "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK;rport=;received=x",
    "SIP / 2.0 / TCP [::1]:0;branch=",
    "1 BYE",
    "Digest username=\"agent\", realm=\"pair.example\", nc=zz, qop=auth",
    "Digest =,=\",,\"",
    "text/plain; charset=\"",
    "\u{130}\u{df}é",
];

/// Damages a message in up to eight ways. `pick` draws a number below its argument, or zero.
pub(crate) fn mutate(bytes: &[u8], mut pick: impl FnMut(usize) -> usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=pick(8) {
        if pick(2) == 0 {
            damage_line(&mut bytes, &mut pick);
        } else {
            damage_byte(&mut bytes, &mut pick);
        }
    }
    bytes
}

fn damage_byte(bytes: &mut Vec<u8>, mut pick: impl FnMut(usize) -> usize) {
    let at = pick(bytes.len());
    match pick(12) {
        0 => bytes.truncate(at),
        1..4 => bytes.insert(at, b"\r\n\0\"<>;,:@%/= \xff"[pick(15)]),
        4..8 if !bytes.is_empty() => bytes[at] = u8::try_from(pick(256)).unwrap_or(0),
        8 => bytes.extend_from_within(at..),
        _ if !bytes.is_empty() => drop(bytes.remove(at)),
        _ => {}
    }
}

fn damage_line(bytes: &mut Vec<u8>, mut pick: impl FnMut(usize) -> usize) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines: Vec<String> = head.split("\r\n").map(str::to_owned).collect();
    let at = pick(lines.len());
    let other = pick(lines.len());
    let name = |line: &str| line.split(':').next().unwrap_or("").to_owned();
    match pick(6) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(other, lines[at].clone()),
        2 => lines.swap(at, other),
        3 => lines[at] = format!("{}: {}", name(&lines[at]), NASTY[pick(NASTY.len())]),
        4 => {
            // The value of another header.
            let value = lines[other].split_once(':').map_or("", |(_, value)| value).to_owned();
            lines[at] = format!("{}:{value}", name(&lines[at]));
        }
        _ => {
            let length = [10, 300, 9_000, 20_000][pick(4)];
            lines[at].push_str(&"a".repeat(length));
        }
    }
    *bytes = format!("{}\r\n\r\n{body}", lines.join("\r\n")).into_bytes();
}

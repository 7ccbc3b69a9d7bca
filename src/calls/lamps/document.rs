//! The state as a phone reads it: `application/dialog-info+xml` (RFC 4235 section 4).

use std::fmt::Write;

use sip::Replaces;
use uuid::Uuid;

use super::Light;

/// One dialog of the watched.
pub struct Dialog {
    pub row: Uuid,
    /// None when it is over.
    pub light: Option<Light>,
    pub dialled: bool,
    /// How it is picked up, while it rings.
    pub name: Option<Replaces>,
}

/// The full state. `version` counts the documents of one subscription (section 4.3).
pub fn write(version: u32, address: &str, dialogs: &[Dialog]) -> String {
    let address = escaped(&format!("sip:{address}"));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"{version}\" state=\"full\" \
         entity=\"{address}\">\n"
    );
    for dialog in dialogs {
        let state = match dialog.light {
            Some(Light::Trying) => "trying",
            Some(Light::Ringing) => "early",
            Some(Light::Talking) => "confirmed",
            None => "terminated",
        };
        let direction = if dialog.dialled { "initiator" } else { "recipient" };
        // Section 4.1.1: the tags as the watched phone sees them, not as we do.
        let name = dialog.name.as_ref().map_or_else(String::new, |name| {
            format!(
                " call-id=\"{}\" local-tag=\"{}\" remote-tag=\"{}\"",
                escaped(&name.call_id),
                escaped(&name.from_tag),
                escaped(&name.to_tag)
            )
        });
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "<dialog id=\"{}\"{name} direction=\"{direction}\"><state>{state}</state>\
             <local><identity>{address}</identity><target uri=\"{address}\"/></local></dialog>",
            dialog.row.simple()
        );
    }
    text.push_str("</dialog-info>\n");
    text
}

/// Call-IDs and tags are the phone's own words.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // XML 1.0 section 2.2 has no place for them.
            control if control.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ringing_phone_is_named_as_it_sees_itself_and_strange_words_stay_words() {
        let name = Replaces {
            call_id: "a\"b<c>&".to_owned(),
            to_tag: "ours".to_owned(),
            from_tag: "the phone's".to_owned(),
            early_only: false,
        };
        let row = Uuid::from_u128(5);
        let ringing = Dialog { row, light: Some(Light::Ringing), dialled: false, name: Some(name) };
        let over = Dialog { row: Uuid::from_u128(6), light: None, dialled: true, name: None };
        let text = write(3, "ana@hub", &[ringing, over]);
        assert!(text.contains("version=\"3\" state=\"full\" entity=\"sip:ana@hub\""), "{text}");
        let dialog = "call-id=\"a&quot;b&lt;c&gt;&amp;\" local-tag=\"the phone&apos;s\" remote-tag=\"ours\" \
                      direction=\"recipient\"><state>early</state>";
        assert!(text.contains(dialog), "{text}");
        assert!(text.contains("direction=\"initiator\"><state>terminated</state>"), "{text}");
    }
}

//! Refer-To (RFC 3515) and Replaces (RFC 3891).

use super::{
    address::NameAddr,
    address::param,
    uri::{SipUri, decode},
};
use crate::{ReferTo, Replaces};

/// Longest Call-ID or tag of a Replaces that we look up: no longer one is in our tables.
const TOKEN_MAX_BYTES: usize = 255;

/// Why a Refer-To is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadReferTo {
    /// No address at all, or a broken Replaces.
    Malformed,
    /// A scheme that nobody can be called by.
    Scheme,
    /// Another request than INVITE is wanted.
    Method,
}

/// Reads the value of a Refer-To header.
pub(crate) fn refer_to(value: &str) -> Result<ReferTo, BadReferTo> {
    let address = NameAddr::parse(value).ok_or(BadReferTo::Malformed)?;
    // The headers begin at the first question mark of the host part; one in the user part stands
    // for itself (RFC 3261 section 25.1), and an at sign may stand in the headers.
    let host_at = address.uri.find('@').map_or(0, |at| at + 1);
    let (uri, headers) = match address.uri[host_at..].split_once('?') {
        Some((host, headers)) => (&address.uri[..host_at + host.len()], headers),
        None => (address.uri.as_str(), ""),
    };
    if param(uri, "method").is_some_and(|method| !method.eq_ignore_ascii_case("INVITE")) {
        return Err(BadReferTo::Method);
    }
    let target = SipUri::parse(uri).ok_or(BadReferTo::Scheme)?;
    let mut named = headers
        .split('&')
        .filter_map(|header| header.split_once('='))
        .filter(|(name, _)| name.eq_ignore_ascii_case("Replaces"));
    let replaces = match named.next() {
        Some((_, value)) => Some(replaces(&decode(value)).ok_or(BadReferTo::Malformed)?),
        None => None,
    };
    Ok(ReferTo { user: target.user, host: target.host, replaces })
}

/// Reads the value of a Replaces header. `None` when a tag is missing.
pub(crate) fn replaces(value: &str) -> Option<Replaces> {
    let (call_id, params) = value.split_once(';')?;
    let params = format!(";{params}");
    let text = |name: &str| param(&params, name).filter(|v| !v.is_empty()).map(str::to_owned);
    let replaces = Replaces {
        call_id: call_id.trim().to_owned(),
        to_tag: text("to-tag")?,
        from_tag: text("from-tag")?,
        early_only: param(&params, "early-only").is_some(),
    };
    let Replaces { call_id, to_tag, from_tag, .. } = &replaces;
    let fits = [call_id, to_tag, from_tag].into_iter().all(|t| !t.is_empty() && t.len() <= TOKEN_MAX_BYTES);
    fits.then_some(replaces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_refer_to() {
        let blind = refer_to("\"Bob\" <sip:+34%20600@Hub.example:5070;user=phone>").expect("an address");
        assert_eq!((blind.user.as_str(), blind.host.as_str()), ("+34 600", "hub.example"));
        assert_eq!(blind.replaces, None);
        let attended =
            "<sip:102@hub?Require=replaces&Replaces=a%40b%3Bto-tag%3Dt%3Bfrom-tag%3Df%3Bearly-only>";
        let expected = Replaces {
            call_id: "a@b".to_owned(),
            to_tag: "t".to_owned(),
            from_tag: "f".to_owned(),
            early_only: true,
        };
        assert_eq!(refer_to(attended).expect("an address").replaces, Some(expected.clone()));
        // As some phones write it: the at sign as it is.
        let raw = "<sip:102@hub?Replaces=a@b%3Bfrom-tag%3Df%3Bto-tag%3Dt%3Bearly-only>";
        let read = refer_to(raw).expect("an address");
        assert_eq!((read.user.as_str(), read.replaces), ("102", Some(expected)));
        let tel = refer_to("tel:+34600111222").expect("a number");
        assert_eq!((tel.user.as_str(), tel.host.as_str()), ("+34600111222", ""));
    }

    #[test]
    fn what_cannot_be_followed() {
        for (text, why) in [
            ("", BadReferTo::Malformed),
            ("<>", BadReferTo::Malformed),
            ("<http://x/>", BadReferTo::Scheme),
            ("<sip:a@b;method=BYE>", BadReferTo::Method),
            ("<sip:a@b?Replaces=x%3Bto-tag%3D1>", BadReferTo::Malformed),
            ("<sip:a@b?Replaces=x>", BadReferTo::Malformed),
        ] {
            assert_eq!(refer_to(text), Err(why), "{text}");
        }
        assert_eq!(replaces(&format!("{};to-tag=1;from-tag=2", "a".repeat(300))), None);
    }
}

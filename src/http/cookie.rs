//! The session's cookie. Pure.

use axum::http::{HeaderMap, HeaderValue, header};

pub const NAME: &str = "centralita_session";

/// The session's token, if the request carries exactly one that could be ours.
pub fn read(headers: &HeaderMap) -> Option<&str> {
    let mut tokens = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == NAME)
        .map(|(_, token)| token);
    let token = tokens.next()?;
    // Two: one of them was planted from a neighbouring host name.
    tokens.next().is_none().then_some(token)
}

/// Hands the token to the browser. `Lax`: links from a mail open signed in, foreign forms do not.
/// It has no end of its own: the session ends on the server.
pub fn set(token: &str, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Lax{secure}")).ok()
}

/// Takes it away.
pub fn clear(https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}");
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::COOKIE, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_token_is_found_among_others() {
        assert_eq!(read(&cookies(&["a=b; centralita_session=t0k; c=d"])), Some("t0k"));
        assert_eq!(read(&cookies(&["a=b", "centralita_session=t0k"])), Some("t0k"));
        assert_eq!(read(&cookies(&["xcentralita_session=t0k"])), None);
        assert_eq!(read(&cookies(&[])), None);
    }

    #[test]
    fn two_tokens_are_none() {
        assert_eq!(read(&cookies(&["centralita_session=a; centralita_session=b"])), None);
    }

    #[test]
    fn the_browser_keeps_it_from_scripts_and_strangers() {
        let value = set("t", true).expect("a header");
        assert_eq!(value, "centralita_session=t; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert!(!set("t", false).expect("a header").to_str().expect("text").contains("Secure"));
        assert_eq!(set("a\nb", true), None);
    }
}

//! The hub's HTTP API as a program outside sees it: a session, its cookie and its CSRF token.

use std::time::Duration;

use serde_json::{Value, json};

/// Long, because a busy machine may take its time over one password hash.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// The largest recording a test makes is some megabytes.
const BODY_BYTES_MAX: u64 = 64 * 1024 * 1024;

pub struct Api {
    http: ureq::Agent,
    pub address: String,
    pub cookie: Option<String>,
    csrf: Option<String>,
}

/// An answer: its status and its body, `Null` where there is none.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Api {
    /// A client without a session.
    #[must_use]
    pub fn stranger(address: &str) -> Self {
        let http = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(REQUEST_TIMEOUT))
            .build()
            .into();
        Self { http, address: address.to_owned(), cookie: None, csrf: None }
    }

    /// Signs in.
    ///
    /// # Panics
    /// When the hub refuses.
    #[must_use]
    pub fn sign_in(address: &str, email: &str, password: &str) -> Self {
        let mut api = Self::stranger(address);
        let login = json!({"email": email, "password": password});
        let mut response = api
            .http
            .post(api.url("/session"))
            .header("Origin", api.origin())
            .send_json(&login)
            .expect("the hub answers");
        assert_eq!(response.status(), 200, "{email} cannot sign in");
        let cookies = response.headers().get_all("set-cookie");
        let cookie = cookies
            .iter()
            .filter_map(|value| value.to_str().ok()?.split(';').next())
            .find(|pair| pair.starts_with("centralita_session="))
            .expect("signing in sets the session cookie");
        api.cookie = Some(cookie.to_owned());
        let session: Value = response.body_mut().read_json().expect("a session is JSON");
        api.csrf = session["csrf_token"].as_str().map(str::to_owned);
        api
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("/api/") || path == "/metrics" || path.ends_with('z') {
            format!("http://{}{path}", self.address)
        } else {
            format!("http://{}/api/v1{path}", self.address)
        }
    }

    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Any request; the answer whatever its status.
    ///
    /// # Panics
    /// When the hub does not answer at all.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.try_ask(method, path, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Like [`Api::ask`] where the hub may be gone.
    ///
    /// # Errors
    /// When the hub does not answer.
    pub fn try_ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer, ureq::Error> {
        let mut request =
            ureq::http::Request::builder().method(method).uri(self.url(path)).header("Origin", self.origin());
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", cookie);
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("X-CSRF-Token", csrf);
        }
        let bytes = body.map(|body| serde_json::to_vec(body).expect("JSON can be written"));
        let mut response = match bytes {
            Some(bytes) => {
                let request = request.header("Content-Type", "application/json").body(bytes);
                self.http.run(request.expect("a request of ours is well formed"))?
            }
            None => self.http.run(request.body(()).expect("a request of ours is well formed"))?,
        };
        let status = response.status().as_u16();
        let bytes = response.body_mut().with_config().limit(BODY_BYTES_MAX).read_to_vec()?;
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| match String::from_utf8(bytes) {
            Ok(text) if !text.is_empty() => Value::String(text),
            _ => Value::Null,
        });
        Ok(Answer { status, body })
    }

    fn expect(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self.ask(method, path, body);
        assert!((200..300).contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.body);
        answer.body
    }

    #[must_use]
    pub fn get(&self, path: &str) -> Value {
        self.expect("GET", path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.expect("POST", path, Some(body))
    }

    pub fn put(&self, path: &str, body: &Value) -> Value {
        self.expect("PUT", path, Some(body))
    }

    pub fn patch(&self, path: &str, body: &Value) -> Value {
        self.expect("PATCH", path, Some(body))
    }

    /// A body that is not JSON, with its content type: a recording, say.
    #[must_use]
    pub fn bytes(&self, path: &str) -> (String, Vec<u8>) {
        let mut request = self.http.get(self.url(path));
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", cookie);
        }
        let mut response = request.call().expect("the hub answers");
        assert_eq!(response.status(), 200, "GET {path}");
        let kind = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        let config = response.body_mut().with_config().limit(BODY_BYTES_MAX);
        (kind, config.read_to_vec().expect("the body comes whole"))
    }

    /// A part of a body, both ends included: its status, its `Content-Range` and its bytes.
    #[must_use]
    pub fn range(&self, path: &str, first: u64, last: u64) -> (u16, String, Vec<u8>) {
        let mut request = self.http.get(self.url(path)).header("Range", format!("bytes={first}-{last}"));
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", cookie);
        }
        let mut response = request.call().expect("the hub answers");
        let said = response.headers().get("content-range").and_then(|value| value.to_str().ok());
        let said = said.unwrap_or_default().to_owned();
        let status = response.status().as_u16();
        let config = response.body_mut().with_config().limit(BODY_BYTES_MAX);
        (status, said, config.read_to_vec().expect("the body comes whole"))
    }

    /// All items of a list, page after page.
    #[must_use]
    pub fn list(&self, path: &str) -> Vec<Value> {
        const PAGES_MAX: usize = 200;
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let glue = if path.contains('?') { '&' } else { '?' };
            let page = match &cursor {
                None => self.get(path),
                Some(cursor) => self.get(&format!("{path}{glue}cursor={cursor}")),
            };
            let Some(found) = page["items"].as_array() else {
                return page.as_array().cloned().unwrap_or_default();
            };
            items.extend(found.iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return items,
            }
        }
        panic!("{path}: more than {PAGES_MAX} pages");
    }
}

//! What the authority is answered while it confirms a name (RFC 8555 section 8.3).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Answers by token; one a name of the order that runs. Clones are cheap and mean the same.
#[derive(Clone, Default)]
pub struct Challenges(Arc<Mutex<HashMap<String, String>>>);

/// An answer that is given until this is dropped.
pub struct Shown {
    challenges: Challenges,
    token: String,
}

impl Challenges {
    pub(super) fn show(&self, token: &str, answer: &str) -> Shown {
        self.table().insert(token.to_owned(), answer.to_owned());
        Shown { challenges: self.clone(), token: token.to_owned() }
    }

    /// The key authorization of a token that is asked for now.
    #[must_use]
    pub fn answer(&self, token: &str) -> Option<String> {
        self.table().get(token).cloned()
    }

    fn table(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.challenges.table().remove(&self.token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_given_for_as_long_as_the_order_runs() {
        let challenges = Challenges::default();
        let shown = challenges.clone().show("token", "token.thumbprint");
        assert_eq!(challenges.answer("token").as_deref(), Some("token.thumbprint"));
        assert_eq!(challenges.answer("other"), None);
        drop(shown);
        assert_eq!(challenges.answer("token"), None);
    }
}

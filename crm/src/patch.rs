//! In a patch, a field that is left out stays, and one that is `null` is emptied.

use serde::{Deserialize, Deserializer};

/// For `Option<Option<T>>` with `#[serde(default, deserialize_with = "present")]`: left out is
/// `None`, `null` is `Some(None)`.
///
/// # Errors
/// When what is given is no `T`.
pub fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    #[derive(serde::Deserialize)]
    struct Patch {
        #[serde(default, deserialize_with = "super::present")]
        owner: Option<Option<u8>>,
    }

    #[test]
    fn left_out_null_and_given() {
        let read = |json: &str| serde_json::from_str::<Patch>(json).expect("a patch").owner;
        assert_eq!(read("{}"), None);
        assert_eq!(read(r#"{"owner":null}"#), Some(None));
        assert_eq!(read(r#"{"owner":3}"#), Some(Some(3)));
    }
}

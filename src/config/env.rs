//! Environment variables as a layer above the file: `CENTRALITA_HTTP__LISTEN` is `http.listen`.

use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

/// One variable, so that an error can name it.
pub struct Variable {
    name: String,
    key: String,
    value: Value,
}

impl Variable {
    /// `defaults` decides how the text is read: where the default is a text, so is the value, even
    /// if it looks like a number; else `8080`, `true` and `["a", "b"]` mean what they look like.
    pub fn read(name: String, prefix: &str, text: &str, defaults: &Value) -> Self {
        let key = name[prefix.len()..].to_lowercase().replace("__", ".");
        let value = match defaults.find_ref(&key) {
            Some(Value::Num(..) | Value::Bool(..) | Value::Array(..)) => parse(text),
            Some(_) => Value::from(text),
            // No default to go by (a trunk's keys): all texts, or lists of texts.
            None if text.starts_with('[') => parse(text),
            None => Value::from(text),
        };
        Self { name, key, value }
    }
}

fn parse(text: &str) -> Value {
    // The parser never fails: what is nothing else is a text.
    match text.parse() {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::from("environment", figment::Source::Custom(self.name.clone()))
            .interpolater(|_, path| path.join("."))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let nested = figment::util::nest(&self.key, self.value.clone());
        let dict = nested.into_dict().unwrap_or_default();
        Ok(Profile::Default.collect(dict))
    }
}

//! Environment variables as a layer above the file: `CENTRALITA_HTTP__LISTEN` is `http.listen`.

use figment::value::Value;

use super::{Origin, Setting, Trunk};

/// `shapes` (the defaults) decides how the text is read: where the default is a text, so is the
/// value, even if it looks like a number; where it is a list, texts with commas between them; else
/// `8080` and `true` mean what they look like.
pub fn read(name: String, prefix: &str, text: &str, shapes: &Value) -> Setting {
    let key = name[prefix.len()..].to_lowercase().replace("__", ".");
    let value = match shape(&key, shapes) {
        Some(Value::Array(..)) => list(text),
        Some(Value::Num(..) | Value::Bool(..)) => parse(text),
        // A trunk's other keys are all texts.
        Some(_) | None => Value::from(text),
    };
    Setting::new(Origin::Variable(name), key, value)
}

/// A value of the kind that `key` has. There is no trunk among the defaults: all have one shape.
fn shape(key: &str, shapes: &Value) -> Option<Value> {
    let Some((_name, rest)) = key.strip_prefix("trunks.").and_then(|key| key.split_once('.')) else {
        return shapes.find_ref(key).cloned();
    };
    let trunk = Value::serialize(Trunk::default()).ok()?;
    trunk.find_ref(rest).cloned()
}

/// `a, b`, or as the file has it, `["a", "b"]`. An IPv6 address begins with a bracket too, but ends
/// in its port. No text of our lists holds a comma.
fn list(text: &str) -> Value {
    let text = text.trim();
    let items = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let items: Vec<&str> =
        items.split(',').map(|item| item.trim().trim_matches('"')).filter(|item| !item.is_empty()).collect();
    Value::from(items)
}

fn parse(text: &str) -> Value {
    // The parser never fails: what is nothing else is a text.
    match text.parse() {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

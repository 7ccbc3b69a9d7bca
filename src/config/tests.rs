//! The example file is true, and every mistake is named with its place.

use std::path::PathBuf;

use figment::value::Value;

use super::{Config, LogFormat, PortRange, load, load_over};

const EXAMPLE: &str = include_str!("../../centralita.example.toml");

/// A file of its own for each test.
fn file(text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("centralita-{}.toml", uuid::Uuid::now_v7()));
    std::fs::write(&path, text).expect("a temporary file");
    path
}

fn refusal(text: &str, environment: &[(&str, &str)]) -> String {
    let path = file(text);
    let error = load(Some(&path), owned(environment)).expect_err("a refusal").to_string();
    std::fs::remove_file(&path).expect("the temporary file");
    error.replace(&path.display().to_string(), "FILE")
}

fn owned(environment: &[(&str, &str)]) -> Vec<(String, String)> {
    environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The name before the first ` = `, in force or commented out.
fn key(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix("# ").unwrap_or(line).split_once(" = ")?;
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    plain.then_some(name)
}

/// The example with its commented keys in force.
fn uncommented() -> String {
    let line = |line: &'static str| {
        let rest = line.strip_prefix("# ").unwrap_or(line);
        if key(line).is_some() || rest.starts_with("[trunks.") { rest } else { line }
    };
    EXAMPLE.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn keys(value: &Value, prefix: &str, into: &mut Vec<String>) {
    match value {
        Value::Dict(_, dict) => {
            for (name, value) in dict {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                keys(value, &key, into);
            }
        }
        _ => into.push(prefix.to_owned()),
    }
}

#[test]
fn the_example_shows_the_defaults() {
    let path = file(EXAMPLE);
    let config = load(Some(&path), []).expect("the example loads");
    assert_eq!(config, Config::default());
}

#[test]
fn the_example_documents_every_key() {
    let path = file(&uncommented());
    let config = load(Some(&path), []).expect("the whole example loads");
    let mut wanted = Vec::new();
    keys(&Value::serialize(&config).expect("serialises"), "", &mut wanted);
    assert!(wanted.len() > 30, "{wanted:?}");
    assert!(wanted.contains(&"trunks.carrier.outbound.password".to_owned()), "{wanted:?}");
    let lines: Vec<&str> = EXAMPLE.lines().collect();
    for key in wanted {
        let name = key.rsplit('.').next().expect("a last part");
        let at = lines
            .iter()
            .position(|line| self::key(line) == Some(name))
            .unwrap_or_else(|| panic!("{key} is not in the example"));
        let above = lines[..at].iter().rev().find(|line| self::key(line).is_none());
        let documented = above.is_some_and(|line| line.starts_with("# ") && !line.starts_with("# ["));
        assert!(documented, "{key} stands in the example without a word");
    }
}

#[test]
fn the_environment_goes_before_the_file() {
    let path = file("[http]\nlisten = \"127.0.0.1:1\"\n[hub]\nname = \"File\"");
    let config = load(
        Some(&path),
        owned(&[
            ("CENTRALITA_HTTP__LISTEN", "[::1]:0"),
            ("CENTRALITA_HUB__NODE", "7"),
            ("CENTRALITA_MEDIA__RTP_PORTS", "0"),
            ("CENTRALITA_MEDIA__WORKERS", "2"),
            ("CENTRALITA_CALLS__RECORD", "false"),
            ("CENTRALITA_SIP__LISTEN", "[\"127.0.0.1:0\", \"[::1]:0\"]"),
            ("CENTRALITA_LOG__FORMAT", "json"),
            ("CENTRALITA_TRUNKS__A__SOURCES", "[\"192.0.2.1\"]"),
            ("CENTRALITA_TRUNKS__A__OUTBOUND__ADDR", "192.0.2.1:5060"),
            ("CENTRALITA_TRUNKS__A__OUTBOUND__TRANSPORT", "tcp"),
            ("CENTRALITA_TRUNKS__A__OUTBOUND__CALLER_ID", "+34910000100"),
            ("CENTRALITA_TRUNKS__A__OUTBOUND__PASSWORD", "12345"),
            ("CENTRALITA_CONFIG", "elsewhere.toml"),
            ("HOME", "/root"),
        ]),
    )
    .expect("loads");
    assert_eq!(config.http.listen.to_string(), "[::1]:0");
    assert_eq!(config.hub.name, "File");
    assert_eq!(config.hub.node, "7", "a text that looks like a number stays a text");
    assert_eq!(config.media.rtp_ports, PortRange::ANY);
    assert_eq!(config.media.workers, 2);
    assert!(!config.calls.record);
    assert_eq!(config.sip.listen.len(), 2);
    assert_eq!(config.log.format, LogFormat::Json);
    let outbound = config.trunks["a"].outbound.as_ref().expect("an outbound side");
    assert_eq!(outbound.password.as_deref(), Some("12345"));
    assert!(!format!("{config:?}").contains("12345"), "no log shows a password");
}

#[test]
fn mistakes_name_file_key_and_reason() {
    for (text, wanted) in [
        ("[http]\nlissten = \"127.0.0.1:1\"", "FILE: http.lissten: unknown key; known here: listen"),
        ("[web]\nport = 1", "FILE: web: unknown key; known here: hub"),
        ("[http]\nlisten = \"here\"", "FILE: http.listen: invalid"),
        ("[media]\nworkers = -1", "FILE: media.workers: invalid"),
        ("[media]\nrtp_ports = \"9-1\"", "FILE: media.rtp_ports: the first port must not be above"),
        ("[hub]\ndefault_region = \"es\"", "FILE: hub.default_region: expected two capital letters"),
        ("[database]\nreaders = 0", "FILE: database.readers: expected 1 to 64, not 0"),
        ("[database]\nurl = \"mysql://x\"", "FILE: database.url: expected sqlite:"),
        ("[trunks.a]\nsources = [\"1.2.3.4/33\"]", "FILE: trunks.a.sources: \"1.2.3.4/33\" is no"),
        ("[trunks.a]\nsource = []", "FILE: trunks.a.source: unknown key"),
        ("[log]\nfilter = \"loud==\"", "FILE: log.filter: "),
        ("[http", "FILE: "),
    ] {
        let error = refusal(text, &[]);
        assert!(error.starts_with(wanted), "{text:?} gave {error:?}, not {wanted:?}");
    }
}

#[test]
fn mistakes_in_the_environment_name_the_variable() {
    for (name, value, wanted) in [
        ("CENTRALITA_HTTP__LISTEN", "x", "environment variable CENTRALITA_HTTP__LISTEN: http.listen: "),
        ("CENTRALITA_HTTP__PORT", "1", "environment variable CENTRALITA_HTTP__PORT: http.port: unknown"),
        ("CENTRALITA_TYPO", "1", "environment variable CENTRALITA_TYPO: typo: unknown key"),
        (
            "CENTRALITA_DATABASE__READERS",
            "900",
            "environment variable CENTRALITA_DATABASE__READERS: database.readers: expected",
        ),
    ] {
        let error = refusal("", &[(name, value)]);
        assert!(error.starts_with(wanted), "{name}={value} gave {error:?}, not {wanted:?}");
    }
}

#[test]
fn other_defaults_yield_to_the_environment() {
    let demo = Config::demo(
        PathBuf::from("data/demo"),
        ([127, 0, 0, 1], 0).into(),
        ([127, 0, 0, 1], 0).into(),
        PortRange::ANY,
    );
    let environment = owned(&[("CENTRALITA_DATABASE__URL", "postgres://u@h/d")]);
    let config = load_over(&demo, None, environment).expect("loads");
    assert_eq!(config.database.url, "postgres://u@h/d");
    assert_eq!(config.hub, demo.hub);
    assert_eq!(config.sip.realm, "aurora.example");
}

#[test]
fn a_missing_file_is_said() {
    let error = load(Some(&PathBuf::from("/nowhere/c.toml")), []).expect_err("a refusal");
    assert!(error.to_string().starts_with("/nowhere/c.toml: cannot be read: "), "{error}");
}

//! The example file is true, and every mistake is named with its place.

use std::path::PathBuf;

use figment::value::Value;

use super::{Config, LogFormat, PortRange, Setting, SipTransport, load, load_demo};

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
    let config = load(Some(&path), []).expect("the example loads").config;
    assert_eq!(config, Config::default());
}

#[test]
fn the_example_documents_every_key() {
    let path = file(&uncommented());
    let config = load(Some(&path), []).expect("the whole example loads").config;
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
    .expect("loads")
    .config;
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
        ("[sip]\ntransports = [\"sctp\"]", "FILE: sip.transports: \"sctp\" is none of udp, tcp"),
        ("[turn]\nurls = [\"https://x\"]", "FILE: turn.urls: \"https://x\" is no address"),
        ("[turn]\nurls = [\"turn:x:3478\"]", "FILE: turn.urls: turn.secret is empty"),
        ("[public]\naddress = [\"0.0.0.0\"]", "FILE: public.address: 0.0.0.0 is no address that"),
        ("[public]\naddress = [\"192.0.2.1\", \"192.0.2.2\"]", "FILE: public.address: expected at most one"),
        ("[public]\nstun = [\"stun.example.com\"]", "FILE: public.stun: \"stun.example.com\" is no server"),
        ("[public]\nstun = [\"2001:db8::1:3478\"]", "FILE: public.stun: \"2001:db8::1:3478\" is no server"),
        ("[public]\nlocal_nets = [\"10.0.0.0/40\"]", "FILE: public.local_nets: \"10.0.0.0/40\" is no"),
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
fn lists_in_variables_are_written_either_way() {
    let all = ["127.0.0.1:0", "[::1]:0"];
    for (text, wanted) in [
        ("127.0.0.1:0", &all[..1]),
        ("[::1]:0", &all[1..]),
        ("127.0.0.1:0, [::1]:0", &all[..]),
        ("127.0.0.1:0,[::1]:0", &all[..]),
        ("[\"127.0.0.1:0\", \"[::1]:0\"]", &all[..]),
    ] {
        let environment = owned(&[("CENTRALITA_SIP__LISTEN", text)]);
        let serve = load(None, environment.clone()).expect("loads").config;
        let demo = load_demo(environment, []).expect("loads").config;
        for listen in [serve.sip.listen, demo.sip.listen] {
            let listen: Vec<String> = listen.iter().map(ToString::to_string).collect();
            assert_eq!(listen, wanted, "{text}");
        }
    }
    let config = load(
        None,
        owned(&[
            ("CENTRALITA_SIP__TRANSPORTS", "tcp,udp"),
            ("CENTRALITA_HTTP__TRUSTED_PROXIES", "192.0.2.1, ::1"),
            ("CENTRALITA_TRUNKS__A__SOURCES", "192.0.2.0/28,192.0.2.99"),
            ("CENTRALITA_TRUNKS__B__SOURCES", "[]"),
        ]),
    )
    .expect("loads")
    .config;
    assert_eq!(config.sip.transports, [SipTransport::Tcp, SipTransport::Udp]);
    assert_eq!(config.http.trusted_proxies.len(), 2);
    assert_eq!(config.trunks["a"].sources, ["192.0.2.0/28", "192.0.2.99"]);
    assert!(config.trunks["b"].sources.is_empty());
}

#[test]
fn the_demo_names_the_variable_that_is_bad() {
    for (name, value, key) in [
        ("CENTRALITA_HTTP__LISTEN", "here", "http.listen"),
        ("CENTRALITA_SIP__LISTEN", "here", "sip.listen"),
        ("CENTRALITA_MEDIA__RTP_PORTS", "9-1", "media.rtp_ports"),
        ("CENTRALITA_SIP__TRANSPORTS", "udp,sctp", "sip.transports"),
    ] {
        let error = load_demo(owned(&[(name, value)]), []).expect_err("a refusal").to_string();
        let wanted = format!("environment variable {name}: {key}: ");
        assert!(error.starts_with(&wanted), "{error:?}, not {wanted:?}");
        assert!(!error.contains("``"), "{error}");
    }
}

#[test]
fn sound_of_the_demo_goes_where_signalling_goes() {
    let sip = Setting::option("--sip", "sip.listen", vec!["[::1]:0".to_owned()]);
    let loaded = load_demo([], [sip]).expect("loads");
    assert_eq!(loaded.config.media.bind.to_string(), "::1");
    let environment =
        owned(&[("CENTRALITA_SIP__LISTEN", "[::1]:0"), ("CENTRALITA_MEDIA__BIND", "127.0.0.1")]);
    let loaded = load_demo(environment, []).expect("loads");
    assert_eq!(loaded.config.media.bind.to_string(), "127.0.0.1");
    assert_eq!(loaded.origins.of("media.bind").to_string(), "environment variable CENTRALITA_MEDIA__BIND");
}

#[test]
fn the_demo_encrypts_a_port_above_unless_told_otherwise() {
    for (listen, wanted) in [("[::1]:0", "[::1]:0"), ("127.0.0.1:6060", "127.0.0.1:6061")] {
        let sip = Setting::option("--sip", "sip.listen", vec![listen.to_owned()]);
        let config = load_demo([], [sip]).expect("loads").config;
        assert_eq!(config.sip.listen_tls, [wanted.parse().expect("an address")]);
    }
    let config = load_demo(owned(&[("CENTRALITA_SIP__LISTEN_TLS", "[]")]), []).expect("loads").config;
    assert_eq!(config.sip.listen_tls, []);
}

#[test]
fn the_demo_speaks_https_where_it_speaks_http_unless_told_otherwise() {
    for (listen, wanted) in [("[::1]:0", "[::1]:0"), ("127.0.0.1:80", "127.0.0.1:443")] {
        let http = Setting::option("--http", "http.listen", listen.to_owned());
        let config = load_demo([], [http]).expect("loads").config;
        assert_eq!(config.http.listen_tls, Some(wanted.parse().expect("an address")));
    }
    let environment = owned(&[("CENTRALITA_HTTP__LISTEN_TLS", "127.0.0.1:9")]);
    let config = load_demo(environment, []).expect("loads").config;
    assert_eq!(config.http.listen_tls, Some("127.0.0.1:9".parse().expect("an address")));
}

#[test]
fn a_certificate_needs_its_key() {
    let refused = refusal("[tls]\ncert_file = \"a.pem\"", &[]);
    assert!(refused.contains("tls.key_file: expected the key of tls.cert_file"), "{refused}");
    let refused = refusal("[tls]\nkey_file = \"a.pem\"", &[]);
    assert!(refused.contains("tls.cert_file: expected the certificate of tls.key_file"), "{refused}");
}

#[test]
fn a_carrier_by_tls_needs_a_door_for_its_own_requests() {
    let peer = |rest: &str| {
        format!(
            "[trunks.carrier.outbound]\naddr = \"203.0.113.7:5061\"\ncaller_id = \"+34910000100\"\n{rest}\n"
        )
    };
    let refused = refusal(&peer("transport = \"tls\""), &[]);
    assert!(refused.contains("trunks.carrier.outbound.transport: tls needs an IPv4 address in"), "{refused}");
    let tls = "[sip]\nlisten_tls = [\"127.0.0.1:5061\"]\n";
    let refused =
        refusal(&format!("{tls}{}", peer("transport = \"tls\"\nserver_name = \"not a name\"")), &[]);
    assert!(refused.contains("\"not a name\" is no host name"), "{refused}");
}

#[test]
fn an_order_for_certificates_is_whole_or_refused() {
    let whole = "[http]\nlisten_tls = \"127.0.0.1:443\"\n[acme]\nnames = [\"hub.example.com\"]\n\
        directory = \"https://ca.example/dir\"\nterms_agreed = true\n";
    let path = file(whole);
    assert!(load(Some(&path), []).expect("whole").config.acme.is_on());
    for (found, changed, wanted) in [
        ("hub.example.com", "*.example.com", "acme.names: \"*.example.com\" is no host name"),
        ("hub.example.com", "192.0.2.1", "acme.names: \"192.0.2.1\" is no host name"),
        ("https://", "http://", "acme.directory: expected"),
        ("terms_agreed = true", "", "acme.terms_agreed: expected true"),
        ("terms_agreed", "contact = \"a b\"\nterms_agreed", "acme.contact: expected"),
        ("listen_tls = \"127.0.0.1:443\"", "", "acme.names: the certificate is shown nowhere"),
        ("[http]", "[tls]\ncert_file = \"a\"\nkey_file = \"b\"\n[http]", "acme.names: tls.cert_file names"),
        ("terms_agreed", "renew_at_pct = 0\nterms_agreed", "acme.renew_at_pct: expected 1 to 95"),
    ] {
        let refused = refusal(&whole.replace(found, changed), &[]);
        assert!(refused.contains(wanted), "{refused:?}, not {wanted:?}");
    }
}

#[test]
fn no_mistake_shows_a_password() {
    for text in [
        "[trunks.a.outbound]\npassword = 73541",
        "[trunks.a.outbound]\npassword = \"73541",
        "[database]\nurl = [\"postgres://u:73541@h/d\"]",
        "[database]\nurl = \"mysql://u:73541@h/d\"",
    ] {
        let error = refusal(text, &[]);
        assert!(error.starts_with("FILE: ") && !error.contains("73541"), "{text:?} gave {error:?}");
        assert!(!error.contains('\n'), "one line: {error:?}");
    }
}

#[test]
fn a_missing_file_is_said() {
    let error = load(Some(&PathBuf::from("/nowhere/c.toml")), []).expect_err("a refusal");
    assert!(error.to_string().starts_with("/nowhere/c.toml: cannot be read: "), "{error}");
}

//! The "never" lines of the design, read from the manifests and the sources.

use std::path::{Path, PathBuf};

use end_to_end::folder::project;

const OURS: [&str; 7] = ["callcenter", "crm", "dialer", "mail-gateway", "media", "migrations", "sip"];

/// Which of our crates each room may use (docs/ARCHITECTURE.md).
const MAY_USE: [(&str, &[&str]); 7] = [
    ("sip", &[]),
    ("media", &[]),
    ("callcenter", &[]),
    ("migrations", &[]),
    ("crm", &["migrations"]),
    ("dialer", &["callcenter", "crm"]),
    ("mail-gateway", &["crm"]),
];

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the room is built from: the names under `[dependencies]`, whatever way they are written. What only
/// its tests use is the tests' affair.
fn dependencies(room: &str) -> Vec<String> {
    let manifest = read(&project().join(room).join("Cargo.toml"));
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            inside = ["dependencies]", "build-dependencies]"].contains(&section.trim());
            continue;
        }
        let name = line.split(['=', '.']).next().unwrap_or_default().trim();
        if inside && !name.is_empty() && !name.starts_with('#') {
            names.push(name.to_owned());
        }
    }
    names
}

fn rust_sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The code of a file without comments and without what follows its test module.
fn code(path: &Path) -> String {
    let text = read(path);
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn each_room_uses_only_the_rooms_it_may() {
    for (room, allowed) in MAY_USE {
        for used in dependencies(room) {
            let ours = OURS.contains(&used.as_str());
            assert!(!ours || allowed.contains(&used.as_str()), "{room} uses {used}");
        }
    }
}

#[test]
fn signalling_and_media_know_no_database_and_no_http() {
    for room in ["sip", "media"] {
        for used in dependencies(room) {
            let stranger = ["sea-orm", "sqlx", "axum", "rusqlite", "ureq"].contains(&used.as_str());
            assert!(!stranger, "{room} uses {used}");
        }
    }
}

#[test]
fn the_call_centre_knows_no_clock_no_socket_and_no_runtime() {
    for used in dependencies("callcenter") {
        let io = ["tokio", "mio", "socket2", "chrono", "tracing", "futures-util"].contains(&used.as_str());
        assert!(!io, "callcenter uses {used}");
    }
    for path in rust_sources(&project().join("callcenter/src")) {
        let code = code(&path);
        for word in
            ["SystemTime", "Instant::now", "std::net", "std::fs", "std::thread", "async fn", "rand::rng("]
        {
            assert!(!code.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn sql_is_in_the_database_rooms_only() {
    for room in ["src", "sip/src", "media/src", "callcenter/src", "dialer/src", "mail-gateway/src"] {
        for path in rust_sources(&project().join(room)) {
            let code = code(&path);
            for word in ["sea_orm", "sqlx", "SELECT ", "INSERT INTO", "DELETE FROM", " SET "] {
                assert!(!code.contains(word), "{} has {word}", path.display());
            }
        }
    }
    for used in dependencies(".") {
        assert!(!["sea-orm", "sqlx", "migrations"].contains(&used.as_str()), "the program uses {used}");
    }
}

#[test]
fn no_room_has_unsafe_code_and_every_room_has_the_lints_of_the_workspace() {
    let mut rooms: Vec<&str> = OURS.to_vec();
    rooms.extend([".", "tests"]);
    for room in rooms {
        let manifest = read(&project().join(room).join("Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true"), "{room} has lints of its own");
    }
    assert!(read(&project().join("Cargo.toml")).contains("unsafe_code = \"forbid\""));
}

//! The data folder and the database, opened as the configuration says. What cannot be opened is
//! refused by the key that names it.

use std::path::Path;

use crm::{Db, DbConfig, Keys};

use crate::config::{Config, Unusable};
use crate::recordings::KeyRing;

/// Makes the data folder and the one for recordings.
///
/// # Errors
/// The system's, at `hub.data_dir`.
pub fn folders(config: &Config) -> Result<(), Unusable> {
    let folder = &config.hub.data_dir;
    config.make_data_dir().map_err(|source| unwritable(folder, &source))?;
    std::fs::create_dir_all(config.recordings_dir()).map_err(|source| unwritable(folder, &source))
}

/// A data folder in which the system refuses something.
pub fn unwritable(folder: &Path, source: &std::io::Error) -> Unusable {
    Unusable::new("hub.data_dir", format!("\"{}\" cannot be used: {source}", folder.display()))
}

/// The key that seals others' secrets, made when there is none.
///
/// # Errors
/// A file that cannot be read or made, or is no key: at `hub.key_file` or the folder it lies in.
pub fn keys(config: &Config) -> Result<Keys, Unusable> {
    let key = if config.hub.key_file == Path::new("") { "hub.data_dir" } else { "hub.key_file" };
    let file = config.key_file();
    Keys::load_or_create(&file)
        .map_err(|source| Unusable::new(key, format!("\"{}\": {source}", file.display())))
}

/// The keys that recordings are sealed with, if they are.
///
/// # Errors
/// A file or folder that cannot be read or made, or holds something else: at `recordings`.
pub fn recording_keys(config: &Config) -> Result<KeyRing, Unusable> {
    let recordings = &config.recordings;
    KeyRing::load(&recordings.key_file, &recordings.old_keys_dir)
        .map_err(|source| Unusable::new("recordings.key_file", source.to_string()))
}

/// Opens the database; changes nothing in it.
///
/// # Errors
/// A database that cannot be opened, or does not answer: at `database.url`, or at the data folder
/// where it is to lie in there. Shows no password.
pub async fn database(config: &Config) -> Result<Db, Unusable> {
    let url = config.database_url();
    let key = if config.database.url.is_empty() { "hub.data_dir" } else { "database.url" };
    let opened = Db::open(&DbConfig { url, readers: config.database.readers }).await;
    opened.map_err(|source| {
        Unusable::new(key, format!("{} cannot be opened: {source}", shown(&config.database_url())))
    })
}

/// The URL without what may be secret in it: the login and the parameters. The last `@` counts, as
/// a password may hold one that should have been escaped.
fn shown(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(url, _)| url);
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, place))) => format!("\"{scheme}://…@{place}\""),
        _ => format!("\"{url}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_that_does_not_open_is_named_without_its_password() {
        let mut config = Config::default();
        "sqlite:///nowhere/at/all.db?key=secret".clone_into(&mut config.database.url);
        let refusal = database(&config).await.expect_err("a refusal");
        assert_eq!(refusal.key, "database.url");
        assert!(
            refusal.reason.starts_with("\"sqlite:///nowhere/at/all.db\" cannot be opened: "),
            "{refusal}"
        );
    }

    #[test]
    fn what_is_shown_of_a_url_holds_no_secret() {
        for (url, wanted) in [
            ("postgres://aurora:secret@db:5432/hub", "\"postgres://…@db:5432/hub\""),
            ("postgres://aurora:sec/r@et@db/hub?password=secret", "\"postgres://…@db/hub\""),
            ("sqlite:data/centralita.db", "\"sqlite:data/centralita.db\""),
        ] {
            assert_eq!(shown(url), wanted);
        }
    }

    #[test]
    fn a_bad_data_folder_is_named_by_its_key() {
        let mut config = Config::default();
        config.hub.data_dir = "/dev/null/data".into();
        let refusal = folders(&config).expect_err("a refusal");
        assert_eq!(refusal.key, "hub.data_dir");
        assert!(refusal.reason.starts_with("\"/dev/null/data\" cannot be used: "), "{refusal}");
    }
}

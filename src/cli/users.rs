//! The commands that change the database and stop.

use std::io::{BufRead, IsTerminal};
use std::net::{IpAddr, Ipv4Addr};

use crm::{Db, Lane, password, tokens, users};
use serde_json::json;

use super::args::{ConfigFile, NewToken, NewUser, UserEmail};
use super::output::{self, Failure};
use super::serve;
use crate::config::{ConfigError, Loaded};
use crate::http::Entry;
use crate::hub::storage;

/// What the audit log shows as the address of somebody at the machine itself.
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub fn migrate(file: &ConfigFile) -> Result<(), Failure> {
    let loaded = serve::load(file)?;
    serve::runtime()?.block_on(async {
        let db = open(&loaded).await?;
        let steps = db.pending_migrations().await?;
        db.migrate().await?;
        db.close().await?;
        output::print(&format!("{steps} steps were taken; the schema is up to date"))
    })
}

pub fn add(new: &NewUser) -> Result<(), Failure> {
    let loaded = serve::load(&new.config)?;
    let password = read_password()?;
    serve::runtime()?.block_on(async {
        let db = migrated(&loaded).await?;
        let user = users::NewUser {
            email: new.email.clone(),
            display_name: new.name.clone(),
            password_hash: password::hash(&password).await?,
            role: new.role,
            locale: None,
        };
        let user = db
            .write(Lane::Calls, move |tx| {
                Box::pin(async move {
                    let created = users::create(tx, &user).await?;
                    let details = json!({ "role": created.role, "by": "command line" });
                    Entry::new(None, HERE, "user.created", Some(("user", created.id)), details)
                        .write(tx)
                        .await?;
                    Ok(created)
                })
            })
            .await?;
        db.close().await?;
        output::print(&format!("{} was added as {}", user.email, user.role))
    })
}

pub fn passwd(change: &UserEmail) -> Result<(), Failure> {
    let loaded = serve::load(&change.config)?;
    let password = read_password()?;
    serve::runtime()?.block_on(async {
        let db = migrated(&loaded).await?;
        let id = find(&db, &change.email).await?.id;
        let hash = password::hash(&password).await?;
        db.write(Lane::Calls, move |tx| {
            Box::pin(async move {
                let details = json!({ "by": "command line" });
                Entry::new(None, HERE, "user.password_changed", Some(("user", id)), details)
                    .write(tx)
                    .await?;
                users::set_password(tx, id, &hash, None).await
            })
        })
        .await?;
        db.close().await?;
        output::print("the password was changed; the user's sessions have ended")
    })
}

pub fn create_token(new: &NewToken) -> Result<(), Failure> {
    let loaded = serve::load(&new.config)?;
    serve::runtime()?.block_on(async {
        let db = migrated(&loaded).await?;
        let id = find(&db, &new.user).await?.id;
        let name = new.name.clone();
        let token = db
            .write(Lane::Calls, move |tx| {
                Box::pin(async move {
                    let details = json!({ "name": name, "by": "command line" });
                    Entry::new(None, HERE, "token.created", Some(("user", id)), details).write(tx).await?;
                    tokens::create(tx, id, &name).await
                })
            })
            .await?;
        db.close().await?;
        output::print(&token)
    })
}

async fn find(db: &Db, email: &str) -> Result<users::User, Failure> {
    users::by_email(db, email).await?.ok_or_else(|| Failure::NoSuchUser { email: email.to_owned() })
}

/// Opens the database and brings its schema up to date.
pub(super) async fn migrated(loaded: &Loaded) -> Result<Db, Failure> {
    let db = open(loaded).await?;
    db.migrate().await?;
    Ok(db)
}

/// Opens the database, making the data folder where it is to lie in one.
async fn open(Loaded { config, origins }: &Loaded) -> Result<Db, Failure> {
    let opened = async {
        if config.database.url.is_empty() {
            storage::folders(config)?;
        }
        storage::database(config).await
    };
    Ok(opened.await.map_err(|unusable| ConfigError::unusable(origins, unusable))?)
}

/// The first line of standard input: an argument would stand in the shell's history and in the
/// list of processes.
fn read_password() -> Result<String, Failure> {
    let stdin = std::io::stdin();
    let unread = |source| Failure::Io { what: "standard input".to_owned(), source };
    let mut line = String::new();
    if stdin.is_terminal() {
        line = rpassword::prompt_password("Password (not shown as you type): ").map_err(unread)?;
    } else {
        stdin.lock().read_line(&mut line).map_err(unread)?;
    }
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() { Err(Failure::NoPassword) } else { Ok(password.to_owned()) }
}

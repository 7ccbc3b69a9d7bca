//! The phones that users answer with. Their secrets stand apart from console passwords and are
//! kept as digest HA1 (RFC 7616 section 3.4.2), sealed.

use md5::{Digest, Md5};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Keys, Result, check,
    error::OrTaken,
    hex,
    sql::{self, Read, now, values},
    words::DeviceKind,
};

/// A device as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct Device {
    pub id: Uuid,
    pub user_id: Uuid,
    pub username: String,
    pub kind: DeviceKind,
    pub label: String,
    pub realm: String,
}

/// A device as the registrar needs it. `Debug` shows no secret.
#[derive(Clone)]
pub struct Credentials {
    pub device: Device,
    /// Lower-case hexadecimal digits of `H(username:realm:password)`.
    pub ha1_md5: String,
    pub ha1_sha256: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("device", &self.device).finish_non_exhaustive()
    }
}

#[derive(Clone)]
pub struct NewDevice {
    pub user_id: Uuid,
    /// Letters, digits, `.`, `_`, `-`: the user part of a SIP URI without escapes.
    pub username: String,
    pub password: String,
    pub realm: String,
    pub kind: DeviceKind,
    pub label: String,
}

const MAX_USERNAME_CHARS: usize = 64;
const COLUMNS: &str = "id, user_id, username, kind, label, realm";

/// `Conflict { field: "username", code: "taken" }` when there is such a device.
pub async fn create(tx: &impl Read, keys: &Keys, new: &NewDevice) -> Result<Device> {
    let username = check_username(&new.username)?;
    let (ha1_md5, ha1_sha256) = seal(keys, &username, &new.realm, &new.password)?;
    let device = Device {
        id: Uuid::now_v7(),
        user_id: new.user_id,
        username,
        kind: new.kind,
        label: check::name("label", &new.label)?,
        realm: check::name("realm", &new.realm)?,
    };
    let row = vec![
        ("id", device.id.into()),
        ("user_id", device.user_id.into()),
        ("username", device.username.clone().into()),
        ("kind", device.kind.into()),
        ("label", device.label.clone().into()),
        ("realm", device.realm.clone().into()),
        ("ha1_md5", ha1_md5.into()),
        ("ha1_sha256", ha1_sha256.into()),
        ("created_at", now().into()),
    ];
    sql::insert(tx, "devices", row).await.or_taken("username")?;
    Ok(device)
}

/// A new password for a device, in this realm.
pub async fn replace_secret(
    tx: &impl Read,
    keys: &Keys,
    username: &str,
    password: &str,
    realm: &str,
) -> Result<()> {
    let (ha1_md5, ha1_sha256) = seal(keys, username, realm, password)?;
    let sql = "UPDATE devices SET ha1_md5 = $1, ha1_sha256 = $2, realm = $3 WHERE username = $4";
    match sql::exec(tx, sql, values![ha1_md5, ha1_sha256, realm, username]).await? {
        0 => Err(Error::NotFound { what: "device" }),
        _ => Ok(()),
    }
}

pub async fn by_username(db: &impl Read, keys: &Keys, username: &str) -> Result<Option<Credentials>> {
    #[derive(FromQueryResult)]
    struct Sealed {
        ha1_md5: Vec<u8>,
        ha1_sha256: Vec<u8>,
    }
    let sql = format!("SELECT {COLUMNS} FROM devices WHERE username = $1");
    let Some(device) = sql::row::<Device>(db, &sql, values![username]).await? else {
        return Ok(None);
    };
    let sql = "SELECT ha1_md5, ha1_sha256 FROM devices WHERE id = $1";
    let Some(sealed) = sql::row::<Sealed>(db, sql, values![device.id]).await? else {
        return Ok(None);
    };
    Ok(Some(Credentials {
        ha1_md5: hex::encode(&keys.open(&context(username, "md5"), &sealed.ha1_md5)?),
        ha1_sha256: hex::encode(&keys.open(&context(username, "sha256"), &sealed.ha1_sha256)?),
        device,
    }))
}

pub async fn list_for_user(db: &impl Read, user: Uuid) -> Result<Vec<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM devices WHERE user_id = $1 ORDER BY id");
    sql::rows(db, &sql, values![user]).await
}

pub async fn list(db: &impl Read) -> Result<Vec<Device>> {
    sql::rows(db, &format!("SELECT {COLUMNS} FROM devices ORDER BY username"), vec![]).await
}

/// The device and what the registrar knew of it are gone.
pub async fn delete(tx: &impl Read, id: Uuid) -> Result<()> {
    let sql = "DELETE FROM bindings WHERE username IN (SELECT username FROM devices WHERE id = $1)";
    sql::exec(tx, sql, values![id]).await?;
    sql::exec(tx, "DELETE FROM devices WHERE id = $1", values![id]).await?;
    Ok(())
}

fn seal(keys: &Keys, username: &str, realm: &str, password: &str) -> Result<(Vec<u8>, Vec<u8>)> {
    let a1 = format!("{username}:{realm}:{password}");
    let md5 = keys.seal(&context(username, "md5"), &Md5::digest(a1.as_bytes()))?;
    let sha256 = keys.seal(&context(username, "sha256"), &Sha256::digest(a1.as_bytes()))?;
    Ok((md5, sha256))
}

fn context(username: &str, algorithm: &str) -> String {
    format!("device:{username}:ha1:{algorithm}")
}

fn check_username(username: &str) -> Result<String> {
    let fits = !username.is_empty()
        && username.len() <= MAX_USERNAME_CHARS
        && username.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if fits { Ok(username.to_owned()) } else { Err(Error::invalid("username", "not_a_username")) }
}

//! The phones that users answer with. Their secrets stand apart from console passwords and are
//! kept as digest HA1 (RFC 7616 section 3.4.2), sealed.

use chrono::{DateTime, Utc};
use md5::{Digest, Md5};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Keys, Result, check,
    error::OrTaken,
    hex, secret,
    sql::{self, Read, now, values},
    words::{DeviceKind, MediaSecurity},
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
    pub media_security: MediaSecurity,
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
    pub media_security: MediaSecurity,
}

const MAX_USERNAME_CHARS: usize = 64;
/// 80 bits: nobody guesses it, and a person can still type it into a telephone.
const PASSWORD_CHARS: usize = 20;
const COLUMNS: &str = "id, user_id, username, kind, label, realm, media_security";

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
        media_security: new.media_security,
    };
    let row = vec![
        ("id", device.id.into()),
        ("user_id", device.user_id.into()),
        ("username", device.username.clone().into()),
        ("kind", device.kind.into()),
        ("label", device.label.clone().into()),
        ("realm", device.realm.clone().into()),
        ("media_security", device.media_security.into()),
        ("ha1_md5", ha1_md5.into()),
        ("ha1_sha256", ha1_sha256.into()),
        ("created_at", now().into()),
    ];
    sql::insert(tx, "devices", row).await.or_taken("username")?;
    Ok(device)
}

/// Gives a browser phone to every user of these who has none. It opens nothing until a secret is
/// issued.
pub async fn ensure_browsers(tx: &impl Read, keys: &Keys, users: &[Uuid], realm: &str) -> Result<()> {
    for user in users {
        let sql = "SELECT COUNT(*) FROM devices WHERE user_id = $1 AND kind = $2";
        let known: Option<i64> = sql::scalar(tx, sql, values![*user, DeviceKind::Browser]).await?;
        if known.unwrap_or(0) == 0 {
            issue_browser(tx, keys, *user, realm, DateTime::UNIX_EPOCH).await?;
        }
    }
    Ok(())
}

/// The user's browser as a phone, made when there is none, with a new secret that is good until
/// `expires_at`. The one before is good no longer. Answers the secret: it is kept nowhere.
pub async fn issue_browser(
    tx: &impl Read,
    keys: &Keys,
    user: Uuid,
    realm: &str,
    expires_at: DateTime<Utc>,
) -> Result<(Device, String)> {
    let password = secret::new();
    let sql = format!("SELECT {COLUMNS} FROM devices WHERE user_id = $1 AND kind = $2");
    let device = match sql::row::<Device>(tx, &sql, values![user, DeviceKind::Browser]).await? {
        Some(device) => {
            replace_secret(tx, keys, &device.username, &password, realm).await?;
            device
        }
        None => {
            let new = NewDevice {
                user_id: user,
                username: format!("browser-{}", user.simple()),
                password: password.clone(),
                realm: realm.to_owned(),
                kind: DeviceKind::Browser,
                label: "Browser".to_owned(),
                media_security: MediaSecurity::Dtls,
            };
            create(tx, keys, &new).await?
        }
    };
    let sql = "UPDATE devices SET secret_expires_at = $1 WHERE id = $2";
    sql::exec(tx, sql, values![expires_at, device.id]).await?;
    Ok((device, password))
}

/// A secret for a phone that somebody types into it: 20 letters and digits.
#[must_use]
pub fn new_password() -> String {
    secret::new()[..PASSWORD_CHARS].to_owned()
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

/// From the device's next call on. A browser's sound is always encrypted: that of another kind alone
/// can be changed, else `Invalid { field: "media_security", code: "not_a_desk_phone" }`.
pub async fn secure_media(tx: &impl Read, device: &Device, wanted: MediaSecurity) -> Result<()> {
    if device.kind != DeviceKind::Desk {
        return Err(Error::invalid("media_security", "not_a_desk_phone"));
    }
    let sql = "UPDATE devices SET media_security = $1 WHERE id = $2";
    match sql::exec(tx, sql, values![wanted, device.id]).await? {
        0 => Err(Error::NotFound { what: "device" }),
        _ => Ok(()),
    }
}

/// None for a device that is not there, for one whose secret has expired, and for one of a user who
/// is not active.
pub async fn by_username(db: &impl Read, keys: &Keys, username: &str) -> Result<Option<Credentials>> {
    #[derive(FromQueryResult)]
    struct Sealed {
        ha1_md5: Vec<u8>,
        ha1_sha256: Vec<u8>,
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM devices WHERE username = $1 \
         AND (secret_expires_at IS NULL OR secret_expires_at > $2) \
         AND user_id IN (SELECT id FROM users WHERE active)"
    );
    let Some(device) = sql::row::<Device>(db, &sql, values![username, now()]).await? else {
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

/// One phone of this user.
pub async fn of_user(db: &impl Read, user: Uuid, id: Uuid) -> Result<Device> {
    let sql = format!("SELECT {COLUMNS} FROM devices WHERE id = $1 AND user_id = $2");
    sql::row(db, &sql, values![id, user]).await?.ok_or(Error::NotFound { what: "device" })
}

/// The phone that rings for the user from now on.
pub async fn choose(tx: &impl Read, user: Uuid, device: Uuid) -> Result<()> {
    of_user(tx, user, device).await?;
    sql::exec(tx, "UPDATE users SET phone_id = $1 WHERE id = $2", values![device, user]).await?;
    Ok(())
}

/// User and phone of everybody who chose one.
pub async fn chosen(db: &impl Read) -> Result<Vec<(Uuid, Uuid)>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        phone_id: Uuid,
    }
    let rows: Vec<Row> =
        sql::rows(db, "SELECT id, phone_id FROM users WHERE phone_id IS NOT NULL", vec![]).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.phone_id)).collect())
}

/// The device and what the registrar knew of it are gone; who had chosen it has chosen none.
pub async fn delete(tx: &impl Read, id: Uuid) -> Result<()> {
    sql::exec(tx, "UPDATE users SET phone_id = NULL WHERE phone_id = $1", values![id]).await?;
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

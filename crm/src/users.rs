//! Those who sign in.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Result, check,
    error::OrTaken,
    password,
    patch::present,
    sql::{self, Changes, Read, now, values},
    words::{Density, RecordingPolicy, Role, Theme},
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub display_name: String,
    pub role: Role,
    /// `en`, `es`, `zh`; none follows the browser.
    pub locale: Option<String>,
    pub theme: Theme,
    pub density: Density,
    pub active: bool,
    /// A phone of theirs that sends its calls elsewhere (302) is followed, once.
    pub redirect_allowed: bool,
    /// Whether their calls are recorded; none: as direction and house have it.
    pub recording: Option<RecordingPolicy>,
    pub created_at: DateTime<Utc>,
}

/// A user as shown beside what they did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserRef {
    pub id: Uuid,
    pub display_name: String,
}

impl UserRef {
    pub(crate) fn some(id: Option<Uuid>, display_name: Option<String>) -> Option<Self> {
        Some(Self { id: id?, display_name: display_name? })
    }
}

#[derive(Debug, Clone)]
pub struct NewUser {
    pub email: String,
    pub display_name: String,
    /// From [`password::hash`]: hashing is slow and does not belong into a write.
    pub password_hash: String,
    pub role: Role,
    pub locale: Option<String>,
}

/// What is `None` stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct UserPatch {
    pub display_name: Option<String>,
    pub role: Option<Role>,
    pub active: Option<bool>,
    pub redirect_allowed: Option<bool>,
    /// `null`: as direction and house have it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub recording: Option<Option<RecordingPolicy>>,
}

/// What is `None` stays; `locale: Some("")` follows the browser again.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Preferences {
    pub locale: Option<String>,
    pub theme: Option<Theme>,
    pub density: Option<Density>,
}

const LOCALES: [&str; 3] = ["en", "es", "zh"];
const COLUMNS: &str =
    "id, email, display_name, role, locale, theme, density, active, redirect_allowed, recording, created_at";

/// `Conflict { field: "email", code: "taken" }` when the address has a user.
pub async fn create(tx: &impl Read, new: &NewUser) -> Result<User> {
    let user = User {
        id: Uuid::now_v7(),
        email: check::email(&new.email)?,
        display_name: check::name("display_name", &new.display_name)?,
        role: new.role,
        locale: check_locale(new.locale.as_deref())?,
        theme: Theme::Auto,
        density: Density::Comfortable,
        active: true,
        redirect_allowed: false,
        recording: None,
        created_at: now(),
    };
    let sql = "INSERT INTO users (id, email, display_name, role, locale, theme, density, active, created_at, \
         updated_at, password_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)";
    let row = values![
        user.id,
        user.email.clone(),
        user.display_name.clone(),
        user.role,
        user.locale.clone(),
        user.theme,
        user.density,
        user.active,
        user.created_at,
        new.password_hash.clone(),
    ];
    sql::exec(tx, sql, row).await.or_taken("email")?;
    Ok(user)
}

pub async fn by_id(db: &impl Read, id: Uuid) -> Result<User> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
    sql::row(db, &sql, values![id]).await?.ok_or(Error::NotFound { what: "user" })
}

pub async fn by_email(db: &impl Read, email: &str) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE email = $1");
    sql::row(db, &sql, values![email.trim().to_lowercase()]).await
}

/// All users, by name. A company has hundreds at most.
pub async fn list(db: &impl Read) -> Result<Vec<User>> {
    sql::rows(db, &format!("SELECT {COLUMNS} FROM users ORDER BY display_name, id"), vec![]).await
}

/// Those who may handle calls, by name.
pub async fn agents(db: &impl Read) -> Result<Vec<User>> {
    let may = |user: &User| user.active && crate::rights::may(user.role, crate::rights::Right::HandleCalls);
    Ok(list(db).await?.into_iter().filter(may).collect())
}

/// A user who is set inactive has no sessions any more.
pub async fn update(tx: &impl Read, id: Uuid, patch: &UserPatch) -> Result<User> {
    let mut changes = Changes::default();
    if let Some(name) = &patch.display_name {
        changes.set("display_name", check::name("display_name", name)?);
    }
    changes
        .set_some("role", patch.role)
        .set_some("active", patch.active)
        .set_some("redirect_allowed", patch.redirect_allowed)
        .set("updated_at", now());
    if let Some(policy) = patch.recording {
        changes.set("recording", policy.map(|policy| policy.as_str().to_owned()));
    }
    changes.apply(tx, "users", id, "user").await?;
    if patch.active == Some(false) {
        crate::sessions::delete_all_of(tx, id).await?;
    }
    by_id(tx, id).await
}

pub async fn set_preferences(tx: &impl Read, id: Uuid, wish: &Preferences) -> Result<User> {
    let mut changes = Changes::default();
    if let Some(locale) = &wish.locale {
        changes.set("locale", check_locale(Some(locale.as_str()).filter(|l| !l.is_empty()))?);
    }
    changes.set_some("theme", wish.theme).set_some("density", wish.density).set("updated_at", now());
    changes.apply(tx, "users", id, "user").await?;
    by_id(tx, id).await
}

/// Takes a hash from [`password::hash`]. All sessions of the user end but `keep`.
pub async fn set_password(tx: &impl Read, id: Uuid, password_hash: &str, keep: Option<Uuid>) -> Result<()> {
    let mut changes = Changes::default();
    changes.set("password_hash", password_hash).set("updated_at", now());
    changes.apply(tx, "users", id, "user").await?;
    // No session has the nil id.
    let kept = keep.unwrap_or(Uuid::nil());
    sql::exec(tx, "DELETE FROM user_sessions WHERE user_id = $1 AND id <> $2", values![id, kept]).await?;
    Ok(())
}

/// The user whom this address and password belong to. Takes as long for an unknown address, and
/// none for users who are not active.
pub async fn verify_password(db: &impl Read, email: &str, password: &str) -> Result<Option<User>> {
    #[derive(FromQueryResult)]
    struct Stored {
        password_hash: String,
    }
    let email = email.trim().to_lowercase();
    let sql = "SELECT password_hash FROM users WHERE email = $1 AND active";
    let stored: Option<Stored> = sql::row(db, sql, values![email.clone()]).await?;
    let hash = stored.as_ref().map(|stored| stored.password_hash.as_str());
    match password::verify(password, hash).await? {
        true => by_email(db, &email).await,
        false => Ok(None),
    }
}

fn check_locale(locale: Option<&str>) -> Result<Option<String>> {
    match locale {
        Some(locale) if !LOCALES.contains(&locale) => Err(Error::invalid("locale", "unknown_locale")),
        locale => Ok(locale.map(str::to_owned)),
    }
}

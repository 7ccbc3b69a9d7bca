//! Console sessions: a cookie's token and the CSRF token beside it.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    Result, secret,
    sql::{self, Read, now, values},
    users::{self, User},
};

/// A session that is not used ends after a weekend and a half.
pub const SESSION_IDLE_HOURS: i64 = 72;
/// Seen this recently, a session need not be written again.
pub const TOUCH_EVERY_SECONDS: i64 = 60;

/// What the browser gets; the token is known to nobody else.
#[derive(Clone)]
pub struct NewSession {
    pub id: Uuid,
    pub token: String,
    pub csrf: String,
    pub expires_at: DateTime<Utc>,
}

/// An open session and whose it is.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: Uuid,
    pub user: User,
    pub csrf: String,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl Session {
    /// Whether [`touch`] is due.
    pub fn wants_touch(&self, at: DateTime<Utc>) -> bool {
        at - self.last_seen_at >= TimeDelta::seconds(TOUCH_EVERY_SECONDS)
    }
}

fn expiry(from: DateTime<Utc>) -> DateTime<Utc> {
    from + TimeDelta::hours(SESSION_IDLE_HOURS)
}

pub async fn create(tx: &impl Read, user: Uuid, ip: Option<&str>) -> Result<NewSession> {
    let at = now();
    let session =
        NewSession { id: Uuid::now_v7(), token: secret::new(), csrf: secret::new(), expires_at: expiry(at) };
    let row = vec![
        ("id", session.id.into()),
        ("token_sha256", secret::sha256(&session.token).into()),
        ("user_id", user.into()),
        ("csrf", session.csrf.clone().into()),
        ("ip", ip.map(crate::check::wire).into()),
        ("created_at", at.into()),
        ("last_seen_at", at.into()),
        ("expires_at", session.expires_at.into()),
    ];
    sql::insert(tx, "user_sessions", row).await?;
    Ok(session)
}

/// The session of this token, unless it has expired or its user is not active.
pub async fn by_token(db: &impl Read, token: &str) -> Result<Option<Session>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        user_id: Uuid,
        csrf: String,
        last_seen_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    }
    let sql = "SELECT id, user_id, csrf, last_seen_at, expires_at FROM user_sessions \
         WHERE token_sha256 = $1 AND expires_at > $2";
    let Some(row) = sql::row::<Row>(db, sql, values![secret::sha256(token), now()]).await? else {
        return Ok(None);
    };
    let user = users::by_id(db, row.user_id).await?;
    let Row { id, csrf, last_seen_at, expires_at, .. } = row;
    Ok(user.active.then_some(Session { id, user, csrf, last_seen_at, expires_at }))
}

/// The session is in use: it will end later.
pub async fn touch(tx: &impl Read, id: Uuid) -> Result<()> {
    let at = now();
    let sql = "UPDATE user_sessions SET last_seen_at = $1, expires_at = $2 WHERE id = $3";
    sql::exec(tx, sql, values![at, expiry(at), id]).await?;
    Ok(())
}

pub async fn delete(tx: &impl Read, id: Uuid) -> Result<()> {
    sql::exec(tx, "DELETE FROM user_sessions WHERE id = $1", values![id]).await?;
    Ok(())
}

pub async fn delete_all_of(tx: &impl Read, user: Uuid) -> Result<()> {
    sql::exec(tx, "DELETE FROM user_sessions WHERE user_id = $1", values![user]).await?;
    Ok(())
}

/// How many there were.
pub async fn delete_expired(tx: &impl Read) -> Result<u64> {
    sql::exec(tx, "DELETE FROM user_sessions WHERE expires_at <= $1", values![now()]).await
}

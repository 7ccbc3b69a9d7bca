//! Which numbers lead where.

use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Result, check,
    sql::{self, Read, values},
    words::RouteTargetKind,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Route {
    pub id: Uuid,
    /// The first that fits is taken.
    pub position: i32,
    /// Digits of a number, `+` or not; `*` at the end stands for any further digits.
    pub pattern: String,
    /// What people call the number.
    pub label: String,
    pub target: RouteTarget,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RouteTarget {
    Queue {
        queue_id: Uuid,
    },
    User {
        user_id: Uuid,
    },
    /// E.164.
    External {
        number: String,
    },
}

#[derive(Debug, Clone)]
pub struct NewRoute {
    pub position: i32,
    pub pattern: String,
    pub label: String,
    pub target: RouteTarget,
}

/// E.164 and a star.
const MAX_PATTERN_CHARS: usize = 20;

pub async fn list(db: &impl Read) -> Result<Vec<Route>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        position: i32,
        pattern: String,
        label: String,
        target_kind: RouteTargetKind,
        queue_id: Option<Uuid>,
        user_id: Option<Uuid>,
        number: Option<String>,
    }
    let sql = "SELECT id, position, pattern, label, target_kind, queue_id, user_id, number \
         FROM inbound_routes ORDER BY position, id";
    let rows: Vec<Row> = sql::rows(db, sql, vec![]).await?;
    let route = |row: Row| {
        let target = match (row.target_kind, row.queue_id, row.user_id, row.number) {
            (RouteTargetKind::Queue, Some(queue_id), _, _) => RouteTarget::Queue { queue_id },
            (RouteTargetKind::User, _, Some(user_id), _) => RouteTarget::User { user_id },
            (RouteTargetKind::External, _, _, Some(number)) => RouteTarget::External { number },
            _ => return Err(Error::Damaged(format!("route {} has no target", row.id))),
        };
        Ok(Route { id: row.id, position: row.position, pattern: row.pattern, label: row.label, target })
    };
    rows.into_iter().map(route).collect()
}

pub async fn create(tx: &impl Read, new: &NewRoute) -> Result<Route> {
    let (kind, queue, user, number) = match &new.target {
        RouteTarget::Queue { queue_id } => (RouteTargetKind::Queue, Some(*queue_id), None, None),
        RouteTarget::User { user_id } => (RouteTargetKind::User, None, Some(*user_id), None),
        RouteTarget::External { number } => (RouteTargetKind::External, None, None, Some(number.clone())),
    };
    let route = Route {
        id: Uuid::now_v7(),
        position: new.position,
        pattern: check_pattern(&new.pattern)?,
        label: check::short("label", &new.label)?,
        target: new.target.clone(),
    };
    let row = vec![
        ("id", route.id.into()),
        ("position", route.position.into()),
        ("pattern", route.pattern.clone().into()),
        ("label", route.label.clone().into()),
        ("target_kind", kind.into()),
        ("queue_id", queue.into()),
        ("user_id", user.into()),
        ("number", number.into()),
    ];
    sql::insert(tx, "inbound_routes", row).await?;
    Ok(route)
}

pub async fn delete(tx: &impl Read, id: Uuid) -> Result<()> {
    match sql::exec(tx, "DELETE FROM inbound_routes WHERE id = $1", values![id]).await? {
        0 => Err(Error::NotFound { what: "route" }),
        _ => Ok(()),
    }
}

/// The first route that fits the number that was called. A hub has tens of routes: they are read
/// in one statement and compared here.
pub async fn resolve(db: &impl Read, called: &str) -> Result<Option<Route>> {
    Ok(list(db).await?.into_iter().find(|route| fits(&route.pattern, called)))
}

/// Carriers write the called number with `+`, with `00` or with neither.
pub fn fits(pattern: &str, called: &str) -> bool {
    let called = bare(called);
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(beginning) => called.starts_with(bare(beginning)),
        None => called == bare(pattern),
    }
}

fn bare(number: &str) -> &str {
    number.strip_prefix('+').or_else(|| number.strip_prefix("00")).unwrap_or(number)
}

fn check_pattern(pattern: &str) -> Result<String> {
    let pattern = pattern.trim();
    let digits = pattern.strip_prefix('+').unwrap_or(pattern);
    let digits = digits.strip_suffix('*').unwrap_or(digits);
    let fits = !pattern.is_empty()
        && pattern != "+"
        && pattern.len() <= MAX_PATTERN_CHARS
        && digits.bytes().all(|b| b.is_ascii_digit());
    if fits { Ok(pattern.to_owned()) } else { Err(Error::invalid("pattern", "not_a_pattern")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fit_in_any_of_the_carriers_spellings() {
        for called in ["+34910000100", "0034910000100", "34910000100"] {
            assert!(fits("+34910000100", called), "{called}");
            assert!(fits("+34910*", called), "{called}");
            assert!(fits("*", called), "{called}");
            assert!(!fits("+34910000101", called), "{called}");
            assert!(!fits("+3491000010", called), "{called}");
        }
    }

    #[test]
    fn patterns_are_digits() {
        for good in ["+34910000100", "910*", "*", "100"] {
            assert_eq!(check_pattern(good).expect(good), good);
        }
        for bad in ["", "+", "a*", "9*1", "%", &"9".repeat(40)] {
            assert!(check_pattern(bad).is_err(), "{bad}");
        }
    }
}

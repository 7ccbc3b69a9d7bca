//! Statements, written once for both engines with `$1, $2 …`.
//!
//! Plain SQL rather than entities: most reads join, most writes on a call are conditional, and
//! one constant text a statement is what the drivers' statement caches want.

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{ConnectionTrait, DatabaseExecutor, DbBackend, FromQueryResult, Statement, Value};

use crate::{Error, Result};

/// Something that can be read from: [`crate::Db`], or a [`crate::Tx`] in the midst of a write.
pub trait Read: Send + Sync {
    fn executor(&self) -> DatabaseExecutor<'_>;
}

impl<R: Read> Read for &R {
    fn executor(&self) -> DatabaseExecutor<'_> {
        (*self).executor()
    }
}

/// The present, to the millisecond: what both engines keep and what the console shows.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}

/// `values![a, b]`: what stands for `$1, $2`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(sea_orm::Value::from($value)),*] };
}
pub(crate) use values;

pub(crate) fn backend(db: &impl Read) -> DbBackend {
    db.executor().get_database_backend()
}

/// Runs a statement; answers how many rows it touched.
pub(crate) async fn exec(db: &impl Read, sql: &str, values: Vec<Value>) -> Result<u64> {
    let on = db.executor();
    let statement = Statement::from_sql_and_values(on.get_database_backend(), sql, values);
    Ok(on.execute_raw(statement).await?.rows_affected())
}

pub(crate) async fn rows<T: FromQueryResult>(
    db: &impl Read,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<T>> {
    let on = db.executor();
    let statement = Statement::from_sql_and_values(on.get_database_backend(), sql, values);
    let rows = on.query_all_raw(statement).await?;
    rows.iter().map(|row| T::from_query_result(row, "").map_err(Error::Database)).collect()
}

pub(crate) async fn row<T: FromQueryResult>(
    db: &impl Read,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<T>> {
    let on = db.executor();
    let statement = Statement::from_sql_and_values(on.get_database_backend(), sql, values);
    let row = on.query_one_raw(statement).await?;
    row.map(|row| T::from_query_result(&row, "").map_err(Error::Database)).transpose()
}

/// The first column of each row.
pub(crate) async fn column<T: sea_orm::TryGetable>(
    db: &impl Read,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<T>> {
    let on = db.executor();
    let statement = Statement::from_sql_and_values(on.get_database_backend(), sql, values);
    let rows = on.query_all_raw(statement).await?;
    rows.iter().map(|row| T::try_get_by(row, 0usize).map_err(|err| Error::Database(err.into()))).collect()
}

/// The first column of the first row.
pub(crate) async fn scalar<T: sea_orm::TryGetable>(
    db: &impl Read,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<T>> {
    Ok(column(db, sql, values).await?.into_iter().next())
}

/// `INSERT INTO table (…) VALUES (…)`. Table and column names are ours, never a stranger's.
pub(crate) async fn insert(db: &impl Read, table: &str, row: Vec<(&str, Value)>) -> Result<()> {
    let (columns, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
    let marks = marks(1, values.len());
    let sql = format!("INSERT INTO {table} ({}) VALUES ({marks})", columns.join(", "));
    exec(db, &sql, values).await.map(drop)
}

/// `$from, $from+1, …` for `count` values.
pub(crate) fn marks(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// The fields of a record that a caller wants changed.
#[derive(Default)]
pub(crate) struct Changes(Vec<(&'static str, Value)>);

impl Changes {
    pub(crate) fn set(&mut self, column: &'static str, value: impl Into<Value>) -> &mut Self {
        self.0.push((column, value.into()));
        self
    }

    pub(crate) fn set_some<V: Into<Value>>(&mut self, column: &'static str, value: Option<V>) -> &mut Self {
        if let Some(value) = value {
            self.set(column, value);
        }
        self
    }

    /// Changes the row with this id; `NotFound { what }` when there is none.
    pub(crate) async fn apply(
        self,
        db: &impl Read,
        table: &str,
        id: uuid::Uuid,
        what: &'static str,
    ) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let (columns, mut values): (Vec<_>, Vec<_>) = self.0.into_iter().unzip();
        let assignments: Vec<_> =
            columns.iter().zip(1..).map(|(column, n)| format!("{column} = ${n}")).collect();
        values.push(id.into());
        let sql = format!("UPDATE {table} SET {} WHERE id = ${}", assignments.join(", "), values.len());
        match exec(db, &sql, values).await? {
            0 => Err(Error::NotFound { what }),
            _ => Ok(()),
        }
    }
}

/// Conditions that are put together as they are asked for.
#[derive(Default)]
pub(crate) struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Filter {
    /// `condition` holds `?` where the value goes.
    pub(crate) fn and(&mut self, condition: &str, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.conditions.push(condition.replace('?', &format!("${}", self.values.len())));
        self
    }

    pub(crate) fn and_some<V: Into<Value>>(&mut self, condition: &str, value: Option<V>) -> &mut Self {
        if let Some(value) = value {
            self.and(condition, value);
        }
        self
    }

    /// A condition without a value.
    pub(crate) fn plain(&mut self, condition: &str) -> &mut Self {
        self.conditions.push(condition.to_owned());
        self
    }

    /// `(a, b) > (…)` for the cursor of a page: `condition` holds two `?`.
    pub(crate) fn after(&mut self, condition: &str, key: Value, id: uuid::Uuid) -> &mut Self {
        let first = self.values.len() + 1;
        self.values.extend([key, id.into()]);
        let condition = condition.replacen('?', &format!("${first}"), 1);
        self.conditions.push(condition.replacen('?', &format!("${}", first + 1), 1));
        self
    }

    /// `WHERE …` (or nothing) and the values.
    pub(crate) fn finish(self) -> (String, Vec<Value>) {
        let text = match self.conditions.len() {
            0 => String::new(),
            _ => format!("WHERE {}", self.conditions.join(" AND ")),
        };
        (text, self.values)
    }
}

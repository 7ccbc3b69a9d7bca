//! Lists are handed out page by page, each page beginning after the last row of the former one:
//! rows that come or go in between neither repeat nor hide another.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Error, Result};

pub const DEFAULT_PAGE_ROWS: u32 = 50;
/// What one answer may cost in memory and time.
pub const MAX_PAGE_ROWS: u32 = 200;
/// Names are shorter by far; a longer cursor was not made by us.
const MAX_CURSOR_CHARS: usize = 2048;

/// Where to begin, and how much to give.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PageRequest {
    /// `next_cursor` of the former page; none for the first page.
    pub cursor: Option<String>,
    /// Rows, 1 to [`MAX_PAGE_ROWS`]; [`DEFAULT_PAGE_ROWS`] when not given.
    pub limit: Option<u32>,
}

impl PageRequest {
    pub fn first(limit: u32) -> Self {
        Self { cursor: None, limit: Some(limit) }
    }

    pub(crate) fn rows(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_PAGE_ROWS).clamp(1, MAX_PAGE_ROWS)
    }

    /// One row more than the page holds: whether there is a next page.
    pub(crate) fn rows_to_fetch(&self) -> i64 {
        i64::from(self.rows()) + 1
    }

    pub(crate) fn after_time(&self) -> Result<Option<(DateTime<Utc>, Uuid)>> {
        self.after()
    }

    pub(crate) fn after_text(&self) -> Result<Option<(String, Uuid)>> {
        self.after()
    }

    pub(crate) fn after_number(&self) -> Result<Option<(i64, Uuid)>> {
        self.after()
    }

    fn after<K: for<'de> Deserialize<'de>>(&self) -> Result<Option<(K, Uuid)>> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let bad = || Error::invalid("cursor", "not_a_cursor");
        if cursor.len() > MAX_CURSOR_CHARS {
            return Err(bad());
        }
        let bytes = crate::hex::decode(cursor).ok_or_else(bad)?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| bad())
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Opaque; none on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Cuts what was fetched (see [`PageRequest::rows_to_fetch`]) to the page.
    pub(crate) fn cut<K: Serialize>(
        mut items: Vec<T>,
        request: &PageRequest,
        key: impl Fn(&T) -> (K, Uuid),
    ) -> Self {
        let rows = request.rows() as usize;
        let next_cursor = (items.len() > rows).then(|| {
            items.truncate(rows);
            let last = items.last().map(key);
            crate::hex::encode(&serde_json::to_vec(&last).unwrap_or_default())
        });
        Self { items, next_cursor }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_the_last_row() {
        let ids: Vec<_> = (0..3).map(|_| Uuid::now_v7()).collect();
        let rows: Vec<_> = ids.iter().map(|id| ("Ñandú".to_owned(), *id)).collect();
        let page = Page::cut(rows, &PageRequest::first(2), Clone::clone);
        assert_eq!(page.items.len(), 2);
        let next = PageRequest { cursor: page.next_cursor, limit: None };
        assert_eq!(next.after_text().expect("our own cursor"), Some(("Ñandú".to_owned(), ids[1])));
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let page = Page::cut(vec![Uuid::now_v7()], &PageRequest::first(2), |id| ("", *id));
        assert_eq!(page.next_cursor, None);
    }

    #[test]
    fn a_strangers_cursor_is_refused() {
        for cursor in ["zz", "é", "00", "7b7d", &"a".repeat(5000)] {
            let request = PageRequest { cursor: Some(cursor.to_owned()), limit: None };
            assert!(matches!(request.after_text(), Err(Error::Invalid { field: "cursor", .. })), "{cursor}");
        }
    }
}

//! Which page of a list is asked for.

use crm::PageRequest;
use serde::Deserialize;
use utoipa::IntoParams;

/// Where a list goes on, and how much of it. Beside other parameters, take it as a second
/// extractor: a query's fields cannot be flattened without losing their numbers.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless given.
    pub limit: Option<u32>,
}

impl From<PageQuery> for PageRequest {
    fn from(query: PageQuery) -> Self {
        Self { cursor: query.cursor, limit: query.limit }
    }
}

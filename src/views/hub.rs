//! What the hub says about itself before anybody has signed in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The hub, public: shown on the sign-in page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hub {
    pub name: String,
    pub version: String,
    /// A demo hub has an invented company, test calls, and logins shown to everybody.
    pub demo: bool,
    pub inbound_numbers: Vec<InboundNumber>,
    /// On a demo hub only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demo_logins: Option<Vec<DemoLogin>>,
}

/// A number that customers call, with what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InboundNumber {
    /// E.164.
    pub number: String,
    pub label: String,
}

/// A login of the demo company, password included: invented people on an invented hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DemoLogin {
    pub email: String,
    pub password: String,
    pub role: String,
    pub display_name: String,
}

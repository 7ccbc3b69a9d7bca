//! What a contact is made and changed with.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    patch::present,
    words::{EmailKind, PhoneKind},
};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PhoneInput {
    /// In any usual spelling, with its extension or without.
    pub number: String,
    #[serde(default)]
    pub extension: Option<String>,
    pub kind: PhoneKind,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EmailInput {
    pub address: String,
    pub kind: EmailKind,
}

/// One of the names at least must be given.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewContact {
    pub first_name: String,
    pub last_name: String,
    pub company_id: Option<Uuid>,
    pub job_title: Option<String>,
    pub language: Option<String>,
    pub time_zone: Option<String>,
    pub notes: String,
    pub owner_id: Option<Uuid>,
    pub phones: Vec<PhoneInput>,
    pub emails: Vec<EmailInput>,
}

/// What is left out stays, `null` empties; lists are replaced whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ContactPatch {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub company_id: Option<Option<Uuid>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub job_title: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub language: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Option<String>>,
    pub notes: Option<String>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<Option<Uuid>>,
    pub phones: Option<Vec<PhoneInput>>,
    pub emails: Option<Vec<EmailInput>>,
}

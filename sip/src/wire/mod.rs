//! Messages on the wire. The grammar is rsipstack's; no type of it leaves this folder.

mod address;
mod auth;
mod build;
mod frame;
mod head;
mod headers;
mod limits;
mod message;
mod method;
#[cfg(test)]
pub(crate) mod mutant;
mod parse;
mod redact;
mod refer;
mod session;
mod uri;

pub(crate) use address::{NameAddr, quoted, split_list};
pub(crate) use auth::AuthParams;
pub(crate) use frame::{Frame, next_frame};
pub(crate) use head::{Head, MAGIC_COOKIE};
pub(crate) use headers::{Headers, clean, quotable_id};
pub(crate) use limits::DATAGRAM_MAX_BYTES;
pub(crate) use message::{Message, Request, Response};
pub(crate) use method::{ALLOW, Method, SUPPORTED, SUPPORTED_WITHOUT_100REL};
pub(crate) use parse::{Refused, parse};
pub(crate) use redact::{call_id_of, redact};
pub(crate) use refer::{BadReferTo, refer_to, replaces};
pub(crate) use session::{Refresher, SessionExpires, lists, min_se};
pub(crate) use uri::{SipUri, encode_user};

//! What the rest of the program sees of signalling.

pub(crate) mod binding;
pub(crate) mod call;
pub(crate) mod config;
pub(crate) mod directory;
pub(crate) mod error;
pub(crate) mod leg;
pub(crate) mod network;
pub(crate) mod observer;
pub(crate) mod public;
pub(crate) mod register;
pub(crate) mod subscription;
pub(crate) mod transfer;
pub(crate) mod websocket;

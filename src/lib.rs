//! The `centralita` program: the rooms put together.

pub mod acme;
pub mod archive;
pub mod calls;
pub mod calls_port;
pub mod cli;
pub mod config;
pub mod demo;
pub mod http;
pub mod hub;
pub mod live;
pub mod ops;
pub mod recordings;
pub mod trace;
pub mod views;

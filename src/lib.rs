//! The `centralita` program: the rooms put together.

pub mod calls_port;
pub mod cli;
pub mod config;
pub mod http;
pub mod live;
pub mod ops;
pub mod views;

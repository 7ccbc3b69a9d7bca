//! The demo's parties against a second SIP stack that plays the hub, over loopback.

mod company;
mod customers;
mod hub;
mod phones;

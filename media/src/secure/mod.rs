//! Secrets on the wire: SRTP and what gives it its keys, as pure machines fed with datagrams.
//!
//! The ciphers are aws-lc's, the handshake is dimpl's, the STUN grammar is str0m's. What is ours is
//! what joins them, because every packet of a call goes through it: in place, without allocating,
//! and with tables that a stranger cannot fill.

pub(crate) mod cipher;
pub(crate) mod dtls;
pub(crate) mod ice;
pub(crate) mod identity;
pub(crate) mod index;
pub(crate) mod keys;
pub(crate) mod srtp;

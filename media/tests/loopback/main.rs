//! The media room over real loopback sockets, heard and spoken to by small phones.

mod adoption;
mod bridge;
mod browser;
mod browsers;
mod comfort;
mod digits;
mod hostile;
mod line;
mod pause;
mod phone;
mod prompts;
mod recordings;
mod reports;
mod room;
mod secure;
mod sound;
mod talker;
mod tcp;

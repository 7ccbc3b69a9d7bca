//! Each rule of the crate's page, told as a transcript of a short while on the floor.

mod agent_states;
mod floor;
mod hostile;
mod offers;
mod outbound;
mod overflow;
mod routing;
mod views;

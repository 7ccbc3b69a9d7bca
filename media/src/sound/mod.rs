//! Sound as numbers, apart from any socket: what a stream of packets becomes when somebody wants to
//! hear it. All of it pure, in virtual time.

mod activity;
mod buffer;
mod conceal;
mod delay;
mod ear;
mod line;
mod mixer;
mod noise;
mod period;
mod resample;
mod stretch;

pub(crate) use activity::Activity;
pub(crate) use buffer::Content;
pub(crate) use ear::{Ear, EarStats, Heard};
pub(crate) use mixer::Mixer;
pub(crate) use noise::level_dbov;
pub(crate) use resample::{Downsampler, Upsampler};

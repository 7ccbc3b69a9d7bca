//! RTP sockets, codecs, prompts, tones and recording, off the async runtime.
//!
//! [`Media`] owns worker threads, one a core, and one thread that writes files. A call is a
//! [`Session`]; it lives on one worker. Its parties are legs, each with an RTP and an RTCP socket.
//! Commands go in and [`Event`]s come out over bounded queues; a packet takes no lock, allocates
//! nothing and never meets the async runtime.
//!
//! What happens when something fails: a full disk or a slow one costs sound in the recording and
//! says so in [`Event::RecordingClosed`], never a packet; a silent party becomes
//! [`Event::Inactive`]; a worker that has ended makes [`Media::open`] refuse.

mod browser;
mod codec;
mod config;
mod error;
mod event;
mod media;
mod net;
mod prompt;
mod record;
mod remote;
mod rtp;
pub mod sdp;
mod sealed;
mod secure;
mod session;
mod sound;
mod stats;
pub mod tone;
pub mod wav;
mod worker;

pub use codec::{
    Codec, CodecKind, Decoder, Encoder, FRAME_SAMPLES_LIMIT, PACKET_LIMIT_BYTES, PACKET_SAMPLES_LIMIT,
    SampleRate,
};
pub use config::Config;
pub use error::{MediaError, StartError};
pub use event::{Event, LegStats, Mark};
pub use media::Media;
pub use prompt::{Prompt, PromptError};
pub use remote::{Direction, DtlsKeys, Protection, Remote};
pub use sealed::{RecordingKey, SealedError, SealedReader, key_id, repair as repair_sealed};
pub use secure::ice::IceCredentials;
pub use secure::identity::Fingerprint;
pub use secure::keys::{MasterKey, Profile};
pub use session::{Channel, Leg, LegId, PlayId, Repeat, Session};
pub use stats::Stats;

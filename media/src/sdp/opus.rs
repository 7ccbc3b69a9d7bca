//! What the far end wishes of the Opus that it is sent (RFC 7587 section 6.1).

use sdp_types::Media;

/// RFC 7587 section 7: the range of `maxaveragebitrate`.
const BITRATES_BITS: std::ops::RangeInclusive<u32> = 6_000..=510_000;
/// Parameters read of one `a=fmtp` line; there are eight in the RFC.
const PARAMETERS_LIMIT: usize = 32;

/// What the far end wishes of the Opus that it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpusWishes {
    /// It makes use of copies of the packet before (`useinbandfec`).
    pub repair: bool,
    /// The most it wants, in bits a second (`maxaveragebitrate`); `u32::MAX` where it names none.
    pub bitrate_limit: u32,
}

impl Default for OpusWishes {
    fn default() -> OpusWishes {
        // RFC 7587 section 6.1: no repair unless it is asked for.
        OpusWishes { repair: false, bitrate_limit: u32::MAX }
    }
}

impl OpusWishes {
    /// Of that payload type. What is not understood is left out.
    pub(super) fn of(media: &Media, payload_type: u8) -> OpusWishes {
        let lines = media.attributes.iter().filter(|attribute| attribute.attribute == "fmtp");
        let line = lines
            .filter_map(|attribute| attribute.value.as_deref()?.split_once(' '))
            .find(|(format, _)| format.parse() == Ok(payload_type));
        let mut wishes = OpusWishes::default();
        let Some((_, parameters)) = line else {
            return wishes;
        };
        for parameter in parameters.split(';').take(PARAMETERS_LIMIT) {
            match parameter.trim().split_once('=') {
                Some(("useinbandfec", value)) => wishes.repair = value.trim() == "1",
                Some(("maxaveragebitrate", value)) => {
                    let bits = value.trim().parse().ok().filter(|bits| BITRATES_BITS.contains(bits));
                    wishes.bitrate_limit = bits.unwrap_or(u32::MAX);
                }
                Some(_) | None => {}
            }
        }
        wishes
    }
}

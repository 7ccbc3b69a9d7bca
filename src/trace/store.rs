//! What was said, as one row of the database holds it: JSON, compressed.

use std::io::{self, Read, Write};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};

use super::limits::CALL_BYTES_LIMIT;
use super::message::Message;

/// More than any call's messages are: JSON writes a control character in six bytes. A row is not
/// believed beyond it.
const UNPACKED_BYTES_LIMIT: u64 = 8 * CALL_BYTES_LIMIT as u64;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("messages of a call cannot be compressed or read")]
    Compression(#[from] io::Error),
    #[error("messages of a call cannot be understood")]
    Form(#[from] serde_json::Error),
}

/// # Errors
/// None that is known of: memory is written to.
pub fn pack(messages: &[Message]) -> Result<Vec<u8>, StoreError> {
    // Of calls of some 15 KB each, harder compression saves a tenth and takes four times as long.
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(&serde_json::to_vec(messages)?)?;
    Ok(packer.finish()?)
}

/// # Errors
/// When it is not what [`pack`] made.
pub fn unpack(packed: &[u8]) -> Result<Vec<Message>, StoreError> {
    let mut text = Vec::new();
    GzDecoder::new(packed).take(UNPACKED_BYTES_LIMIT).read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::message::tests::seen;

    #[test]
    fn what_was_packed_is_unpacked() {
        let text = "INVITE sip:a SIP/2.0\r\n\r\n\u{e9}\u{0}";
        let messages: Vec<_> = (0..50).map(|n| Message::of(&seen("a", n, text), false)).collect();
        let packed = pack(&messages).expect("packed");
        assert!(packed.len() < 1000, "{}", packed.len());
        assert_eq!(unpack(&packed).expect("unpacked"), messages);
        assert!(unpack(&packed[..packed.len() / 2]).is_err());
        assert!(unpack(b"rubbish").is_err());
    }
}

//! Where the sound lies in a WAV file, believing the file's size rather than its header.

use std::io::{Read, Seek, SeekFrom};

use super::{RecordingInfo, WavError};

/// Chunks before the sound: format, fact, and perhaps a list of names.
const CHUNKS_LIMIT: usize = 16;
/// `RIFF`, size, `WAVE`.
const RIFF_BYTES: u64 = 12;
/// Name and size.
const CHUNK_BYTES: u64 = 8;

/// Where the sound lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub sample_rate_hz: u32,
    pub channels: u16,
    /// First byte of sound.
    pub data_start: u64,
    /// Bytes of sound that are really there, whole frames only.
    pub data_bytes: u64,
    /// What the header says.
    pub stated_bytes: u32,
    /// What the header says of the whole file.
    pub stated_riff_bytes: u32,
    pub file_bytes: u64,
}

impl Layout {
    pub(super) fn frame_bytes(&self) -> u64 {
        u64::from(self.channels) * 2
    }

    pub(super) fn frames(&self) -> u64 {
        self.data_bytes / self.frame_bytes()
    }

    pub(super) fn info(&self) -> RecordingInfo {
        RecordingInfo {
            duration_ms: self.frames() * 1_000 / u64::from(self.sample_rate_hz),
            bytes: self.data_start + self.data_bytes,
            sample_rate_hz: self.sample_rate_hz,
            channels: self.channels,
        }
    }
}

/// Reads the chunks up to the sound.
pub(super) fn read(file: &mut (impl Read + Seek)) -> Result<Layout, WavError> {
    let file_bytes = file.seek(SeekFrom::End(0))?;
    if file_bytes > u64::from(u32::MAX) {
        return Err(WavError::NotOurs("larger than a WAV file may be"));
    }
    file.seek(SeekFrom::Start(0))?;
    let mut riff = [0; RIFF_BYTES as usize];
    read_exact(file, &mut riff)?;
    if &riff[..4] != b"RIFF" || &riff[8..] != b"WAVE" {
        return Err(WavError::NotOurs("no RIFF header"));
    }
    let mut format = None;
    let mut at = RIFF_BYTES;
    for _ in 0..CHUNKS_LIMIT {
        let mut head = [0; CHUNK_BYTES as usize];
        file.seek(SeekFrom::Start(at))?;
        read_exact(file, &mut head)?;
        let [n0, n1, n2, n3, s0, s1, s2, s3] = head;
        let bytes = u32::from_le_bytes([s0, s1, s2, s3]);
        let start = at + CHUNK_BYTES;
        match &[n0, n1, n2, n3] {
            b"fmt " => format = Some(read_format(file, bytes)?),
            b"data" => {
                let (sample_rate_hz, channels) =
                    format.ok_or(WavError::NotOurs("sound before its format"))?;
                let frame_bytes = u64::from(channels) * 2;
                let there = file_bytes.saturating_sub(start);
                return Ok(Layout {
                    sample_rate_hz,
                    channels,
                    data_start: start,
                    data_bytes: there - there % frame_bytes,
                    stated_bytes: bytes,
                    stated_riff_bytes: u32::from_le_bytes([riff[4], riff[5], riff[6], riff[7]]),
                    file_bytes,
                });
            }
            // Chunks are padded to even sizes.
            _ => {}
        }
        at = start + u64::from(bytes) + u64::from(bytes % 2);
    }
    Err(WavError::NotOurs("no sound chunk"))
}

/// Sample rate and channels, if it is what we write.
fn read_format(file: &mut impl Read, bytes: u32) -> Result<(u32, u16), WavError> {
    let mut format = [0; 16];
    if bytes < 16 {
        return Err(WavError::NotOurs("format too short"));
    }
    read_exact(file, &mut format)?;
    let word = |at: usize| u16::from_le_bytes([format[at], format[at + 1]]);
    let (tag, channels, bits) = (word(0), word(2), word(14));
    let sample_rate_hz = u32::from_le_bytes([format[4], format[5], format[6], format[7]]);
    if tag != 1 || bits != 16 || !(1..=2).contains(&channels) || sample_rate_hz == 0 {
        return Err(WavError::NotOurs("format is not PCM of 16 bits"));
    }
    Ok((sample_rate_hz, channels))
}

/// An end of file where there should be more means that it is not ours, not that the disk failed.
fn read_exact(file: &mut impl Read, into: &mut [u8]) -> Result<(), WavError> {
    file.read_exact(into).map_err(|e| match e.kind() {
        std::io::ErrorKind::UnexpectedEof => WavError::NotOurs("ends before its sound"),
        _ => WavError::Io(e),
    })
}

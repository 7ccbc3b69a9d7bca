//! A recording as a picture: the loudest sample of each stretch, per channel.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::{WavError, chunks};

/// More columns than any screen has; the bound keeps the answer small.
const BUCKETS_LIMIT: usize = 4_096;
/// Bytes held at a time.
const BUFFER_BYTES: usize = 64 * 1024;

/// A recording as a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waveform {
    /// The loudest sample of each stretch, 0 (silent) to 255 (full scale).
    pub left: Vec<u8>,
    /// The same of the right channel; equal to `left` in a mono file.
    pub right: Vec<u8>,
    /// Length of the sound, in ms.
    pub duration_ms: u64,
}

/// Draws `buckets` columns (1 to 4096, others are brought within) in one pass and bounded memory.
/// Works on a file that is being written, as far as it goes. Blocks.
pub fn peaks(path: &Path, buckets: usize) -> Result<Waveform, WavError> {
    peaks_of(File::open(path)?, buckets)
}

/// The same of what is read as a WAV file, such as a [`crate::SealedReader`].
pub fn peaks_of(mut file: impl Read + Seek, buckets: usize) -> Result<Waveform, WavError> {
    let layout = chunks::read(&mut file)?;
    let buckets = buckets.clamp(1, BUCKETS_LIMIT);
    let frames = layout.frames();
    let mut left = vec![0u8; buckets];
    let mut right = vec![0u8; buckets];
    file.seek(SeekFrom::Start(layout.data_start))?;
    let mut sound = BufReader::with_capacity(BUFFER_BYTES, file).take(layout.data_bytes);
    let mut frame = [0; 4];
    let frame = &mut frame[..layout.frame_bytes() as usize];
    for index in 0..frames {
        sound.read_exact(frame)?;
        let bucket = (index * buckets as u64 / frames) as usize;
        let first = loudness(frame[0], frame[1]);
        let last = loudness(frame[frame.len() - 2], frame[frame.len() - 1]);
        left[bucket] = left[bucket].max(first);
        right[bucket] = right[bucket].max(last);
    }
    Ok(Waveform { left, right, duration_ms: layout.info().duration_ms })
}

fn loudness(low: u8, high: u8) -> u8 {
    let magnitude = i16::from_le_bytes([low, high]).unsigned_abs();
    // 32768 is the largest there is.
    (u32::from(magnitude) * 255 / 32_768) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_has_its_own_loud_places() {
        let name = format!("media-peaks-{}.wav", std::process::id());
        let path = std::env::temp_dir().join(name);
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 8_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).expect("a writable folder");
        for frame in 0..16_000 {
            let left = if frame < 8_000 { i16::MIN } else { 0 };
            let right = if frame < 8_000 { 0 } else { 16_384 };
            writer.write_sample(left).expect("written");
            writer.write_sample(right).expect("written");
        }
        writer.finalize().expect("written");
        let wave = peaks(&path, 4).expect("a recording");
        assert_eq!(wave.left, [255, 255, 0, 0]);
        assert_eq!(wave.right, [0, 0, 127, 127]);
        assert_eq!(wave.duration_ms, 2_000);
        // More columns than frames, and none at all.
        assert_eq!(peaks(&path, 0).expect("a recording").left, [255]);
        let many = peaks(&path, usize::MAX).expect("a recording");
        assert_eq!(many.right.len(), BUCKETS_LIMIT);
        std::fs::remove_file(&path).expect("still there");
    }

    #[test]
    fn an_empty_recording_is_flat() {
        let name = format!("media-peaks-empty-{}.wav", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, b"").expect("a writable folder");
        super::super::repair(&path).expect("made empty");
        let wave = peaks(&path, 3).expect("a recording");
        assert_eq!((wave.left, wave.duration_ms), (vec![0, 0, 0], 0));
        std::fs::remove_file(&path).expect("still there");
    }
}

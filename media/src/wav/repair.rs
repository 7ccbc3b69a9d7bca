//! A file left by a process that was killed: its header made true.

use std::fs::OpenOptions;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::{WavError, chunks};

/// The header of an empty recording of ours: what a file gets that was killed before its header.
const HEADER_BYTES: u64 = WAV_HEADER_BYTES as u64;
const HEADER: [u8; WAV_HEADER_BYTES] =
    *b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x40\x1f\0\0\0\x7d\0\0\x04\0\x10\0data\0\0\0\0";

/// Bytes of the header of a recording of ours.
pub(crate) const WAV_HEADER_BYTES: usize = 44;

/// The header of a recording of ours with so much sound.
pub(crate) fn wav_header(sound_bytes: u32, sample_rate_hz: u32) -> [u8; WAV_HEADER_BYTES] {
    let mut header = HEADER;
    header[4..8].copy_from_slice(&sound_bytes.saturating_add(36).to_le_bytes());
    header[24..28].copy_from_slice(&sample_rate_hz.to_le_bytes());
    // Two channels of two bytes.
    header[28..32].copy_from_slice(&(sample_rate_hz * 4).to_le_bytes());
    header[40..].copy_from_slice(&sound_bytes.to_le_bytes());
    header
}

/// Length and shape of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordingInfo {
    /// Length of the sound, in ms.
    pub duration_ms: u64,
    /// Size of the file, in bytes.
    pub bytes: u64,
    /// Frames a second, in Hz.
    pub sample_rate_hz: u32,
    /// 1 or 2.
    pub channels: u16,
}

/// Makes the file playable: a cut frame is removed, and the header says what is there. A file
/// without a whole header becomes an empty recording; a file in order is not touched; a file that
/// is not ours is refused, unchanged. Not for a file that is being written.
pub fn repair(path: &Path) -> Result<RecordingInfo, WavError> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let bytes = file.metadata()?.len();
    if bytes < HEADER_BYTES {
        let mut start = Vec::new();
        file.read_to_end(&mut start)?;
        if !start.iter().zip(b"RIFF").all(|(is, ours)| is == ours) {
            return Err(WavError::NotOurs("no RIFF header"));
        }
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&HEADER)?;
        file.sync_all()?;
        return Ok(chunks::read(&mut file)?.info());
    }
    let layout = chunks::read(&mut file)?;
    let end = layout.data_start + layout.data_bytes;
    let (Ok(data_bytes), Ok(riff_bytes)) = (u32::try_from(layout.data_bytes), u32::try_from(end - 8)) else {
        return Err(WavError::NotOurs("larger than a WAV file may be"));
    };
    let true_already = layout.file_bytes == end
        && layout.stated_bytes == data_bytes
        && layout.stated_riff_bytes == riff_bytes;
    if !true_already {
        file.set_len(end)?;
        file.seek(SeekFrom::Start(4))?;
        file.write_all(&riff_bytes.to_le_bytes())?;
        file.seek(SeekFrom::Start(layout.data_start - 4))?;
        file.write_all(&data_bytes.to_le_bytes())?;
        file.sync_all()?;
    }
    Ok(layout.info())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A file of its own in the system's temporary folder, removed at the end.
    struct TestFile(PathBuf);

    impl TestFile {
        fn new(name: &str, bytes: &[u8]) -> TestFile {
            let name = format!("media-repair-{}-{name}.wav", std::process::id());
            let path = std::env::temp_dir().join(name);
            std::fs::write(&path, bytes).expect("a writable temporary folder");
            TestFile(path)
        }

        fn samples(&self) -> Vec<i16> {
            let reader = hound::WavReader::open(&self.0).expect("a playable file");
            assert_eq!(reader.spec().channels, 2);
            assert_eq!(reader.spec().sample_rate, 8_000);
            reader.into_samples().map(|s| s.expect("a sample")).collect()
        }
    }

    impl Drop for TestFile {
        fn drop(&mut self) {
            std::fs::remove_file(&self.0).expect("the file is still there");
        }
    }

    /// Header that claims nothing, then `sound` bytes: what a kill leaves.
    fn killed(sound: usize) -> Vec<u8> {
        let mut bytes = HEADER.to_vec();
        bytes.extend((0..sound).map(|at| (at % 251) as u8));
        bytes
    }

    #[test]
    fn a_killed_file_plays_to_its_last_whole_frame() {
        for sound in [0, 1, 3, 4, 7, 32_000, 32_002] {
            let file = TestFile::new(&format!("killed-{sound}"), &killed(sound));
            let info = repair(&file.0).expect("ours");
            assert_eq!(file.samples().len(), sound / 4 * 2);
            assert_eq!(info.duration_ms, (sound / 4) as u64 / 8);
            assert_eq!(info.bytes, 44 + (sound / 4 * 4) as u64);
            assert_eq!(std::fs::metadata(&file.0).expect("there").len(), info.bytes);
        }
    }

    #[test]
    fn a_file_cut_anywhere_in_its_header_becomes_empty() {
        for length in 0..HEADER_BYTES as usize {
            let file = TestFile::new(&format!("cut-{length}"), &HEADER[..length]);
            let info = repair(&file.0).expect("ours");
            assert_eq!((info.duration_ms, info.channels), (0, 2));
            assert!(file.samples().is_empty());
        }
    }

    #[test]
    fn a_file_that_claims_more_than_it_has_is_made_true() {
        let mut bytes = killed(400);
        bytes[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
        let file = TestFile::new("boast", &bytes);
        repair(&file.0).expect("ours");
        assert_eq!(file.samples().len(), 200);
    }

    #[test]
    fn repairing_twice_changes_nothing() {
        let file = TestFile::new("twice", &killed(4_001));
        repair(&file.0).expect("ours");
        let once = std::fs::read(&file.0).expect("there");
        let info = repair(&file.0).expect("ours");
        assert_eq!(std::fs::read(&file.0).expect("there"), once);
        assert_eq!(super::super::info(&file.0).expect("ours"), info);
    }

    #[test]
    fn what_is_not_ours_is_refused_unchanged() {
        let mut other_format = killed(100);
        other_format[20] = 7;
        let mut no_sound = killed(100);
        no_sound[36..40].copy_from_slice(b"LIST");
        for (name, bytes) in [
            ("text", b"not a recording at all, but long enough to be one".to_vec()),
            ("short", b"a note".to_vec()),
            ("format", other_format),
            ("list", no_sound),
        ] {
            let file = TestFile::new(name, &bytes);
            assert!(matches!(repair(&file.0), Err(WavError::NotOurs(_))), "{name}");
            assert_eq!(std::fs::read(&file.0).expect("there"), bytes);
        }
    }
}

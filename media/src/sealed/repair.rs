//! A sealed recording left by a process that was killed: brought to its end.

use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::SealedError;
use super::format::{FRAME_BYTES, HEADER_BYTES, Place, RecordingKey, Seal};
use super::reader::{SealedReader, header_of};
use crate::wav::RecordingInfo;

/// Removes a torn frame and writes the last one, empty, so that the file counts as whole; one in
/// order is not touched. Not for a file that is being written. Blocks.
pub fn repair(path: &Path, key: &RecordingKey) -> Result<RecordingInfo, SealedError> {
    let reader = SealedReader::open(path, key)?;
    if !reader.is_complete() {
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        let seal = Seal::of(header_of(&mut file)?, key)?;
        let end = HEADER_BYTES as u64 + reader.full_frames * FRAME_BYTES as u64;
        let tag = seal.seal(reader.full_frames, Place::Last, &mut [])?;
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        file.write_all(&tag)?;
        file.sync_all()?;
    }
    let bytes = std::fs::metadata(path)?.len();
    Ok(RecordingInfo {
        duration_ms: reader.duration_ms(),
        bytes,
        sample_rate_hz: reader.sample_rate_hz(),
        channels: 2,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::path::PathBuf;

    use super::super::writer::SealedFile;
    use super::*;

    struct Sealed {
        path: PathBuf,
        key: RecordingKey,
        sound: Vec<i16>,
    }

    impl Sealed {
        /// A closed recording of so many frames of sound.
        fn new(name: &str, frames: usize) -> Sealed {
            let path = std::env::temp_dir().join(format!("media-sealed-{}-{name}", std::process::id()));
            let key = RecordingKey { id: [7; 16], key: rand::random() };
            let file = std::fs::File::create(&path).expect("a writable temporary folder");
            let sound: Vec<i16> = (0..frames * 2).map(|at| (at % 30_011) as i16).collect();
            let mut sealed = SealedFile::create(file, &key, 16_000).expect("created");
            for piece in sound.chunks(1_234) {
                sealed.append(piece).expect("appended");
            }
            sealed.close().expect("closed");
            Sealed { path, key, sound }
        }

        fn reader(&self) -> SealedReader {
            SealedReader::open(&self.path, &self.key).expect("it opens")
        }

        fn samples(&self) -> Vec<i16> {
            let reader = hound::WavReader::new(self.reader()).expect("a WAV file");
            reader.into_samples().map(|sample| sample.expect("a sample")).collect()
        }

        fn cut(&self, bytes: u64) {
            let file = OpenOptions::new().write(true).open(&self.path).expect("there");
            let there = file.metadata().expect("there").len();
            file.set_len(there - bytes).expect("cut");
        }
    }

    impl Drop for Sealed {
        fn drop(&mut self) {
            std::fs::remove_file(&self.path).expect("still there");
        }
    }

    #[test]
    fn what_was_written_is_read_at_any_place() {
        for frames in [0, 1, 3_999, 4_000, 4_001, 20_500] {
            let sealed = Sealed::new(&format!("any-{frames}"), frames);
            assert_eq!(sealed.samples(), sealed.sound, "{frames}");
            let mut reader = sealed.reader();
            assert!(reader.is_complete());
            assert_eq!(reader.wav_bytes(), 44 + frames as u64 * 4);
            let mut whole = Vec::new();
            reader.read_to_end(&mut whole).expect("read");
            for start in [0u64, 10, 44, 16_043, 16_044, 50_000] {
                let start = start.min(reader.wav_bytes());
                let mut part = Vec::new();
                reader.seek(SeekFrom::Start(start)).expect("sought");
                reader.read_to_end(&mut part).expect("read");
                assert_eq!(part, whole[start as usize..], "{frames} from {start}");
            }
            // Nothing plain on the disk.
            let disk = std::fs::read(&sealed.path).expect("read");
            let plain: Vec<u8> = sealed.sound.iter().take(40).flat_map(|s| s.to_le_bytes()).collect();
            assert!(frames < 40 || !disk.windows(plain.len()).any(|window| window == plain));
        }
    }

    #[test]
    fn a_killed_file_opens_to_its_last_whole_frame_and_is_repaired() {
        let sealed = Sealed::new("killed", 10_000);
        // Into the last frame, then to the end of a full one, then into that.
        for (cut, left) in [(5, 8_000), (8_000 + 16 - 5, 8_000), (1, 4_000)] {
            sealed.cut(cut);
            assert!(!sealed.reader().is_complete());
            assert_eq!(sealed.samples(), sealed.sound[..left * 2], "{cut}");
        }
        let info = repair(&sealed.path, &sealed.key).expect("repaired");
        assert_eq!(info.duration_ms, 250);
        assert!(sealed.reader().is_complete());
        assert_eq!(sealed.samples(), sealed.sound[..8_000]);
        let before = std::fs::read(&sealed.path).expect("read");
        repair(&sealed.path, &sealed.key).expect("in order");
        assert_eq!(std::fs::read(&sealed.path).expect("read"), before, "not touched");
    }

    #[test]
    fn damage_exchange_and_other_keys_show() {
        let sealed = Sealed::new("damage", 12_345);
        let other = RecordingKey { id: [8; 16], ..sealed.key };
        assert!(
            matches!(SealedReader::open(&sealed.path, &other), Err(SealedError::OtherKey(id)) if id == [7; 16])
        );
        assert_eq!(super::super::key_id(&sealed.path).expect("ours"), [7; 16]);
        let good = std::fs::read(&sealed.path).expect("read");
        let fails = |bytes: &[u8]| {
            std::fs::write(&sealed.path, bytes).expect("written");
            let Ok(mut reader) = SealedReader::open(&sealed.path, &sealed.key) else {
                return true;
            };
            let mut whole = Vec::new();
            reader.read_to_end(&mut whole).is_err() || !reader.is_complete()
        };
        assert!(!fails(&good));
        for at in [0, 7, 30, HEADER_BYTES, 10_000, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert!(fails(&bad), "{at}");
        }
        let mut exchanged = good.clone();
        let (first, second) = exchanged[HEADER_BYTES..].split_at_mut(FRAME_BYTES);
        first.swap_with_slice(&mut second[..FRAME_BYTES]);
        assert!(fails(&exchanged));
        std::fs::write(&sealed.path, b"RIFF").expect("written");
        assert!(matches!(SealedReader::open(&sealed.path, &sealed.key), Err(SealedError::NotOurs(_))));
    }
}

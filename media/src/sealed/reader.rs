//! A sealed recording as a WAV file that can be read at any place.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::SealedError;
use super::format::{
    FRAME_BYTES, FRAME_SOUND_BYTES, HEADER_BYTES, Place, RecordingKey, Seal, TAG_BYTES, id_of,
};
use crate::wav::{WAV_HEADER_BYTES, wav_header};

/// The name of the key that a recording is sealed with.
pub fn key_id(path: &Path) -> Result<[u8; 16], SealedError> {
    id_of(&header_of(&mut File::open(path)?)?)
}

/// A sealed recording, read as the WAV file that it holds: [`Read`] and [`Seek`] over that file's
/// bytes, of which one frame is opened at a time. Blocks.
pub struct SealedReader {
    file: File,
    seal: Seal,
    pub(super) full_frames: u64,
    /// Sound in the last frame, if the recording was brought to its end.
    pub(super) last_bytes: Option<usize>,
    wav_header: [u8; WAV_HEADER_BYTES],
    /// The frame that is open, and its number.
    open: Option<u64>,
    frame: Vec<u8>,
    at: u64,
}

impl SealedReader {
    /// Reads the header, and looks whether the recording was brought to its end. Works on a file
    /// that is being written, as far as it goes.
    pub fn open(path: &Path, key: &RecordingKey) -> Result<SealedReader, SealedError> {
        let mut file = File::open(path)?;
        let seal = Seal::of(header_of(&mut file)?, key)?;
        let sample_rate_hz = seal.sample_rate_hz();
        let sealed_bytes = file.metadata()?.len() - HEADER_BYTES as u64;
        let full_frames = sealed_bytes / FRAME_BYTES as u64;
        let rest = (sealed_bytes % FRAME_BYTES as u64) as usize;
        let mut reader = SealedReader {
            file,
            seal,
            full_frames,
            last_bytes: None,
            wav_header: wav_header(0, sample_rate_hz),
            open: None,
            frame: Vec::with_capacity(FRAME_BYTES),
            at: 0,
        };
        // What does not open is torn: a killed process was writing it.
        if rest >= TAG_BYTES && reader.open_frame(full_frames, rest, Place::Last).is_ok() {
            reader.last_bytes = Some(rest - TAG_BYTES);
        }
        let sound = u32::try_from(reader.sound_bytes()).map_err(|_| SealedError::NotOurs("too long"))?;
        reader.wav_header = wav_header(sound, sample_rate_hz);
        Ok(reader)
    }

    /// Bytes of the WAV file.
    pub fn wav_bytes(&self) -> u64 {
        WAV_HEADER_BYTES as u64 + self.sound_bytes()
    }

    /// Frames of sound a second, in Hz.
    pub fn sample_rate_hz(&self) -> u32 {
        self.seal.sample_rate_hz()
    }

    /// Length of the sound, in ms.
    pub fn duration_ms(&self) -> u64 {
        // Two channels of two bytes.
        self.sound_bytes() / 4 * 1_000 / u64::from(self.sample_rate_hz())
    }

    /// Whether its last frame is there. One that was cut, by a killed process or by somebody, has
    /// none.
    pub fn is_complete(&self) -> bool {
        self.last_bytes.is_some()
    }

    pub(super) fn sound_bytes(&self) -> u64 {
        self.full_frames * FRAME_SOUND_BYTES as u64 + self.last_bytes.unwrap_or(0) as u64
    }

    fn open_frame(&mut self, number: u64, bytes: usize, place: Place) -> Result<(), SealedError> {
        if self.open == Some(number) {
            return Ok(());
        }
        self.open = None;
        self.frame.resize(bytes, 0);
        self.file.seek(SeekFrom::Start(HEADER_BYTES as u64 + number * FRAME_BYTES as u64))?;
        self.file.read_exact(&mut self.frame)?;
        let sound = self.seal.open(number, place, &mut self.frame)?;
        self.frame.truncate(sound);
        self.open = Some(number);
        Ok(())
    }
}

impl Read for SealedReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let at = self.at;
        let from = if at < WAV_HEADER_BYTES as u64 {
            &self.wav_header[at as usize..]
        } else if at < self.wav_bytes() {
            let sound_at = at - WAV_HEADER_BYTES as u64;
            let number = sound_at / FRAME_SOUND_BYTES as u64;
            let (bytes, place) = match self.last_bytes {
                Some(last) if number == self.full_frames => (last + TAG_BYTES, Place::Last),
                _ => (FRAME_BYTES, Place::Inner),
            };
            self.open_frame(number, bytes, place).map_err(io::Error::other)?;
            &self.frame[(sound_at % FRAME_SOUND_BYTES as u64) as usize..]
        } else {
            return Ok(0);
        };
        let count = from.len().min(into.len());
        into[..count].copy_from_slice(&from[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for SealedReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.wav_bytes().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

pub(super) fn header_of(file: &mut File) -> Result<[u8; HEADER_BYTES], SealedError> {
    let mut header = [0; HEADER_BYTES];
    file.read_exact(&mut header).map_err(|e| match e.kind() {
        io::ErrorKind::UnexpectedEof => SealedError::NotOurs("no whole header"),
        _ => SealedError::Io(e),
    })?;
    Ok(header)
}

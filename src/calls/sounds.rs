//! The sounds that callers and agents hear, decoded once and shared by every call.
//!
//! A sound has a name and one file a language: `greeting-es.wav`, or `greeting.wav` where words
//! play no part. Those of the build are always there; a folder of the company's own adds to them,
//! or takes the place of one with the same file name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use media::Prompt;
use rust_embed::RustEmbed;
use tracing::error;
use uuid::Uuid;

use super::flow::Sound;

#[derive(RustEmbed)]
#[folder = "demo-assets"]
#[include = "*.wav"]
#[exclude = "agent-*"]
#[exclude = "customer-*"]
struct Assets;

/// Files of the company's own; they are held in memory as long as the hub runs.
const OWN_FILES_LIMIT: usize = 500;
/// Ten minutes at 16 bit and 48 kHz, more than any prompt lasts.
const OWN_FILE_BYTES_LIMIT: u64 = 64 * 1024 * 1024;

/// The languages that every prompt of the build exists in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Spanish,
    Chinese,
}

impl Language {
    const ALL: [Language; 3] = [Language::English, Language::Spanish, Language::Chinese];

    /// Reads a tag such as `es-MX` (RFC 5646); none where no prompt speaks it.
    pub fn from_tag(tag: &str) -> Option<Language> {
        let tag = tag.get(..2)?.to_ascii_lowercase();
        Language::ALL.into_iter().find(|language| language.suffix() == tag)
    }

    fn suffix(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Spanish => "es",
            Language::Chinese => "zh",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    #[error("the sound {0} is not in this build")]
    Missing(String),
    #[error("the sound {name} cannot be played: {source}")]
    Unreadable { name: String, source: media::PromptError },
    #[error("{path}: {source}")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("{path} holds more than {OWN_FILES_LIMIT} sounds")]
    TooMany { path: PathBuf },
    #[error("{path} is larger than {OWN_FILE_BYTES_LIMIT} bytes")]
    TooLarge { path: PathBuf },
}

/// The sounds that a queue asks for by name; none means the usual one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueSounds {
    pub greeting: Option<String>,
    pub music: Option<String>,
    pub overflow: Option<String>,
}

impl QueueSounds {
    /// The names are read at each call, so that a change takes effect on the next one.
    pub async fn of(db: &crm::Db, queue: Uuid) -> QueueSounds {
        match crm::queues::get(db, queue).await {
            Ok(queue) => {
                QueueSounds { greeting: queue.greeting, music: queue.music, overflow: queue.overflow }
            }
            Err(failure) => {
                error!(%failure, "sounds of the queue not read: the usual ones are played");
                QueueSounds::default()
            }
        }
    }

    fn name(&self, sound: Sound) -> Option<&str> {
        match sound {
            Sound::Greeting => self.greeting.as_deref(),
            Sound::HoldMusic => self.music.as_deref(),
            Sound::Overflow => self.overflow.as_deref(),
            Sound::Ringback | Sound::CouldNotConnect | Sound::RecordingNotice | Sound::RecordingConsent => {
                None
            }
        }
    }
}

/// All sounds, ready to be played, by file name without its ending. Cheap to clone.
#[derive(Clone)]
pub struct Sounds {
    files: Arc<BTreeMap<String, Arc<Prompt>>>,
}

impl Sounds {
    /// Decodes every sound of the build, then those of `folder`.
    ///
    /// # Errors
    /// When one is missing, or is not a WAV file that `media` can read.
    pub fn load(folder: Option<&Path>) -> Result<Sounds, SoundError> {
        let mut files = BTreeMap::new();
        for file in Assets::iter() {
            let Some(name) = file.strip_suffix(".wav") else { continue };
            if let Some(asset) = Assets::get(&file) {
                files.insert(name.to_owned(), decode(name, &asset.data)?);
            }
        }
        if let Some(folder) = folder {
            add_own(folder, &mut files)?;
        }
        let sounds = Sounds { files: Arc::new(files) };
        for sound in Sound::ALL {
            for language in Language::ALL {
                if sounds.find(usual(sound), language).is_none() {
                    return Err(SoundError::Missing(usual(sound).to_owned()));
                }
            }
        }
        Ok(sounds)
    }

    /// What this queue plays for `sound`. A name that is no longer there falls back to the usual.
    pub fn get(&self, sound: Sound, queue: &QueueSounds, language: Language) -> Arc<Prompt> {
        let own = queue.name(sound).and_then(|name| self.find(name, language));
        let found = own.or_else(|| self.find(usual(sound), language));
        found.unwrap_or_else(|| unreachable!("every usual sound was there when the hub started"))
    }

    /// The names that a queue may ask for, in order.
    pub fn names(&self) -> BTreeSet<String> {
        self.files.keys().map(|file| base(file).to_owned()).collect()
    }

    /// In this language, in none, or else in English.
    fn find(&self, name: &str, language: Language) -> Option<Arc<Prompt>> {
        let spoken = |language: Language| self.files.get(&format!("{name}-{}", language.suffix()));
        spoken(language).or_else(|| self.files.get(name)).or_else(|| spoken(Language::English)).cloned()
    }
}

fn usual(sound: Sound) -> &'static str {
    match sound {
        Sound::Greeting => "greeting",
        Sound::Overflow => "overflow",
        Sound::CouldNotConnect => "not-connected",
        Sound::HoldMusic => "hold-music",
        Sound::Ringback => "ringback",
        Sound::RecordingNotice => "recording-notice",
        Sound::RecordingConsent => "recording-consent",
    }
}

/// The name without its language.
fn base(file: &str) -> &str {
    let language = |name: &&str| Language::from_tag(name).is_some() && name.len() == 2;
    match file.rsplit_once('-') {
        Some((name, suffix)) if language(&suffix) => name,
        _ => file,
    }
}

fn add_own(folder: &Path, files: &mut BTreeMap<String, Arc<Prompt>>) -> Result<(), SoundError> {
    let broken = |source| SoundError::Folder { path: folder.to_owned(), source };
    let mut own = 0;
    for entry in std::fs::read_dir(folder).map_err(broken)? {
        let path = entry.map_err(broken)?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let (Some(name), Some("wav")) = (name, path.extension().and_then(|ending| ending.to_str())) else {
            continue;
        };
        own += 1;
        if own > OWN_FILES_LIMIT {
            return Err(SoundError::TooMany { path: folder.to_owned() });
        }
        let unreadable = |source| SoundError::Folder { path: path.clone(), source };
        if std::fs::metadata(&path).map_err(unreadable)?.len() > OWN_FILE_BYTES_LIMIT {
            return Err(SoundError::TooLarge { path });
        }
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        files.insert(name.to_owned(), decode(name, &bytes)?);
    }
    Ok(())
}

fn decode(name: &str, bytes: &[u8]) -> Result<Arc<Prompt>, SoundError> {
    let prompt =
        Prompt::from_wav(bytes).map_err(|source| SoundError::Unreadable { name: name.to_owned(), source })?;
    Ok(Arc::new(prompt))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own_folder(files: &[&str]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("centralita-sounds-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let asset = Assets::get("ringback.wav").expect("in the build");
        for file in files {
            std::fs::write(folder.join(file), &asset.data).expect("a file");
        }
        folder
    }

    #[test]
    fn a_queue_plays_its_own_sounds_and_the_usual_ones_else() {
        let folder = own_folder(&["winter-es.wav", "jazz.wav", "notes.txt"]);
        let sounds = Sounds::load(Some(&folder)).expect("sounds");
        std::fs::remove_dir_all(&folder).expect("removed");

        let names = sounds.names();
        assert!(["greeting", "hold-music", "winter", "jazz"].iter().all(|name| names.contains(*name)));
        assert!(!names.contains("notes") && !names.contains("greeting-es"));

        let queue = QueueSounds {
            greeting: Some("winter".to_owned()),
            music: Some("jazz".to_owned()),
            overflow: Some("gone".to_owned()),
        };
        let plain = QueueSounds::default();
        let same = |sound, language| {
            Arc::ptr_eq(&sounds.get(sound, &queue, language), &sounds.get(sound, &plain, language))
        };
        assert!(!same(Sound::Greeting, Language::Spanish), "its own greeting");
        assert!(same(Sound::Greeting, Language::Chinese), "not there in Chinese nor English");
        assert!(!same(Sound::HoldMusic, Language::English), "music has no language");
        assert!(same(Sound::Overflow, Language::English), "a name that is not there");
    }

    #[test]
    fn a_file_that_is_no_sound_stops_the_start_with_its_name() {
        let folder = own_folder(&[]);
        std::fs::write(folder.join("noise-en.wav"), b"not a sound").expect("a file");
        let refused = Sounds::load(Some(&folder)).err().expect("refused").to_string();
        std::fs::remove_dir_all(&folder).expect("removed");
        assert!(refused.contains("noise-en"), "{refused}");
    }
}

//! The sounds that callers and agents hear, decoded once and shared by every call.

use std::sync::Arc;

use media::Prompt;
use rust_embed::RustEmbed;

use super::flow::Sound;

#[derive(RustEmbed)]
#[folder = "demo-assets"]
#[include = "*.wav"]
#[exclude = "agent-*"]
#[exclude = "customer-*"]
struct Assets;

/// The languages that every prompt exists in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Spanish,
    Chinese,
}

impl Language {
    /// Reads a tag such as `es-MX` (RFC 5646); none where no prompt speaks it.
    pub fn from_tag(tag: &str) -> Option<Language> {
        match tag.get(..2)?.to_ascii_lowercase().as_str() {
            "en" => Some(Language::English),
            "es" => Some(Language::Spanish),
            "zh" => Some(Language::Chinese),
            _ => None,
        }
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
}

struct Spoken {
    greeting: Arc<Prompt>,
    overflow: Arc<Prompt>,
    could_not_connect: Arc<Prompt>,
}

/// All sounds, ready to be played. Cheap to clone.
#[derive(Clone)]
pub struct Sounds {
    english: Arc<Spoken>,
    spanish: Arc<Spoken>,
    chinese: Arc<Spoken>,
    hold_music: Arc<Prompt>,
    ringback: Arc<Prompt>,
}

impl Sounds {
    /// Decodes every sound of the build.
    ///
    /// # Errors
    /// When one is missing or is not a WAV file that `media` can read.
    pub fn load() -> Result<Sounds, SoundError> {
        Ok(Sounds {
            english: Arc::new(Spoken::load(Language::English)?),
            spanish: Arc::new(Spoken::load(Language::Spanish)?),
            chinese: Arc::new(Spoken::load(Language::Chinese)?),
            hold_music: prompt("hold-music")?,
            ringback: prompt("ringback")?,
        })
    }

    pub fn get(&self, sound: Sound, language: Language) -> Arc<Prompt> {
        let spoken = match language {
            Language::English => &self.english,
            Language::Spanish => &self.spanish,
            Language::Chinese => &self.chinese,
        };
        Arc::clone(match sound {
            Sound::Greeting => &spoken.greeting,
            Sound::Overflow => &spoken.overflow,
            Sound::CouldNotConnect => &spoken.could_not_connect,
            Sound::HoldMusic => &self.hold_music,
            Sound::Ringback => &self.ringback,
        })
    }
}

impl Spoken {
    fn load(language: Language) -> Result<Spoken, SoundError> {
        let suffix = language.suffix();
        Ok(Spoken {
            greeting: prompt(&format!("greeting-{suffix}"))?,
            overflow: prompt(&format!("overflow-{suffix}"))?,
            could_not_connect: prompt(&format!("not-connected-{suffix}"))?,
        })
    }
}

fn prompt(name: &str) -> Result<Arc<Prompt>, SoundError> {
    let file = Assets::get(&format!("{name}.wav")).ok_or_else(|| SoundError::Missing(name.to_owned()))?;
    let prompt = Prompt::from_wav(&file.data)
        .map_err(|source| SoundError::Unreadable { name: name.to_owned(), source })?;
    Ok(Arc::new(prompt))
}

//! The recorded speeches of the demo, part of the program.

use std::sync::{Arc, OnceLock};

use media::Prompt;

macro_rules! sound {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/demo-assets/", $name, ".wav"))
    };
}

/// What somebody in the demo says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    AgentEnglish,
    AgentSpanish,
    CustomerEnglish,
    CustomerSpanish,
    CustomerChinese,
}

impl Speech {
    pub const ALL: [Self; 5] = [
        Self::AgentEnglish,
        Self::AgentSpanish,
        Self::CustomerEnglish,
        Self::CustomerSpanish,
        Self::CustomerChinese,
    ];

    /// A customer's speech in the language of the contact (ISO 639-1); others speak English with Aurora.
    pub fn of_customer(language: &str) -> Self {
        match language {
            "es" => Self::CustomerSpanish,
            "zh" => Self::CustomerChinese,
            _ => Self::CustomerEnglish,
        }
    }

    fn wav(self) -> &'static [u8] {
        match self {
            Self::AgentEnglish => sound!("agent-en"),
            Self::AgentSpanish => sound!("agent-es"),
            Self::CustomerEnglish => sound!("customer-en"),
            Self::CustomerSpanish => sound!("customer-es"),
            Self::CustomerChinese => sound!("customer-zh"),
        }
    }

    /// Decoded at its first use, then shared.
    pub fn prompt(self) -> Arc<Prompt> {
        static PROMPTS: [OnceLock<Arc<Prompt>>; Speech::ALL.len()] =
            [const { OnceLock::new() }; Speech::ALL.len()];
        let prompt = PROMPTS[self as usize].get_or_init(|| {
            Arc::new(
                Prompt::from_wav(self.wav())
                    .expect("the speeches are embedded, and a test decodes each of them"),
            )
        });
        Arc::clone(prompt)
    }
}

#[cfg(test)]
mod tests {
    use super::Speech;

    #[test]
    fn every_embedded_speech_decodes_and_lasts() {
        for speech in Speech::ALL {
            assert!(speech.prompt().duration().as_secs() > 10, "{speech:?}");
        }
    }
}

//! ITU-T G.711 as tables: decoding, encoding and the direct way between the laws.

/// One of the two ways to put a sample into a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Law {
    Mu,
    A,
}

/// µ-law silence: the code of zero.
const PCMU_SILENCE: u8 = 0xff;
/// A-law silence: the code of the smallest positive step.
const PCMA_SILENCE: u8 = 0xd5;
/// G.711 µ-law adds this before it finds the segment (33 in 14 bits, here in 16).
const PCMU_BIAS: i32 = 0x84;
/// The largest magnitude that µ-law can carry once biased.
const PCMU_CLIP: i32 = 32_635;

static PCMU_TO_LINEAR: [i16; 256] = table_of_linear(Law::Mu);
static PCMA_TO_LINEAR: [i16; 256] = table_of_linear(Law::A);
static PCMU_TO_PCMA: [u8; 256] = table_between(Law::Mu, Law::A);
static PCMA_TO_PCMU: [u8; 256] = table_between(Law::A, Law::Mu);

impl Law {
    /// The byte that sounds like nothing.
    pub(crate) fn silence(self) -> u8 {
        match self {
            Law::Mu => PCMU_SILENCE,
            Law::A => PCMA_SILENCE,
        }
    }

    /// 256 linear samples, one a code.
    pub(crate) fn linear(self) -> &'static [i16; 256] {
        match self {
            Law::Mu => &PCMU_TO_LINEAR,
            Law::A => &PCMA_TO_LINEAR,
        }
    }

    /// One linear sample as a code.
    pub(crate) const fn encode(self, sample: i16) -> u8 {
        match self {
            Law::Mu => encode_pcmu(sample),
            Law::A => encode_pcma(sample),
        }
    }
}

/// Turns `payload` from one law into another in place; the same law leaves it untouched.
pub(crate) fn convert(payload: &mut [u8], from: Law, to: Law) {
    let table = match (from, to) {
        (Law::Mu, Law::A) => &PCMU_TO_PCMA,
        (Law::A, Law::Mu) => &PCMA_TO_PCMU,
        (Law::Mu, Law::Mu) | (Law::A, Law::A) => return,
    };
    for code in payload {
        *code = table[usize::from(*code)];
    }
}

const fn decode_pcmu(code: u8) -> i16 {
    let code = !code;
    let magnitude = ((((code & 0x0f) as i32) << 3) + PCMU_BIAS) << ((code >> 4) & 7);
    let linear = magnitude - PCMU_BIAS;
    if code & 0x80 != 0 { -linear as i16 } else { linear as i16 }
}

const fn decode_pcma(code: u8) -> i16 {
    // Even bits travel inverted.
    let code = code ^ 0x55;
    let segment = (code >> 4) & 7;
    let step = ((code & 0x0f) as i32) << 4;
    let magnitude = if segment == 0 { step + 8 } else { (step + 0x108) << (segment - 1) };
    // In A-law a set sign bit means positive.
    if code & 0x80 != 0 { magnitude as i16 } else { -magnitude as i16 }
}

const fn encode_pcmu(sample: i16) -> u8 {
    let (sign, magnitude) = if sample < 0 { (0x80, -(sample as i32)) } else { (0x00, sample as i32) };
    let magnitude = if magnitude > PCMU_CLIP { PCMU_CLIP } else { magnitude } + PCMU_BIAS;
    // Biased magnitudes lie in 0x84..=0x7fff, so their highest bit is one of 7..=14.
    let segment = (31 - magnitude.leading_zeros() as i32) - 7;
    let mantissa = (magnitude >> (segment + 3)) & 0x0f;
    !(sign | ((segment as u8) << 4) | mantissa as u8)
}

const fn encode_pcma(sample: i16) -> u8 {
    let (sign, magnitude) = if sample < 0 {
        // Ones' complement, so that -1 falls into the smallest negative step.
        (0x00, !(sample as i32))
    } else {
        (0x80, sample as i32)
    };
    let code = if magnitude < 256 {
        (magnitude >> 4) as u8
    } else {
        let segment = (31 - magnitude.leading_zeros() as i32) - 7;
        let mantissa = (magnitude >> (segment + 3)) & 0x0f;
        ((segment as u8) << 4) | mantissa as u8
    };
    (sign | code) ^ 0x55
}

const fn table_of_linear(kind: Law) -> [i16; 256] {
    let mut table = [0; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = match kind {
            Law::Mu => decode_pcmu(code as u8),
            Law::A => decode_pcma(code as u8),
        };
        code += 1;
    }
    table
}

const fn table_between(from: Law, to: Law) -> [u8; 256] {
    let linear = table_of_linear(from);
    let mut table = [0; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = to.encode(linear[code]);
        code += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes() {
        // G.711 tables 1a and 2a: extremes and the smallest steps, scaled to 16 bits.
        assert_eq!(decode_pcmu(0x80), 32_124);
        assert_eq!(decode_pcmu(0x00), -32_124);
        assert_eq!(decode_pcmu(0xff), 0);
        assert_eq!(decode_pcma(0xd5), 8);
        assert_eq!(decode_pcma(0x55), -8);
        assert_eq!(decode_pcma(0xaa), 32_256);
        assert_eq!(decode_pcma(0x2a), -32_256);
    }

    #[test]
    fn every_code_survives_its_own_law() {
        for code in 0..=255u8 {
            assert_eq!(encode_pcma(decode_pcma(code)), code);
            // µ-law has two zeros; the negative one comes back as the positive.
            let expected = if code == 0x7f { 0xff } else { code };
            assert_eq!(encode_pcmu(decode_pcmu(code)), expected);
        }
    }

    #[test]
    fn the_error_stays_within_half_a_step() {
        for sample in i16::MIN..=i16::MAX {
            for kind in [Law::Mu, Law::A] {
                let back = i32::from(kind.linear()[usize::from(kind.encode(sample))]);
                let clipped = i32::from(sample).clamp(-32_635, 32_635);
                let allowed = (clipped.abs() / 32).max(8) + 8;
                assert!((back - clipped).abs() <= allowed, "{kind:?} turned {sample} into {back}");
            }
        }
    }

    #[test]
    fn between_the_laws_and_back_keeps_the_shape() {
        let mut payload: Vec<u8> = (0..=255).collect();
        convert(&mut payload, Law::Mu, Law::A);
        for (code, converted) in payload.iter().enumerate() {
            let before = i32::from(PCMU_TO_LINEAR[code]);
            let after = i32::from(PCMA_TO_LINEAR[usize::from(*converted)]);
            assert!((before - after).abs() <= before.abs() / 16 + 16);
        }
    }

    #[test]
    fn silence_is_quiet() {
        for kind in [Law::Mu, Law::A] {
            assert!(kind.linear()[usize::from(kind.silence())].abs() <= 8);
        }
    }
}

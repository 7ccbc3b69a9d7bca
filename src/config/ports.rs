//! A range of ports written `A-B`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Both ends included; `0-0` (also written `0`) lets the system choose each port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortRange {
    pub first: u16,
    pub last: u16,
}

/// A call takes four ports: RTP and RTCP for each of two legs.
const MIN_PORTS: u16 = 4;

/// Why a text is no range of ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PortRangeError {
    #[error("expected A-B, two port numbers with a dash, or 0 for any free port")]
    Shape,
    #[error("the first port must not be above the last")]
    Order,
    #[error("port 0 is allowed only as 0, meaning any free port")]
    Zero,
    #[error("at least {MIN_PORTS} ports are needed, what one call takes")]
    TooFew,
}

impl PortRange {
    /// Any free port.
    pub const ANY: Self = Self { first: 0, last: 0 };
}

impl FromStr for PortRange {
    type Err = PortRangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let port = |text: &str| text.trim().parse::<u16>().map_err(|_| PortRangeError::Shape);
        let (first, last) = match text.split_once('-') {
            Some((first, last)) => (port(first)?, port(last)?),
            None => match port(text)? {
                0 => return Ok(Self::ANY),
                _ => return Err(PortRangeError::Shape),
            },
        };
        match (first, last) {
            (0, 0) => Ok(Self::ANY),
            (0, _) => Err(PortRangeError::Zero),
            (first, last) if first > last => Err(PortRangeError::Order),
            (first, last) if last - first + 1 < MIN_PORTS => Err(PortRangeError::TooFew),
            (first, last) => Ok(Self { first, last }),
        }
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

impl Serialize for PortRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PortRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_and_written() {
        let range: PortRange = "20000-20999".parse().expect("a range");
        assert_eq!(range, PortRange { first: 20000, last: 20999 });
        assert_eq!(range.to_string(), "20000-20999");
        assert_eq!("0".parse(), Ok(PortRange::ANY));
        assert_eq!("0-0".parse(), Ok(PortRange::ANY));
    }

    #[test]
    fn nonsense_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", PortRangeError::Shape),
            ("20000", PortRangeError::Shape),
            ("a-b", PortRangeError::Shape),
            ("1-70000", PortRangeError::Shape),
            ("20999-20000", PortRangeError::Order),
            ("0-20000", PortRangeError::Zero),
            ("20000-20002", PortRangeError::TooFew),
        ] {
            assert_eq!(text.parse::<PortRange>(), Err(reason), "{text:?}");
        }
    }
}

//! A range of addresses, as `address` or `address/prefix`.

use std::{net::IpAddr, str::FromStr};

/// Addresses that share the first `prefix` bits of `addr`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    addr: IpAddr,
    prefix_bits: u8,
}

/// The text is neither an address nor an address with a prefix length.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address or a network such as 192.0.2.0/24")]
pub struct NetworkError(String);

impl Network {
    /// The network that holds exactly one address.
    #[must_use]
    pub fn host(addr: IpAddr) -> Self {
        Self { addr, prefix_bits: width_bits(addr) }
    }

    /// Whether `addr` lies in this network. An IPv4 address that arrived on an IPv6
    /// socket (`::ffff:192.0.2.1`) counts as the IPv4 address.
    #[must_use]
    pub fn contains(&self, addr: IpAddr) -> bool {
        match (self.addr.to_canonical(), addr.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(addr)) => {
                let host_bits = 32 - u32::from(self.prefix_bits.min(32));
                let mask = u32::MAX.checked_shl(host_bits).unwrap_or(0);
                net.to_bits() & mask == addr.to_bits() & mask
            }
            (IpAddr::V6(net), IpAddr::V6(addr)) => {
                let host_bits = 128 - u32::from(self.prefix_bits.min(128));
                let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
                net.to_bits() & mask == addr.to_bits() & mask
            }
            _ => false,
        }
    }
}

fn width_bits(addr: IpAddr) -> u8 {
    if addr.is_ipv4() { 32 } else { 128 }
}

impl From<IpAddr> for Network {
    fn from(addr: IpAddr) -> Self {
        Self::host(addr)
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || NetworkError(text.to_owned());
        let (addr, prefix) = match text.split_once('/') {
            Some((addr, prefix)) => (addr, Some(prefix)),
            None => (text, None),
        };
        let addr: IpAddr = addr.trim().parse().map_err(|_| bad())?;
        let prefix_bits = match prefix {
            Some(prefix) => prefix.trim().parse().map_err(|_| bad())?,
            None => width_bits(addr),
        };
        if prefix_bits > width_bits(addr) {
            return Err(bad());
        }
        Ok(Self { addr, prefix_bits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(network: &str, addr: &str) -> bool {
        let network: Network = network.parse().expect("a network");
        network.contains(addr.parse().expect("an address"))
    }

    #[test]
    fn a_prefix_covers_its_addresses_and_no_other() {
        assert!(holds("192.0.2.0/24", "192.0.2.77"));
        assert!(!holds("192.0.2.0/24", "192.0.3.1"));
        assert!(holds("0.0.0.0/0", "203.0.113.9"));
        assert!(holds("2001:db8::/32", "2001:db8:1::5"));
        assert!(!holds("2001:db8::/32", "2001:db9::5"));
        assert!(holds("192.0.2.1", "::ffff:192.0.2.1"));
        assert!(!holds("192.0.2.1", "2001:db8::1"));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "a", "192.0.2.0/33", "192.0.2.0/", "::1/129", "192.0.2"] {
            assert!(text.parse::<Network>().is_err(), "{text:?}");
        }
    }
}

//! How the sound of a leg has to be encrypted: what we offer, and what we take.

use crm::words::MediaSecurity;
use media::sdp::Security;
use sip::Transport;

/// What holds for the sound of one leg, for as long as the leg lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// A carrier's: plain towards it, and from it whatever it offers.
    Carrier,
    /// A phone of ours, reached in this way.
    Phone { wanted: MediaSecurity, transport: Transport },
}

/// Why a leg has no sound that both sides may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmet {
    #[error("this phone's sound has to be encrypted")]
    NotEncrypted,
    #[error("this phone's sound has to be encrypted in another way")]
    OtherKind,
    #[error("this phone's sound is not to be encrypted")]
    Encrypted,
    /// RFC 4568 section 7: the description with its keys has to be protected itself.
    #[error("keys for sound may travel by encrypted signalling alone")]
    KeysInTheOpen,
}

impl Demand {
    /// What is offered to it.
    ///
    /// # Errors
    /// `KeysInTheOpen`: SDES is demanded, and signalling is not encrypted.
    pub fn offers(self) -> Result<Security, Unmet> {
        let Demand::Phone { wanted, transport } = self else { return Ok(Security::Plain) };
        if transport.is_websocket() {
            return Ok(Security::Browser);
        }
        match wanted {
            MediaSecurity::None => Ok(Security::Plain),
            MediaSecurity::Dtls => Ok(Security::Dtls),
            MediaSecurity::Sdes if transport != Transport::Tls => Err(Unmet::KeysInTheOpen),
            MediaSecurity::Sdes => Ok(Security::Sdes),
            // A phone that knows no keys still talks.
            MediaSecurity::Optional if transport == Transport::Tls => Ok(Security::SdesOptional),
            MediaSecurity::Optional => Ok(Security::Plain),
        }
    }

    /// What becomes of what it offers.
    ///
    /// # Errors
    /// The offer is to be refused, and why.
    pub fn takes(self, offered: Security) -> Result<Security, Unmet> {
        let Demand::Phone { wanted, transport } = self else { return Ok(offered) };
        if transport.is_websocket() {
            // By WebRTC or not at all (RFC 8827 section 6.5); nothing else can be negotiated there.
            let is_encrypted = matches!(offered, Security::Browser | Security::Dtls);
            return if is_encrypted { Ok(offered) } else { Err(Unmet::NotEncrypted) };
        }
        let is_private = transport == Transport::Tls;
        match (wanted, offered) {
            (MediaSecurity::None | MediaSecurity::Optional, Security::Plain) => Ok(Security::Plain),
            (_, Security::Plain) => Err(Unmet::NotEncrypted),
            // Its keys are not answered: both talk plainly.
            (MediaSecurity::None, Security::SdesOptional) => Ok(Security::Plain),
            (MediaSecurity::Optional, Security::SdesOptional) if !is_private => Ok(Security::Plain),
            (MediaSecurity::None, _) => Err(Unmet::Encrypted),
            (MediaSecurity::Optional | MediaSecurity::Sdes, Security::Sdes | Security::SdesOptional) => {
                if is_private {
                    Ok(offered)
                } else {
                    Err(Unmet::KeysInTheOpen)
                }
            }
            (MediaSecurity::Optional | MediaSecurity::Dtls, Security::Dtls | Security::Browser) => {
                Ok(offered)
            }
            (MediaSecurity::Sdes, Security::Dtls | Security::Browser)
            | (MediaSecurity::Dtls, Security::Sdes | Security::SdesOptional) => Err(Unmet::OtherKind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSPORTS: [Transport; 3] = [Transport::Udp, Transport::Tcp, Transport::Tls];
    const OFFERS: [Security; 5] =
        [Security::Plain, Security::SdesOptional, Security::Sdes, Security::Dtls, Security::Browser];

    fn phone(wanted: MediaSecurity, transport: Transport) -> Demand {
        Demand::Phone { wanted, transport }
    }

    #[test]
    fn keys_in_a_description_need_encrypted_signalling() {
        for transport in [Transport::Udp, Transport::Tcp] {
            for wanted in MediaSecurity::ALL {
                let demand = phone(*wanted, transport);
                assert!(
                    !matches!(demand.offers(), Ok(Security::Sdes | Security::SdesOptional)),
                    "{demand:?}"
                );
                for offered in OFFERS {
                    let taken = demand.takes(offered);
                    assert!(!matches!(taken, Ok(Security::Sdes | Security::SdesOptional)), "{demand:?}");
                }
            }
            assert_eq!(phone(MediaSecurity::Sdes, transport).offers(), Err(Unmet::KeysInTheOpen));
        }
        assert_eq!(phone(MediaSecurity::Sdes, Transport::Tls).offers(), Ok(Security::Sdes));
        assert_eq!(phone(MediaSecurity::Optional, Transport::Tls).offers(), Ok(Security::SdesOptional));
    }

    #[test]
    fn what_is_required_is_never_plain() {
        for transport in TRANSPORTS {
            for wanted in [MediaSecurity::Sdes, MediaSecurity::Dtls] {
                let demand = phone(wanted, transport);
                assert_ne!(demand.offers(), Ok(Security::Plain));
                assert_eq!(demand.takes(Security::Plain), Err(Unmet::NotEncrypted));
                for offered in OFFERS {
                    assert_ne!(demand.takes(offered), Ok(Security::Plain), "{demand:?} {offered:?}");
                }
            }
            assert_eq!(phone(MediaSecurity::Dtls, transport).offers(), Ok(Security::Dtls));
            assert_eq!(phone(MediaSecurity::Dtls, transport).takes(Security::Dtls), Ok(Security::Dtls));
        }
        assert_eq!(
            phone(MediaSecurity::Sdes, Transport::Tls).takes(Security::SdesOptional),
            Ok(Security::SdesOptional)
        );
        assert_eq!(phone(MediaSecurity::Sdes, Transport::Tls).takes(Security::Dtls), Err(Unmet::OtherKind));
    }

    #[test]
    fn what_is_optional_takes_any_offer_that_is_safe() {
        let tls = phone(MediaSecurity::Optional, Transport::Tls);
        for offered in OFFERS {
            assert_eq!(tls.takes(offered), Ok(offered));
        }
        assert_eq!(
            phone(MediaSecurity::Optional, Transport::Udp).takes(Security::SdesOptional),
            Ok(Security::Plain)
        );
        for transport in TRANSPORTS {
            assert_eq!(phone(MediaSecurity::None, transport).offers(), Ok(Security::Plain));
            assert_eq!(phone(MediaSecurity::None, transport).takes(Security::Sdes), Err(Unmet::Encrypted));
        }
    }

    #[test]
    fn a_browser_speaks_webrtc_whatever_is_wanted() {
        for wanted in MediaSecurity::ALL {
            let demand = phone(*wanted, Transport::Wss);
            assert_eq!(demand.offers(), Ok(Security::Browser));
            assert_eq!(demand.takes(Security::Browser), Ok(Security::Browser));
            assert_eq!(demand.takes(Security::Plain), Err(Unmet::NotEncrypted));
        }
    }
}

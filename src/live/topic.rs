//! The topics, their names on the wire, and the right that each asks for. Pure.

use std::fmt;

use crm::rights::Right;
use uuid::Uuid;

/// A topic as the hub keeps it: whose, or about whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The agent's own screen. On the wire only `agent`: one never sees another's.
    Agent(Uuid),
    /// Colleagues, and what is parked.
    Team,
    Wall,
    Calls,
    Contact(Uuid),
}

impl Topic {
    /// Reads a topic's name as `user` means it.
    pub fn parse(name: &str, user: Uuid) -> Option<Self> {
        match name {
            "agent" => Some(Self::Agent(user)),
            "team" => Some(Self::Team),
            "wall" => Some(Self::Wall),
            "calls" => Some(Self::Calls),
            _ => {
                let id = name.strip_prefix("contact:")?;
                Uuid::try_parse(id).ok().map(Self::Contact)
            }
        }
    }

    /// The right without which nobody subscribes, nor is sent an event.
    pub fn right(self) -> Right {
        match self {
            Self::Agent(_) | Self::Team => Right::HandleCalls,
            Self::Wall => Right::ViewWall,
            Self::Calls => Right::ViewOwnCalls,
            Self::Contact(_) => Right::ViewContacts,
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agent(_) => f.write_str("agent"),
            Self::Team => f.write_str("team"),
            Self::Wall => f.write_str("wall"),
            Self::Calls => f.write_str("calls"),
            Self::Contact(id) => write!(f, "contact:{id}"),
        }
    }
}

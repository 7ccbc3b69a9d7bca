//! Aurora's own people and their telephones in the database.

use crm::words::{DeviceKind, MediaSecurity, Role};
use crm::{Db, Keys, Lane};
use uuid::Uuid;

use super::house::{DOMAIN, PASSWORD, Person, STAFF};

/// Random bytes in a phone's secret: nobody guesses 128 bits.
const SECRET_BYTES: usize = 16;

/// A telephone of an agent, with its secret in plain text.
#[derive(Clone)]
pub struct DemoDevice {
    pub id: Uuid,
    pub user_id: Uuid,
    /// The user's login.
    pub email: String,
    pub kind: DeviceKind,
    /// SIP user and digest user name; the realm is [`DOMAIN`].
    pub username: String,
    pub secret: String,
}

impl std::fmt::Debug for DemoDevice {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DemoDevice")
            .field("username", &self.username)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Creates every login and, for agents, a demo phone and a desk phone. For an empty database.
pub async fn create(db: &Db, keys: &Keys) -> Result<(), crm::Error> {
    // One hash for all: they have the same password anyway, and hashing is slow on purpose.
    let password_hash = crm::password::hash(PASSWORD).await?;
    let keys = keys.clone();
    db.write(Lane::Bulk, move |tx| {
        Box::pin(async move {
            for person in STAFF {
                let new = crm::users::NewUser {
                    email: person.email(),
                    display_name: person.display_name.to_owned(),
                    password_hash: password_hash.clone(),
                    role: person.role,
                    // The browser's language, until somebody chooses.
                    locale: None,
                };
                let user = crm::users::create(tx, &new).await?;
                if person.role == Role::Agent {
                    for (kind, username) in phones_of(person) {
                        crm::devices::create(tx, &keys, &new_device(user.id, kind, username)).await?;
                    }
                }
            }
            Ok(())
        })
    })
    .await
}

/// Gives every demo device that still exists a new secret, and answers them all.
pub async fn renew_secrets(db: &Db, keys: &Keys) -> Result<Vec<DemoDevice>, crm::Error> {
    let users = crm::users::list(db).await?;
    let mut renewed = Vec::new();
    for device in crm::devices::list(db).await? {
        if owner_of(&device.username).is_none() {
            continue;
        }
        // An agent who was deactivated or renamed by hand keeps what was made of it.
        let Some(user) = users.iter().find(|user| user.id == device.user_id && user.active) else {
            continue;
        };
        renewed.push(DemoDevice {
            id: device.id,
            user_id: device.user_id,
            email: user.email.clone(),
            kind: device.kind,
            username: device.username,
            secret: random_secret(),
        });
    }
    let (keys, devices) = (keys.clone(), renewed.clone());
    db.write(Lane::Bulk, move |tx| {
        Box::pin(async move {
            for device in &devices {
                crm::devices::replace_secret(tx, &keys, &device.username, &device.secret, DOMAIN).await?;
            }
            Ok(())
        })
    })
    .await?;
    Ok(renewed)
}

/// The agent of the house to whom a device of this name was given.
pub fn owner_of(username: &str) -> Option<&'static Person> {
    STAFF.iter().find(|person| phones_of(person).iter().any(|(_, name)| name == username))
}

fn phones_of(person: &Person) -> [(DeviceKind, String); 2] {
    [(DeviceKind::Demo, person.demo_phone()), (DeviceKind::Desk, person.desk_phone())]
}

fn new_device(user_id: Uuid, kind: DeviceKind, username: String) -> crm::devices::NewDevice {
    let label = match kind {
        DeviceKind::Demo => "Demo phone",
        DeviceKind::Desk => "Desk phone",
        DeviceKind::Browser => "Browser",
    };
    crm::devices::NewDevice {
        user_id,
        username,
        password: random_secret(),
        realm: DOMAIN.to_owned(),
        kind,
        label: label.to_owned(),
        media_security: MediaSecurity::Optional,
    }
}

fn random_secret() -> String {
    rand::random::<[u8; SECRET_BYTES]>().iter().map(|byte| format!("{byte:02x}")).collect()
}

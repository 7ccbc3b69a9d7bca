//! Aurora in the database: written once, its phones' secrets renewed at each start.

use std::sync::Arc;

use crm::words::DeviceKind;
use crm::{Db, Keys};

use super::book::Book;
use super::house::{PASSWORD, STAFF};
pub use super::people::DemoDevice;
use super::{history, people, switchboard};
use crate::demo::assets::Speech;
use crate::demo::phones::PhoneAccount;
use crate::views::DemoLogin;

/// What the rest of the program needs to know of Aurora.
#[derive(Clone, Debug)]
pub struct Seeded {
    pub book: Arc<Book>,
    pub logins: Vec<DemoLogin>,
    pub devices: Vec<DemoDevice>,
}

impl Seeded {
    /// The phones that live inside the hub.
    pub(in crate::demo) fn demo_phones(&self) -> Vec<PhoneAccount> {
        let inside = self.devices.iter().filter(|device| device.kind == DeviceKind::Demo);
        inside
            .map(|device| {
                let speaks = people::owner_of(&device.username).map_or("en", |person| person.speaks);
                PhoneAccount {
                    user_id: device.user_id,
                    username: device.username.clone(),
                    secret: device.secret.clone(),
                    speech: if speaks == "es" { Speech::AgentSpanish } else { Speech::AgentEnglish },
                }
            })
            .collect()
    }
}

/// Writes what is missing of Aurora. Each of the three parts is one transaction and is written when the
/// database has none of it, so that a start that was killed half-way is finished by the next. What users
/// changed since stays. The devices get new secrets every time: their plain text is kept nowhere.
pub async fn seed(db: &Db, keys: &Keys) -> Result<Seeded, crm::Error> {
    let book = Arc::new(Book::of_aurora());
    if crm::users::list(db).await?.is_empty() {
        people::create(db, keys).await?;
    }
    if crm::queues::list(db).await?.is_empty() {
        switchboard::create(db).await?;
    }
    if crm::contacts::count(db).await? == 0 {
        history::create(db, &book).await?;
    }
    Ok(Seeded { book, logins: logins(), devices: people::renew_secrets(db, keys).await? })
}

fn logins() -> Vec<DemoLogin> {
    STAFF
        .iter()
        .map(|person| DemoLogin {
            email: person.email(),
            password: PASSWORD.to_owned(),
            role: person.role.to_string(),
            display_name: person.display_name.to_owned(),
        })
        .collect()
}

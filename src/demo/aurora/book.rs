//! Aurora's phone book: companies and contacts, made from a seed, without a database.

use std::collections::HashSet;

use crm::words::PhoneKind;

use super::super::chance::Chance;
use super::companies::{FIRMS, Firm};
use super::names::{Country, SHARES};
use super::numbers::{BUSY_SUFFIX, NO_ANSWER_SUFFIX, Numbers};

/// Any other seed would do; changing it changes everybody's name.
const BOOK_SEED: u64 = 0x0A12_0BA1;

/// Contacts that nobody knows by number, for test calls from a stranger.
const STRANGERS: usize = 12;
/// Companies at which some colleagues are known only by the company's own number.
const SHARED_SWITCHBOARDS: usize = 6;
/// Out of a hundred contacts, how many belong to a company.
const EMPLOYED_PCT: usize = 86;
/// Out of a hundred contacts, how many have a second number.
const SECOND_NUMBER_PCT: usize = 30;

#[derive(Clone, Debug)]
pub struct Company {
    pub firm: Firm,
    pub phone: String,
}

#[derive(Clone, Debug)]
pub struct Contact {
    pub first_name: String,
    pub last_name: String,
    pub country: Country,
    /// ISO 639-1.
    pub language: &'static str,
    /// Index into [`Book::companies`].
    pub company: Option<usize>,
    pub job_title: Option<&'static str>,
    /// E.164, the main one first; at least one.
    pub phones: Vec<(String, PhoneKind)>,
    pub email: String,
}

impl Contact {
    pub fn name(&self) -> String {
        match self.language {
            // Chinese names are written without a space, family first.
            "zh" => format!("{}{}", self.last_name, self.first_name),
            _ => format!("{} {}", self.first_name, self.last_name),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Book {
    pub companies: Vec<Company>,
    pub contacts: Vec<Contact>,
    /// E.164 numbers that belong to nobody in the book.
    pub strangers: Vec<String>,
}

impl Book {
    /// The same book at every call.
    pub fn of_aurora() -> Self {
        let mut writer =
            Writer { chance: Chance::new(BOOK_SEED), numbers: Numbers::default(), used: HashSet::new() };
        let companies: Vec<Company> = FIRMS
            .iter()
            .map(|firm| Company {
                firm: *firm,
                phone: writer.numbers.fresh(firm.country, &mut writer.chance),
            })
            .collect();
        let mut contacts: Vec<Contact> = Vec::new();
        for &(country, count) in SHARES {
            for _ in 0..count {
                contacts.push(writer.contact(country, &companies));
            }
        }
        share_switchboards(&companies, &mut contacts);
        share_a_home(&mut contacts);
        writer.special_endings(&companies, &mut contacts);
        let strangers = (0..STRANGERS)
            .map(|at| {
                let country = [Country::Spain, Country::Britain, Country::China][at % 3];
                writer.numbers.fresh(country, &mut writer.chance)
            })
            .collect();
        Self { companies, contacts, strangers }
    }

    /// Everybody who has this number.
    pub fn by_number(&self, e164: &str) -> impl Iterator<Item = &Contact> {
        self.contacts.iter().filter(move |contact| contact.phones.iter().any(|(number, _)| number == e164))
    }
}

struct Writer {
    chance: Chance,
    numbers: Numbers,
    /// Mail addresses, so that no two contacts are the same person.
    used: HashSet<String>,
}

impl Writer {
    fn contact(&mut self, country: Country, companies: &[Company]) -> Contact {
        let company = self.employer(country, companies);
        let (first, last, email) = self.name(country, company.map(|at| companies[at].firm.domain));
        let job_title = company.map(|_| *self.chance.pick(job_titles(country.language())));
        let main_kind = if company.is_some() { PhoneKind::Work } else { PhoneKind::Mobile };
        let mut phones = vec![(self.numbers.fresh(country, &mut self.chance), main_kind)];
        if self.chance.percent(SECOND_NUMBER_PCT) {
            let kind = if company.is_some() { PhoneKind::Mobile } else { PhoneKind::Home };
            phones.push((self.numbers.fresh(country, &mut self.chance), kind));
        }
        Contact {
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            country,
            language: country.language(),
            company,
            job_title,
            phones,
            email,
        }
    }

    fn employer(&mut self, country: Country, companies: &[Company]) -> Option<usize> {
        if !self.chance.percent(EMPLOYED_PCT) {
            return None;
        }
        let near: Vec<usize> =
            (0..companies.len()).filter(|at| companies[*at].firm.country == country).collect();
        if near.is_empty() { None } else { Some(*self.chance.pick(&near)) }
    }

    fn name(&mut self, country: Country, domain: Option<&str>) -> (&'static str, &'static str, String) {
        let (firsts, lasts) = country.names();
        // Private people have their mail at a provider.
        let domain = domain.unwrap_or("buzon.example");
        let (mut first, mut last) = (self.chance.pick(firsts), self.chance.pick(lasts));
        let mut email = format!("{}.{}@{domain}", first.1, last.1);
        let mut namesakes = 1;
        while !self.used.insert(email.clone()) {
            (first, last) = (self.chance.pick(firsts), self.chance.pick(lasts));
            namesakes += 1;
            // The lists are short for some countries: namesakes get a number, as providers do it.
            email = if namesakes > 8 {
                format!("{}.{}{namesakes}@{domain}", first.1, last.1)
            } else {
                format!("{}.{}@{domain}", first.1, last.1)
            };
        }
        (first.0, last.0, email)
    }

    /// In Spain and in Britain, one contact whose number is busy and one whose number nobody answers,
    /// to be tried by click-to-dial.
    fn special_endings(&mut self, companies: &[Company], contacts: &mut [Contact]) {
        for country in [Country::Spain, Country::Britain] {
            // Not a shared number: those stay what their companies and homes have.
            let own_line = contacts.iter_mut().filter(|contact| {
                let employer = contact.company.map(|at| companies[at].phone.as_str());
                contact.country == country
                    && employer.is_some()
                    && employer != Some(contact.phones[0].0.as_str())
            });
            for (contact, suffix) in own_line.zip([BUSY_SUFFIX, NO_ANSWER_SUFFIX]) {
                contact.phones[0].0 = self.numbers.ending_in(country, suffix, &mut self.chance);
            }
        }
    }
}

/// At the first companies with several contacts, the second and third have no number of their own:
/// their main number is the company's, so a call from it is a *maybe*.
fn share_switchboards(companies: &[Company], contacts: &mut [Contact]) {
    let mut shared = 0;
    for (at, company) in companies.iter().enumerate() {
        let staff: Vec<usize> =
            (0..contacts.len()).filter(|one| contacts[*one].company == Some(at)).collect();
        if staff.len() < 3 || shared == SHARED_SWITCHBOARDS {
            continue;
        }
        shared += 1;
        for one in &staff[1..3] {
            contacts[*one].phones[0] = (company.phone.clone(), PhoneKind::Work);
        }
    }
}

/// Two private people in one household.
fn share_a_home(contacts: &mut [Contact]) {
    let mut at_home = (0..contacts.len()).filter(|one| contacts[*one].company.is_none());
    if let (Some(one), Some(other)) = (at_home.next(), at_home.next())
        && contacts[one].country == contacts[other].country
    {
        let number = contacts[one].phones[0].0.clone();
        contacts[other].phones[0] = (number, PhoneKind::Home);
    }
}

fn job_titles(language: &str) -> &'static [&'static str] {
    match language {
        "es" => &[
            "Gerente",
            "Compras",
            "Administración",
            "Responsable de mantenimiento",
            "Recepción",
            "Informática",
            "Propietaria",
        ],
        "zh" => &["经理", "采购主管", "行政", "财务", "技术员"],
        "fr" => &["Gérant", "Achats", "Comptabilité", "Accueil"],
        "de" => &["Geschäftsführung", "Einkauf", "Buchhaltung", "Haustechnik"],
        _ => &["Office manager", "Purchasing", "Accounts", "Facilities", "Front desk", "IT", "Owner"],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn the_book_has_the_promised_size_and_is_the_same_every_time() {
        let (book, again) = (Book::of_aurora(), Book::of_aurora());
        assert_eq!((book.companies.len(), book.contacts.len()), (40, 200));
        assert_eq!(format!("{book:?}"), format!("{again:?}"));
    }

    #[test]
    fn every_number_is_e164_that_the_phone_library_takes() {
        let book = Book::of_aurora();
        let people = book.contacts.iter().flat_map(|contact| contact.phones.iter().map(|(number, _)| number));
        let companies = book.companies.iter().map(|company| &company.phone);
        let mut refused: Vec<&String> = Vec::new();
        for number in people.chain(companies).chain(&book.strangers) {
            let known = phonenumber::parse(None, number).is_ok_and(|parsed| parsed.is_valid());
            let kept = crm::phone::normalise(number, crm::phone::Region::SPAIN).map(|e164| e164.number);
            if !known || kept != Ok(number.clone()) {
                refused.push(number);
            }
        }
        assert_eq!(refused, Vec::<&String>::new());
    }

    #[test]
    fn some_numbers_are_shared_and_strangers_are_nobody_s() {
        let book = Book::of_aurora();
        let mut owners: HashMap<&str, usize> = HashMap::new();
        for (number, _) in book.contacts.iter().flat_map(|contact| &contact.phones) {
            *owners.entry(number).or_default() += 1;
        }
        assert!(owners.values().filter(|count| **count > 1).count() >= SHARED_SWITCHBOARDS);
        assert!(book.strangers.iter().all(|number| book.by_number(number).next().is_none()));
    }

    #[test]
    fn busy_and_silent_numbers_are_only_the_four_on_purpose() {
        let book = Book::of_aurora();
        let endings = |suffix: &str| {
            book.contacts
                .iter()
                .flat_map(|contact| &contact.phones)
                .filter(|(number, _)| number.ends_with(suffix))
                .count()
        };
        assert_eq!((endings(BUSY_SUFFIX), endings(NO_ANSWER_SUFFIX)), (2, 2));
    }

    #[test]
    fn mail_addresses_are_unique_ascii_under_example() {
        let book = Book::of_aurora();
        let unique: HashSet<&String> = book.contacts.iter().map(|contact| &contact.email).collect();
        assert_eq!(unique.len(), book.contacts.len());
        assert!(unique.iter().all(|email| email.is_ascii() && email.ends_with(".example")));
    }
}

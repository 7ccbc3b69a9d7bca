//! Who may call in a test call.

use super::aurora::Book;
use super::chance::Chance;
use crate::views::TestCallScenario;

/// One who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// E.164.
    pub number: String,
    /// Whom the hub should find; none when it cannot know.
    pub name: Option<String>,
    /// ISO 639-1.
    pub language: &'static str,
}

/// All who may call, by what the hub should find.
#[derive(Clone, Debug)]
pub struct Callers {
    known: Vec<Caller>,
    maybe: Vec<Caller>,
    unknown: Vec<Caller>,
}

impl Callers {
    pub fn of(book: &Book) -> Self {
        let mut callers = Self { known: Vec::new(), maybe: Vec::new(), unknown: Vec::new() };
        for contact in &book.contacts {
            let number = &contact.phones[0].0;
            let owners = book.by_number(number).count();
            let caller = |name| Caller { number: number.clone(), name, language: contact.language };
            match owners {
                1 => callers.known.push(caller(Some(contact.name()))),
                _ => callers.maybe.push(caller(None)),
            }
        }
        for (at, number) in book.strangers.iter().enumerate() {
            let language = ["es", "en", "zh"][at % 3];
            callers.unknown.push(Caller { number: number.clone(), name: None, language });
        }
        callers
    }

    pub fn choose(&self, scenario: TestCallScenario, chance: &mut Chance) -> Caller {
        let from = match scenario {
            TestCallScenario::Known => &self.known,
            TestCallScenario::Maybe => &self.maybe,
            TestCallScenario::Unknown => &self.unknown,
        };
        chance.pick(from).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scenario_gives_a_number_that_the_book_knows_so_often() {
        let book = Book::of_aurora();
        let callers = Callers::of(&book);
        let mut chance = Chance::new(3);
        for _ in 0..200 {
            let known = callers.choose(TestCallScenario::Known, &mut chance);
            assert_eq!(book.by_number(&known.number).count(), 1);
            assert!(known.name.is_some());
            let maybe = callers.choose(TestCallScenario::Maybe, &mut chance);
            assert!(book.by_number(&maybe.number).count() > 1);
            let unknown = callers.choose(TestCallScenario::Unknown, &mut chance);
            assert_eq!((book.by_number(&unknown.number).count(), unknown.name), (0, None));
        }
    }
}

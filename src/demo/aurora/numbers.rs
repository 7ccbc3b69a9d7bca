//! Telephone numbers for invented people.
//!
//! Ranges that a regulator keeps for fiction are used where there are any: Ofcom (GB), NANPA 555-01xx
//! (US, CA), ARCEP (FR), Bundesnetzagentur (DE), ACMA (AU). Elsewhere the numbers are plausible and round.
//! Nothing of the demo leaves the machine, so none of them is ever dialled.

use super::super::chance::Chance;
use super::names::Country;

/// The in-hub customer answers numbers with this ending with 486 Busy Here.
pub const BUSY_SUFFIX: &str = "86";
/// The in-hub customer lets numbers with this ending ring until the caller gives up.
pub const NO_ANSWER_SUFFIX: &str = "80";

/// What stands before the last digits, and how many digits follow.
struct Range {
    prefix: &'static str,
    digits: usize,
}

const fn range(prefix: &'static str, digits: usize) -> Range {
    Range { prefix, digits }
}

fn ranges(country: Country) -> &'static [Range] {
    match country {
        Country::Spain => {
            const { &[range("+3491000", 4), range("+3493000", 4), range("+3495000", 4), range("+3460000", 4)] }
        }
        Country::Britain => {
            const {
                &[
                    range("+442079460", 3),
                    range("+441614960", 3),
                    range("+441314960", 3),
                    range("+441174960", 3),
                ]
            }
        }
        Country::UnitedStates => {
            const {
                &[
                    range("+121255501", 2),
                    range("+141555501", 2),
                    range("+131255501", 2),
                    range("+161755501", 2),
                ]
            }
        }
        Country::Canada => const { &[range("+141655501", 2), range("+160455501", 2)] },
        Country::Mexico => const { &[range("+525555501", 3), range("+523335501", 3)] },
        Country::Argentina => const { &[range("+541155501", 3)] },
        Country::Colombia => const { &[range("+5760155501", 2)] },
        Country::France => const { &[range("+3319900", 4), range("+3346571", 4)] },
        Country::Germany => const { &[range("+493023125", 3), range("+498999998", 3)] },
        Country::China => const { &[range("+86105555", 4), range("+86215555", 4), range("+867555555", 4)] },
        Country::Taiwan => const { &[range("+88625555", 4)] },
        Country::Singapore => const { &[range("+65655501", 2)] },
        Country::Australia => const { &[range("+61255501", 3)] },
    }
}

/// Numbers that nobody has yet and that behave normally when called.
#[derive(Debug, Default)]
pub struct Numbers {
    given: std::collections::HashSet<String>,
}

impl Numbers {
    /// A fresh E.164 number of the country, in none of the special endings.
    pub fn fresh(&mut self, country: Country, chance: &mut Chance) -> String {
        loop {
            let number = draw(country, chance);
            if !is_special(&number) && self.given.insert(number.clone()) {
                return number;
            }
        }
    }

    /// A fresh number with one of the special endings.
    pub fn ending_in(&mut self, country: Country, suffix: &str, chance: &mut Chance) -> String {
        loop {
            let mut number = draw(country, chance);
            number.truncate(number.len() - suffix.len());
            number.push_str(suffix);
            if self.given.insert(number.clone()) {
                return number;
            }
        }
    }
}

fn draw(country: Country, chance: &mut Chance) -> String {
    let range = chance.pick(ranges(country));
    let mut number = range.prefix.to_owned();
    for _ in 0..range.digits {
        number.push(char::from(*chance.pick(b"0123456789")));
    }
    number
}

fn is_special(number: &str) -> bool {
    // The hub's own inbound numbers stand in the Spanish range as well.
    number.ends_with(BUSY_SUFFIX) || number.ends_with(NO_ANSWER_SUFFIX) || number.starts_with("+349100001")
}

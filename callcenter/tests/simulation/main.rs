//! The engine in virtual time: 10,000 random arrivals a seed, with hang-ups, misses, logouts,
//! unreachable phones, colleagues who pick up, late ticks and answers that cross withdrawals. A judge
//! who knows only what went in and came out checks every step, and so does the engine itself.
//!
//! `SIM_SEEDS=500` runs that many seeds; `SIM_SEED=42` repeats one.

mod judge;
mod tally;
mod world;

use tally::Tally;
use world::World;

const ARRIVALS: u64 = 10_000;
const DEFAULT_SEEDS: u64 = 4;

fn number_from_env(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

#[test]
fn simulation_of_ten_thousand_arrivals_keeps_every_rule() {
    let seeds = match number_from_env("SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number_from_env("SIM_SEEDS").unwrap_or(DEFAULT_SEEDS),
    };
    for seed in seeds {
        println!("seed {seed} (repeat with SIM_SEED={seed})");
        let tally = World::new(seed).run(ARRIVALS);
        println!("  {tally:?}");
        tally.assert_everything_happened(seed, ARRIVALS);
    }
}

#[test]
fn simulation_of_one_seed_twice_is_the_same_simulation() {
    let run = || -> Tally { World::new(7).run(500) };
    assert_eq!(run(), run());
}

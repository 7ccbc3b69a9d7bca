//! Who hears whom in a call, and by which way: packets passed on as they come, or sound decoded,
//! mixed and encoded at each turn.

use super::LEGS_LIMIT;
use crate::codec::{CodecKind, SampleRate};

/// A set of legs, by their places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LegSet(u32);

/// Every leg has its bit.
const _: () = assert!(LEGS_LIMIT <= 32);

impl LegSet {
    pub(super) fn insert(&mut self, place: usize) {
        self.0 |= 1 << place;
    }

    pub(super) fn remove(&mut self, place: usize) {
        self.0 &= !(1 << place);
    }

    pub(super) fn contains(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn bits(self) -> u32 {
        self.0
    }

    pub(super) fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        (0..LEGS_LIMIT).filter(move |place| self.contains(*place))
    }

    /// Its only member.
    fn only(self) -> Option<usize> {
        (self.len() == 1).then_some(self.0.trailing_zeros() as usize)
    }
}

/// The matrix: whom each leg hears.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Routes {
    hears: [LegSet; LEGS_LIMIT],
}

/// How one leg comes by what it hears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Feed {
    #[default]
    Nothing,
    /// The packets of one other leg.
    Relayed,
    /// At each turn, at the rate that its codec is fed with.
    Mixed { speakers: LegSet, rate: SampleRate },
}

/// What a connected leg speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spoken {
    pub kind: CodecKind,
    /// Whether comfort noise packets were agreed.
    pub comfort_noise: bool,
}

impl Spoken {
    /// Whether packets of this one can be sent to `other` as they come. To one that takes no
    /// comfort noise it must be made.
    fn passes_to(self, other: Spoken) -> bool {
        self.kind.passes_as(other.kind) && (other.comfort_noise || !self.comfort_noise)
    }
}

/// What follows from the routes for one leg.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub feed: Feed,
    /// The leg that hears this one's packets.
    pub relays_to: Option<usize>,
    /// The rates at which others want to hear this one decoded.
    pub narrow: bool,
    pub wide: bool,
}

impl Plan {
    /// Whether anybody wants this leg's sound.
    pub(super) fn is_decoded(self) -> bool {
        self.narrow || self.wide
    }
}

impl Routes {
    /// Nobody hears anybody.
    pub(super) fn clear(&mut self) {
        *self = Routes::default();
    }

    /// A leg bridged to itself would hear its own echo for ever: that is left out.
    pub(super) fn connect(&mut self, from: usize, to: usize) {
        if from != to {
            self.hears[to].insert(from);
        }
    }

    pub(super) fn remove(&mut self, place: usize) {
        self.hears[place] = LegSet::default();
        for heard in &mut self.hears {
            heard.remove(place);
        }
    }

    /// The plan for legs that speak like this; none for a place without a connected leg.
    pub(super) fn plan(&self, spoken: &[Option<Spoken>; LEGS_LIMIT]) -> [Plan; LEGS_LIMIT] {
        let mut plans = [Plan::default(); LEGS_LIMIT];
        for to in 0..LEGS_LIMIT {
            let Some(hearer) = spoken[to] else {
                continue;
            };
            let mut speakers = self.hears[to];
            (0..LEGS_LIMIT).filter(|place| spoken[*place].is_none()).for_each(|place| speakers.remove(place));
            let alike = |from: &usize| spoken[*from].is_some_and(|speaker| speaker.passes_to(hearer));
            if let Some(from) = speakers.only().filter(alike)
                && plans[from].relays_to.is_none()
            {
                plans[from].relays_to = Some(to);
                plans[to].feed = Feed::Relayed;
            } else if !speakers.is_empty() {
                let is_wide = speakers.iter().any(|from| spoken[from].is_some_and(|s| s.kind.is_wideband()));
                let wanted = if is_wide { SampleRate::Wide } else { SampleRate::Narrow };
                let rate = SampleRate::of(hearer.kind, wanted);
                plans[to].feed = Feed::Mixed { speakers, rate };
                for from in speakers.iter() {
                    plans[from].narrow |= rate == SampleRate::Narrow;
                    plans[from].wide |= rate == SampleRate::Wide;
                }
            }
        }
        plans
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CodecKind::{G722, Opus, Pcma, Pcmu};

    fn spoken(kind: CodecKind) -> Option<Spoken> {
        Some(Spoken { kind, comfort_noise: false })
    }

    fn plan(kinds: &[CodecKind], routes: &[(usize, usize)]) -> Vec<Plan> {
        let mut matrix = Routes::default();
        routes.iter().for_each(|(from, to)| matrix.connect(*from, *to));
        let mut all = [None; LEGS_LIMIT];
        for (place, kind) in all.iter_mut().zip(kinds) {
            *place = spoken(*kind);
        }
        matrix.plan(&all)[..kinds.len()].to_vec()
    }

    fn set(places: &[usize]) -> LegSet {
        let mut set = LegSet::default();
        places.iter().for_each(|place| set.insert(*place));
        set
    }

    #[test]
    fn two_that_agree_are_relayed() {
        for kinds in [[Pcmu, Pcma], [Opus, Opus], [CodecKind::G729, CodecKind::G729]] {
            let plans = plan(&kinds, &[(0, 1), (1, 0), (0, 0)]);
            assert_eq!(plans[0], Plan { feed: Feed::Relayed, relays_to: Some(1), ..Plan::default() });
            assert_eq!(plans[1], Plan { feed: Feed::Relayed, relays_to: Some(0), ..Plan::default() });
        }
    }

    #[test]
    fn two_that_differ_are_decoded_no_wider_than_needed() {
        let plans = plan(&[Opus, Pcmu], &[(0, 1), (1, 0)]);
        assert_eq!(plans[0].feed, Feed::Mixed { speakers: set(&[1]), rate: SampleRate::Narrow });
        assert_eq!(plans[1].feed, Feed::Mixed { speakers: set(&[0]), rate: SampleRate::Narrow });
        assert!(plans.iter().all(|plan| plan.narrow && !plan.wide && plan.relays_to.is_none()));
        let plans = plan(&[Opus, G722], &[(0, 1), (1, 0)]);
        assert!(plans.iter().all(|plan| plan.wide && !plan.narrow));
    }

    #[test]
    fn comfort_noise_is_made_for_who_takes_none() {
        let mut matrix = Routes::default();
        matrix.connect(0, 1);
        matrix.connect(1, 0);
        let mut all = [None; LEGS_LIMIT];
        all[0] = Some(Spoken { kind: Pcmu, comfort_noise: true });
        all[1] = spoken(Pcmu);
        let plans = matrix.plan(&all);
        assert!(matches!(plans[1].feed, Feed::Mixed { .. }));
        assert_eq!(plans[0].feed, Feed::Relayed);
    }

    #[test]
    fn who_listens_in_leaves_the_two_their_relay() {
        let plans = plan(&[Pcmu, Pcmu, Pcmu], &[(0, 1), (1, 0), (0, 2), (1, 2)]);
        assert_eq!((plans[0].relays_to, plans[1].relays_to), (Some(1), Some(0)));
        assert_eq!(plans[2].feed, Feed::Mixed { speakers: set(&[0, 1]), rate: SampleRate::Narrow });
        assert!(plans[0].is_decoded() && plans[1].is_decoded() && !plans[2].is_decoded());
    }

    #[test]
    fn a_conference_mixes_all_but_oneself() {
        let pairs: Vec<(usize, usize)> = (0..4).flat_map(|a| (0..4).map(move |b| (a, b))).collect();
        let plans = plan(&[Pcmu, Opus, G722, Pcma], &pairs);
        for (place, plan) in plans.iter().enumerate() {
            let others: Vec<usize> = (0..4).filter(|other| *other != place).collect();
            let Feed::Mixed { speakers, .. } = plan.feed else {
                panic!("{plan:?}");
            };
            assert_eq!(speakers, set(&others));
            assert!(plan.narrow && plan.wide);
        }
    }

    #[test]
    fn one_heard_by_two_is_relayed_to_the_first() {
        let plans = plan(&[Pcmu, Pcmu, Pcmu], &[(0, 1), (0, 2)]);
        assert_eq!(plans[0].relays_to, Some(1));
        assert!(matches!(plans[2].feed, Feed::Mixed { .. }));
        let mut matrix = Routes::default();
        matrix.connect(0, 1);
        matrix.remove(0);
        assert_eq!(matrix.plan(&[spoken(Pcmu); LEGS_LIMIT])[1].feed, Feed::Nothing);
    }
}

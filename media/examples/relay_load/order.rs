//! How many packets came, and where some are missing.

#[derive(Default)]
pub struct Order {
    pub packets: u64,
    pub gaps: u64,
    last: Option<u16>,
}

impl Order {
    pub fn heard(&mut self, sequence: u16) {
        self.gaps += u64::from(self.last.is_some_and(|last| sequence != last.wrapping_add(1)));
        self.last = Some(sequence);
        self.packets += 1;
    }
}

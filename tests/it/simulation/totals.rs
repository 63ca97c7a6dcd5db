//! What has happened in a history: one in which nothing goes wrong would prove nothing.

/// What has happened, to tell an eventful world from a sleepy one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    pub steps: u64,
    pub crashes: u64,
    pub pauses: u64,
    pub lost_commits: u64,
    pub lost_answers: u64,
    pub conflicts: u64,
    pub repeated: u64,
    pub spooled: u64,
    pub unconfirmed: u64,
    pub sent: u64,
    pub let_go: u64,
}

impl Totals {
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.crashes += other.crashes;
        self.pauses += other.pauses;
        self.lost_commits += other.lost_commits;
        self.lost_answers += other.lost_answers;
        self.conflicts += other.conflicts;
        self.repeated += other.repeated;
        self.spooled += other.spooled;
        self.unconfirmed += other.unconfirmed;
        self.sent += other.sent;
        self.let_go += other.let_go;
    }

    pub fn assert_eventful(&self) {
        let counts = [
            self.crashes,
            self.pauses,
            self.lost_commits,
            self.lost_answers,
            self.conflicts,
            self.repeated,
            self.spooled,
            self.unconfirmed,
            self.sent,
            self.let_go,
        ];
        assert!(counts.iter().all(|count| *count > 20), "{self:?}");
    }
}

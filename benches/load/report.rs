//! The table: for each goal the ratio first, then what it was made of.

use super::{measure::Samples, world::World};

/// Whether more or less is better.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Better {
    More,
    Less,
}

/// One line of the table.
struct Line {
    goal: &'static str,
    what: String,
    samples: Samples,
    unit: &'static str,
    better: Better,
    floor: f64,
    wanted: f64,
}

/// What a goal is judged by.
#[derive(Clone, Copy)]
pub struct Mark {
    pub goal: &'static str,
    pub unit: &'static str,
    pub better: Better,
    pub floor: f64,
    pub wanted: f64,
}

/// All that was measured.
#[derive(Default)]
pub struct Report {
    lines: Vec<Line>,
    details: Vec<(&'static str, String)>,
}

impl Report {
    /// Judges the median of the repetitions.
    pub fn judge(&mut self, mark: Mark, what: impl Into<String>, samples: Samples) {
        let Mark { goal, unit, better, floor, wanted } = mark;
        let line = Line { goal, what: what.into(), samples, unit, better, floor, wanted };
        println!("{}", line.text());
        self.lines.push(line);
    }

    /// What a ratio was made of, and whatever else is worth knowing.
    pub fn note(&mut self, goal: &'static str, text: impl Into<String>) {
        let text = text.into();
        println!("  {goal}  {text}");
        self.details.push((goal, text));
    }

    pub fn print(&self, world: &World) {
        println!("\n{}\n", world.machine());
        println!("| goal | measured | median | worst | floor | goal | |");
        println!("|---|---|---|---|---|---|---|");
        for line in &self.lines {
            println!("{}", line.row());
        }
        println!();
        for (goal, text) in &self.details {
            println!("- {goal}: {text}");
        }
    }
}

impl Line {
    /// The repetition that is furthest from what is wanted.
    fn worst(&self) -> f64 {
        match self.better {
            Better::More => self.samples.min(),
            Better::Less => self.samples.max(),
        }
    }

    fn verdict(&self) -> &'static str {
        let median = self.samples.median();
        let reaches = |mark: f64| match self.better {
            Better::More => median >= mark,
            Better::Less => median <= mark,
        };
        match (reaches(self.floor), reaches(self.wanted)) {
            (_, true) => "goal",
            (true, false) => "floor",
            (false, false) => "**below**",
        }
    }

    fn text(&self) -> String {
        format!(
            "{} {}: {}{} (worst {}; floor {}, goal {}): {}",
            self.goal,
            self.what,
            number(self.samples.median()),
            self.unit,
            number(self.worst()),
            number(self.floor),
            number(self.wanted),
            self.verdict()
        )
    }

    fn row(&self) -> String {
        let unit = self.unit;
        format!(
            "| {} | {} | {}{unit} | {}{unit} | {}{unit} | {}{unit} | {} |",
            self.goal,
            self.what,
            number(self.samples.median()),
            number(self.worst()),
            number(self.floor),
            number(self.wanted),
            self.verdict()
        )
    }
}

/// Three digits are as much as a shared machine can tell.
pub fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

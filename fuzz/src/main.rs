//! Runs the targets without a fuzzer's engine: the corpus, then mutations of it from a seed.
//!
//! `centralino-fuzz [TARGET|all] [FACTOR] [SEED]`: each target gets its short run FACTOR times. What
//! breaks a promise is kept in `artifacts`, and the same seed finds it again.

use std::{fs, panic, path::PathBuf, process::ExitCode, time::Instant};

use centralino_fuzz::{TARGETS, Target};
use fastrand::Rng;

/// No input is longer.
const INPUT_BYTES_MAX: usize = 4_096;
/// What parsers stumble over.
const WORDS: [&[u8]; 14] = [
    b"\0",
    b"\xff",
    b"-",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"null",
    b"1e999",
    b"-9223372036854775808",
    b"TSA ",
    b"=",
    "\u{20ac}".as_bytes(),
    "\u{1f600}".as_bytes(),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let wanted = arguments.next().unwrap_or_else(|| "all".to_owned());
    let mut number = |default| arguments.next().and_then(|it| it.parse().ok()).unwrap_or(default);
    let (factor, seed) = (number(1_u64), number(1_u64));
    let mut is_well = true;
    for (name, target, runs) in TARGETS {
        if wanted == "all" || wanted == name {
            is_well &= fuzz(name, target, runs.saturating_mul(factor), seed);
        }
    }
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fuzz(name: &str, target: Target, runs: u64, seed: u64) -> bool {
    let corpus = corpus(name);
    let mut dice = Rng::with_seed(seed);
    let begun = Instant::now();
    for at in 0..runs {
        let index = usize::try_from(at).unwrap_or(usize::MAX);
        let input = match corpus.get(index) {
            Some(input) => input.clone(),
            None => mutated(&corpus, &mut dice),
        };
        if panic::catch_unwind(|| target(&input)).is_err() {
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("artifacts").join(name);
            let path = folder.join(format!("{seed}-{at}"));
            fs::create_dir_all(&folder).and_then(|()| fs::write(&path, &input)).ok();
            eprintln!("{name}: input {at} of seed {seed} breaks a promise: {}", path.display());
            return false;
        }
    }
    println!("{name}: {runs} inputs, {:.1} s, seed {seed}", begun.elapsed().as_secs_f64());
    true
}

/// What is kept for a target, in the order of its names.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path()).collect();
    paths.sort();
    let mut inputs = vec![Vec::new()];
    inputs.extend(paths.into_iter().filter_map(|path| fs::read(path).ok()));
    inputs
}

fn mutated(corpus: &[Vec<u8>], dice: &mut Rng) -> Vec<u8> {
    let mut input = corpus[dice.usize(..corpus.len())].clone();
    for _ in 0..dice.usize(1..8) {
        let at = dice.usize(..=input.len());
        match dice.u8(..7) {
            0 if at < input.len() => input[at] ^= 1 << dice.u8(..8),
            1 if at < input.len() => input[at] = dice.u8(..),
            2 => input.insert(at, dice.u8(..)),
            3 => {
                let word = WORDS[dice.usize(..WORDS.len())];
                input.splice(at..at, word.iter().copied());
            }
            4 => input.truncate(at),
            5 => {
                let end = dice.usize(at..=input.len());
                let piece = input[at..end].to_vec();
                let to = dice.usize(..=input.len());
                input.splice(to..to, piece);
            }
            _ => {
                let other = &corpus[dice.usize(..corpus.len())];
                let from = dice.usize(..=other.len());
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
        }
    }
    input.truncate(INPUT_BYTES_MAX);
    input
}

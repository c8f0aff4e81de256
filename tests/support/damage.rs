//! Damage done to files at random, and what watches over a program that is given thousands of them.

#![allow(dead_code, reason = "each test uses its part")]

use crate::on_disk::Dice;
use std::collections::BTreeMap;
use std::panic::{set_hook, take_hook};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError, mpsc};
use std::time::Duration;

/// How long one try may take before it counts as hanging. A debug build takes some milliseconds.
const LONGEST: Duration = Duration::from_secs(60);

const STRAY: [&[u8]; 22] = [
    b"\"",
    b"\0",
    b"\xff\xfe",
    b"\xE9",
    b"\xC3",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b",",
    b",,,,,,,,",
    b"\"\n",
    b"\xEF\xBB\xBF",
    b"\xE2\x80\x8B",
    b"99999999999999999999999999",
    b"-2147483649",
    b"1e308",
    b"9999-12-31",
    b"-9999-01-01",
    b"0000-00-00",
    b"2024-02-30T25:61",
    b"PAR1",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
];

/// Damages some bytes in one to three ways.
pub fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..1 + dice.below(3) {
        let length = bytes.len();
        if length == 0 {
            return;
        }
        let at = dice.below(length);
        let longest = if dice.once_in(3) { length } else { 12 };
        let some = 1 + dice.below(longest);
        let to = length.min(at + some);
        match dice.below(10) {
            0 | 1 => bytes[at] ^= 1 << dice.below(8),
            2 => bytes[at] = dice.below(256) as u8,
            3 if dice.once_in(3) => bytes.truncate(at),
            4 => drop(bytes.drain(at..to)),
            5 => {
                let chunk = bytes[at..to].to_vec();
                bytes.splice(at..at, chunk);
            }
            6 => swap_lines(bytes, dice),
            7 => {
                let number: Vec<u8> = (0..1 + dice.below(8)).map(|_| dice.below(256) as u8).collect();
                let to = length.min(at + number.len());
                bytes.splice(at..to, number);
            }
            8 => {
                let stray = STRAY[dice.below(STRAY.len())];
                bytes.splice(at..to.min(at + stray.len()), stray.iter().copied());
            }
            _ => {
                let stray = STRAY[dice.below(STRAY.len())];
                bytes.splice(at..at, stray.iter().copied());
            }
        }
    }
}

fn swap_lines(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
    lines.swap(one, other);
    *bytes = lines.concat();
}

static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// Whether panics are noted instead of said.
static WATCHING: AtomicBool = AtomicBool::new(false);

/// One test at a time watches, since panics are noted for all threads together.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

static HOOK: Once = Once::new();

/// Has panics noted. To be called before the program reads anything: it has a hook of its own, which goes before this one.
pub fn watch() {
    HOOK.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |info| {
            if WATCHING.load(Ordering::SeqCst) {
                *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string();
            } else {
                others(info);
            }
        }));
    });
}

/// What was said of the last panic, if there was one: one that is caught within the program must not be said to anyone either.
pub fn last_panic() -> String {
    std::mem::take(&mut *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner))
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}

/// Tries one number after the other, as many as are asked for, on a thread of its own. `prepared` makes there what tries a
/// number and says what is wrong with it. `SFCLAIM_FUZZ` says how many instead, and
/// `SFCLAIM_FUZZ_FROM` which is the first.
pub fn all_tried<T>(from: u64, tries: u64, prepared: impl FnOnce() -> T + Send + 'static)
where
    T: FnMut(u64) -> Option<String>,
{
    let (from, tries) = (from_environment("SFCLAIM_FUZZ_FROM", from), from_environment("SFCLAIM_FUZZ", tries));
    watch();
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    // What panicked is said below, with what made it.
    WATCHING.store(true, Ordering::SeqCst);
    let (say, said) = mpsc::channel();
    std::thread::spawn(move || {
        let mut tried = prepared();
        for number in from..from + tries {
            if say.send((number, tried(number))).is_err() {
                return;
            }
        }
    });
    let mut wrong: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut last = from - 1;
    loop {
        match said.recv_timeout(LONGEST) {
            Ok((number, what)) => {
                last = number;
                if let Some(what) = what {
                    let kind: String = what.chars().filter(|c| !c.is_ascii_digit()).take(160).collect();
                    wrong.entry(kind).or_insert((0, what)).0 += 1;
                }
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                wrong.insert("hang".to_owned(), (1, format!("a hang: number {}", last + 1)));
                break;
            }
        }
    }
    WATCHING.store(false, Ordering::SeqCst);
    let all: Vec<String> = wrong.values().map(|(times, first)| format!("{times} times: {first}")).collect();
    let panicked = last_panic();
    assert!(all.is_empty() && last + 1 == from + tries, "after {last}: {panicked}\n{}", all.join("\n"));
}

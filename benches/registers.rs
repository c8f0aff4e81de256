//! How long the attendance stage takes: from files to every child's settled sessions. One run, one line of JSON, so that
//! `registers.py` can set it beside other programs in turn. The small tables are read before the clock starts.
//!
//! `cargo bench --bench registers -- DATA --as-at DATE`

use sfclaim::attend::attend;
use sfclaim::finding::Findings;
use sfclaim::link::link;
use sfclaim::load::tables::TableName;
use sfclaim::load::{self, Loaded};
use sfclaim::rules::Rules;
use sfclaim::rules::pack::Pack;
use sfclaim::rules::parameters::Override;
use sfclaim::validate::days::Horizon;
use sfclaim::validate::{registers, validate};
use std::path::Path;
use std::time::Instant;

// As the program itself has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let (data, as_at) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [data, "--as-at", as_at] | ["--as-at", as_at, data] => (data, as_at.parse().expect("a date, 2024-09-30")),
        _ => panic!("DATA --as-at DATE"),
    };
    let pack = Pack::built_in().expect("the rules");
    let loaded = load::load(Path::new(data)).expect("the data folder");
    let (attendance, small) = loaded.files.into_iter().partition(|file| file.table == TableName::Attendance);
    let (attendance, small) =
        (Loaded { files: attendance, ..Loaded::default() }, Loaded { files: small, ..Loaded::default() });
    // As many terms as a group-by over the whole file would give.
    let terms = [Override::read("attendance.terms=6").expect("a parameter")];
    // By name, because a curve of ten years of registers leaves the framework's dates.
    let framework = Some("supporting-families-2022-25");
    let rules = Rules::choose(&pack, as_at, framework, &terms, None).expect("the framework");
    let horizon = Horizon { as_at, extracted_on: None };
    let mut register = validate(&small, &rules, None, &horizon).expect("the small tables");

    // The text of the small tables is not needed any more.
    drop(small);

    let start = Instant::now();
    let (read, table) = registers::read(&attendance, &rules, &register.persons, &horizon, &mut Findings::default())
        .expect("the registers");
    let reading = start.elapsed();
    register.registers = Some(read);
    let linked = link(&register, &rules, as_at);
    let start = Instant::now();
    let attended = attend(&linked, register.registers.as_ref(), &rules);
    let settling = start.elapsed();

    let records = linked.pupils_of.keys().flat_map(|person| attended.window.iter().map(move |term| (person, *term)));
    let settled: Vec<_> =
        records.filter_map(|(person, term)| attended.of(person, term)).filter_map(|records| records.settled).collect();
    let sum = |of: fn(&sfclaim::attend::Settled) -> i64| settled.iter().map(of).sum::<i64>();
    println!(
        "{{\"stage_seconds\": {:.3}, \"reading_seconds\": {:.3}, \"rows\": {}, \"repeated\": {}, \"children_terms\": {}, \"possible\": {}, \"attended\": {}, \"peak_mib\": {}}}",
        (reading + settling).as_secs_f64(),
        reading.as_secs_f64(),
        table.counts.read,
        table.counts.repeated,
        settled.len(),
        sum(|settled| settled.least.possible),
        sum(|settled| settled.least.attended),
        peak_mib(),
    );
}

/// The most memory that the process has had, in MiB; 0 where the system does not say.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

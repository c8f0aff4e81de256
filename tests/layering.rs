//! The shape of the code: no stage uses a later one, polars and chrono stay where they are allowed, nothing reads the
//! clock, and no float comes near a decision.

use sfclaim::rules::name::RuleName;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Vocabulary first, then the stages in the order of the flow. A module may use those before it and itself.
const ORDER: [&str; 27] = [
    "error", "dates", "money", "share", "ids", "place", "finding", "receipt", "words", "indexed", "cores",
    "rules", // vocabulary
    "load", "init", "validate", "register", "link", "attend", "evaluate", "decide", // stages
    "run", "recheck", "forecast", "report", "sample", "cli", "main",
];

const VOCABULARY: usize = 11;

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Code without its comments and unit tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_module_uses_a_later_one() {
    let place: BTreeMap<&str, usize> = ORDER.iter().enumerate().map(|(place, name)| (*name, place)).collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        if module == "lib" {
            continue;
        }
        let mine =
            *place.get(module.as_str()).unwrap_or_else(|| panic!("{module} has no place in the order of the crate"));
        for used in code(&text).split("crate::").skip(1) {
            let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let theirs = place.get(name.as_str()).copied().unwrap_or(0);
            // Among the words of the vocabulary there is no order.
            if theirs > mine && !(theirs < VOCABULARY && mine < VOCABULARY) {
                wrong.push(format!("{} uses crate::{name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The names that follow `start` in a code, up to `::`: one, or several in braces.
fn names_after<'a>(code: &'a str, start: &str) -> Vec<&'a str> {
    let name = |text: &'a str| -> &'a str {
        let text = text.trim_start();
        &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
    };
    let mut found = Vec::new();
    for (at, _) in code.match_indices(start) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + start.len()..];
        if !rest.starts_with('{') {
            found.push(name(rest));
            continue;
        }
        let (mut depth, mut begins) = (0, 1);
        for (at, c) in rest.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 1 => {
                    found.push(name(&rest[begins..at]));
                    break;
                }
                '}' => depth -= 1,
                ',' if depth == 1 => {
                    found.push(name(&rest[begins..at]));
                    begins = at + 1;
                }
                _ => {}
            }
        }
    }
    // Behind the last comma of a list stands nothing.
    found.retain(|name| !name.is_empty());
    found
}

/// In these folders `mod.rs` leads to the other files, and none of them back to it or to itself. Of `validate` the registers
/// are one, and a folder of their own.
#[test]
fn no_file_of_a_stage_leads_back_to_itself() {
    let sources = sources();
    for folder in [
        "rules",
        "load",
        "validate",
        "validate/across",
        "validate/registers",
        "link",
        "attend",
        "evaluate",
        "decide",
        "forecast",
        "sample",
    ] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
        let room = |path: &Path| {
            let inside = path.strip_prefix(&root).ok()?.components().next()?;
            Some(inside.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned())
        };
        let rooms: Vec<String> = sources.iter().filter_map(|(path, _)| room(path)).collect();
        let mut uses: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, text) in &sources {
            let Some(own) = room(path).filter(|_| !path.ends_with("tests.rs")) else { continue };
            let code = code(text);
            let mut named = names_after(&code, &format!("crate::{}::", folder.replace('/', "::")));
            if own == "mod" {
                named.extend(
                    rooms
                        .iter()
                        .map(String::as_str)
                        .filter(|room| !names_after(&code, &format!("{room}::")).is_empty()),
                );
                named.retain(|name| rooms.iter().any(|room| room == name));
            } else if path.parent() == Some(&root) {
                named.extend(names_after(&code, "super::"));
            } else {
                named.extend(names_after(&code, "super::super::"));
            }
            let theirs =
                named.into_iter().map(|name| rooms.iter().find(|room| *room == name).map_or("mod", |room| room));
            uses.entry(own.clone()).or_default().extend(theirs.filter(|room| *room != own).map(str::to_owned));
        }
        // What leads nowhere but to what has been taken away is taken away, until nothing is left, or a circle.
        while let Some(last) =
            uses.iter().find(|(_, used)| used.iter().all(|room| !uses.contains_key(room))).map(|(room, _)| room.clone())
        {
            uses.remove(&last);
        }
        assert!(uses.is_empty(), "a circle in src/{folder}: {uses:?}");
    }
}

#[test]
fn polars_stays_where_files_are_read_and_written() {
    for (path, text) in sources() {
        let files = ["load/parquet_file.rs", "load/parquet_column.rs", "report/output/parquet.rs"];
        let allowed = files.iter().any(|file| path.ends_with(file));
        assert!(allowed || !code(&text).contains("polars"), "{} uses polars", path.display());
    }
}

#[test]
fn the_writer_of_workbooks_stays_where_sheets_are_written() {
    for (path, text) in sources() {
        let allowed = path.ends_with("report/output/workbook.rs") || path.ends_with("workbook/tests.rs");
        assert!(allowed || !code(&text).contains("rust_xlsxwriter"), "{} uses rust_xlsxwriter", path.display());
    }
}

#[test]
fn sqlite_stays_in_the_register() {
    for (path, text) in sources() {
        assert!(
            module_of(&path) == "register" || !code(&text).contains("rusqlite"),
            "{} uses rusqlite",
            path.display()
        );
    }
}

#[test]
fn chrono_stays_in_the_module_of_dates() {
    for (path, text) in sources() {
        let allowed = path.ends_with("src/dates.rs") || path.ends_with("src/dates/day.rs");
        // Of which SQLite's word for waiting for the drive is no use.
        let code = code(&text).replace("synchronous", "");
        assert!(allowed || !code.contains("chrono"), "{} uses chrono", path.display());
    }
}

#[test]
fn nothing_reads_the_clock_the_locale_or_the_network() {
    for (path, text) in sources() {
        for word in ["SystemTime", "Instant::now", "Utc::now", "Local::now", "std::net", "LC_ALL"] {
            assert!(!code(&text).contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn no_float_comes_near_a_decision() {
    for (path, text) in sources() {
        let module = module_of(&path);
        // The generator draws with floats; the words "did you mean" are ranked by likeness; every number of a workbook is
        // one, where it is read and where it is written; a forecast has probabilities, and its money is in pounds all the same.
        let of_workbooks = path.ends_with("load/workbook.rs") || path.ends_with("report/output/workbook.rs");
        if ["sample", "error", "forecast"].contains(&module.as_str()) || of_workbooks {
            continue;
        }
        let code = code(&text);
        assert!(!code.contains("f64") && !code.contains("f32"), "{} has a float", path.display());
    }
}

/// What councils and schools write stands in `rules/words.toml`, where an officer can read and change it, and not in the code that
/// reads their files.
#[test]
fn words_of_councils_stand_in_their_file_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file: toml::Table = fs::read_to_string(root.join("rules/words.toml")).unwrap().parse().unwrap();
    fn words(value: &toml::Value, found: &mut Vec<String>) {
        match value {
            toml::Value::String(word) => found.push(word.clone()),
            toml::Value::Array(values) => values.iter().for_each(|value| words(value, found)),
            toml::Value::Table(table) => table.values().for_each(|value| words(value, found)),
            _ => {}
        }
    }
    let mut of_councils = Vec::new();
    for list in ["half_term", "half_term_of_year", "no_figure", "no_outcome", "flag"] {
        words(&file[list], &mut of_councils);
    }
    // What the contract has itself, or the program says in other places.
    let own = ["y", "n", "yes", "no", "true", "false", "0", "1", "2", "none", "unknown"];
    of_councils.retain(|word| !own.contains(&word.as_str()));
    assert!(of_councils.len() > 40);
    for (path, text) in sources() {
        let reads_files = ["load", "validate", "attend", "init"].contains(&module_of(&path).as_str());
        if reads_files || path.ends_with("rules/calendar.rs") {
            for word in &of_councils {
                let has = code(&text).contains(&format!("\"{word}\""));
                assert!(!has, "{} has the word \"{word}\"", path.display());
            }
        }
    }
}

#[test]
fn every_module_opens_with_what_it_is_for() {
    for (path, text) in sources() {
        assert!(text.starts_with("//! "), "{} does not", path.display());
    }
}

/// A rule is read beside its paragraph and its worked cases, so its file names both, and what it names is there.
#[test]
fn every_rule_names_its_paragraph_and_its_worked_cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = RuleName::ALL.into_iter().map(|rule| {
        let file = root.join(format!("src/evaluate/{}.rs", rule.word()));
        if file.is_file() { file } else { root.join(format!("src/evaluate/{}/mod.rs", rule.word())) }
    });
    for (number, file) in (1..).zip(files) {
        let text = fs::read_to_string(&file).unwrap();
        let opening: Vec<&str> = text.lines().take_while(|line| line.starts_with("//!")).collect();
        let opening = opening.join(" ");
        assert!(opening.contains(&format!("contract section 4, rule {number} ")), "{}", file.display());
        let cases: Vec<&str> = opening.split('`').filter(|part| part.starts_with("rules/cases/")).collect();
        assert!(!cases.is_empty(), "{} names no worked cases", file.display());
        for cases in cases {
            assert!(root.join(cases).is_file(), "{} names {cases}, which is not there", file.display());
        }
    }
}

#[test]
fn the_program_cannot_send_anything_anywhere() {
    let tree = |arguments: &[&str]| {
        let run = std::process::Command::new(env!("CARGO"))
            .args(["tree", "--offline", "--locked", "--manifest-path"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    let forbidden = [
        "reqwest",
        "hyper",
        "hyper-util",
        "h2",
        "ureq",
        "curl",
        "isahc",
        "surf",
        "attohttpc",
        "minreq",
        "tonic",
        "object_store",
        "rusoto_core",
        "aws-config",
        "aws-sdk-s3",
        "azure_core",
        "google-cloud-storage",
        "opendal",
        "rustls",
        "native-tls",
        "openssl",
        "openssl-sys",
        "boring",
        "schannel",
        "security-framework",
        "tungstenite",
    ];
    let all = tree(&["--edges", "normal,build", "--prefix", "none", "--format", "{p}|{f}"]);
    for line in all.lines() {
        let name = line.split_whitespace().next().unwrap_or_default();
        assert!(!forbidden.contains(&name), "the dependency tree has {name}");
    }
    // polars-io cannot be had without tokio, an asynchronous runtime; nothing of ours uses it.
    for (path, text) in sources() {
        assert!(!code(&text).contains("tokio"), "{} uses tokio", path.display());
    }
    assert!(all.contains("polars v0.55.2"));
}

#[test]
fn what_outputs_are_made_of_knows_nothing_of_what_commands_show() {
    for (path, text) in sources() {
        let is_output = path.components().any(|part| part.as_os_str() == "output");
        assert!(!is_output || !code(&text).contains("views"), "{} uses a view", path.display());
    }
}

//! A scenario: named changes to what a forecast rests on. Every key and value is checked here, whether it stands in a file, in
//! `--set` or in `--grid`.

use super::settle::{HowMany, Settle, Which, lever_id};
use crate::error::did_you_mean;
use crate::forecast::cells::ConversionCell;
use crate::rules::Rules;
use crate::rules::levers::Actor;
use crate::rules::parameters::{KEYS, Override, Value, kind_of};
use crate::run::Prepared;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// The name of what is without any change.
pub const TODAY: &str = "today";

/// The parameter that `payment` stands for.
const PAYMENT: &str = "payment.per_family";

/// Most target results, funded places and families a month that anybody would ask for.
const MOST: i64 = 1_000_000;

/// Most by which a chance can be multiplied.
const MOST_FACTOR: i64 = 20;

/// One change.
#[derive(Clone, Debug)]
pub enum Change {
    /// A rule parameter.
    Rule(Override),
    /// Results expected in the financial year.
    Target(usize),
    /// Results that the grant applies to.
    FundedPlaces(usize),
    /// The id of the profile of how claims come over the year.
    Profile(String),
    /// New families in the average month.
    OpeningsAMonth(NewFamilies),
    /// What the chance of a claim in a month is multiplied by; `None`: of every kind of family.
    Conversion(Option<ConversionCell>, Decimal),
    /// Something that holds families back is settled for some of them.
    Settle(Settle),
}

/// A change with its key and the value as it was given.
#[derive(Clone, Debug)]
pub struct ScenarioNamed {
    /// The dotted key.
    pub key: String,
    /// The value, in words.
    pub value: String,
    /// The change.
    pub change: Change,
}

impl ScenarioNamed {
    /// `key = value`.
    pub fn said(&self) -> String {
        format!("{} = {}", self.key, self.value)
    }
}

/// A named set of changes.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Its changes, in the order given.
    pub changes: Vec<ScenarioNamed>,
}

impl Scenario {
    /// One without any change.
    pub fn today() -> Scenario {
        Scenario { name: TODAY.to_owned(), changes: Vec::new() }
    }

    /// One named by its changes.
    pub fn of(changes: Vec<ScenarioNamed>) -> Scenario {
        let said: Vec<String> = changes.iter().map(ScenarioNamed::said).collect();
        Scenario { name: said.join(", "), changes }
    }

    /// The changes to rule parameters.
    pub fn overrides(&self) -> Vec<Override> {
        let rule = |named: &ScenarioNamed| match &named.change {
            Change::Rule(change) => Some(change.clone()),
            _ => None,
        };
        self.changes.iter().filter_map(rule).collect()
    }

    /// What is taken as settled.
    pub fn settles(&self) -> Vec<&Settle> {
        let settle = |named: &'_ ScenarioNamed| matches!(named.change, Change::Settle(_));
        let settles = self.changes.iter().filter(|named| settle(named));
        settles
            .filter_map(|named| match &named.change {
                Change::Settle(settle) => Some(settle),
                _ => None,
            })
            .collect()
    }
}

/// New families a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewFamilies {
    /// How many.
    pub number: Decimal,
    /// Whether they are more than today's, and not all.
    pub is_more: bool,
}

/// Whether anybody can settle what stands in the hands of this one.
fn can_settle(who: Actor) -> bool {
    !matches!(who, Actor::Calendar | Actor::NationalRules)
}

/// What a scenario can speak of: the rules, and the services that cases come from.
pub struct Known<'a> {
    rules: &'a Rules,
    sources: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    /// Of these data and rules.
    pub fn of(prepared: &'a Prepared) -> Known<'a> {
        let cases = prepared.register.cases.iter();
        Known { rules: &prepared.rules, sources: cases.map(|case| case.source.as_str()).collect() }
    }

    /// Every key that a scenario may change.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = KEYS.iter().map(|(key, _)| (*key).to_owned()).collect();
        keys.extend(["target", "funded_places", "payment", "profile", "openings_a_month"].map(str::to_owned));
        keys.push("conversion.all".to_owned());
        keys.extend(ConversionCell::all().map(|cell| format!("conversion.{}", cell.word())));
        keys.dedup();
        keys.extend(Actor::ALL.into_iter().filter(|who| can_settle(*who)).map(|who| format!("resolve.{}", who.word())));
        let levers = self.rules.pack.levers.iter().filter(|entry| can_settle(entry.who));
        keys.extend(levers.map(|entry| format!("resolve.{}", lever_id(entry))));
        keys.extend(self.sources.iter().map(|source| format!("partner_cases_evidenced.{source}")));
        keys
    }

    /// Reads one change. `given_by` says where it stands.
    ///
    /// # Errors
    /// In words, what is wrong with the key or the value, and what it may be.
    pub fn change(&self, key: &str, value: &toml::Value, given_by: &str) -> std::result::Result<ScenarioNamed, String> {
        let key = key.trim();
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let change = match key.split_once('.') {
            None => match key {
                "target" => Change::Target(self.whole(key, value)?),
                "funded_places" => Change::FundedPlaces(self.whole(key, value)?),
                "payment" => rule(PAYMENT, value, given_by)?,
                "profile" => {
                    let profile = self.rules.pack.position.profile(Some(&shown)).map_err(|why| why.to_string())?;
                    Change::Profile(profile.key.clone())
                }
                "openings_a_month" => Change::OpeningsAMonth(new_families(key, value)?),
                _ => return Err(self.no_such_key(key)),
            },
            Some(("conversion", which)) => {
                let cell = ConversionCell::all().find(|cell| cell.word() == which);
                if cell.is_none() && which != "all" {
                    return Err(self.no_such_key(key));
                }
                Change::Conversion(cell, number(key, value, Decimal::from(MOST_FACTOR), "a factor on the chance")?)
            }
            Some(("resolve", which)) => {
                let which = self.lever(key, which)?;
                let how_many = match value.as_str().and_then(families) {
                    Some(count) => HowMany::Count(count),
                    None => HowMany::Part(number(
                        key,
                        value,
                        Decimal::ONE,
                        "the part of the families for whom it is settled, or a number of them such as \"20 families\":",
                    )?),
                };
                Change::Settle(Settle { which, how_many, key: key.to_owned() })
            }
            Some(("partner_cases_evidenced", source)) => {
                if !self.sources.contains(source) {
                    let hint = did_you_mean(source, self.sources.iter().copied());
                    let known: Vec<&str> = self.sources.iter().copied().collect();
                    return Err(format!(
                        "no case comes from the source \"{source}\".{hint} The cases have: {}.",
                        known.join(", ")
                    ));
                }
                let how_many = HowMany::Count(self.whole(key, value)?);
                Change::Settle(Settle { which: Which::Partner(source.to_owned()), how_many, key: key.to_owned() })
            }
            Some(_) if KEYS.iter().any(|(known, _)| *known == key) => rule(key, value, given_by)?,
            Some(_) => return Err(self.no_such_key(key)),
        };
        Ok(ScenarioNamed { key: key.to_owned(), value: shown, change })
    }

    fn lever(&self, key: &str, which: &str) -> std::result::Result<Which, String> {
        let found = match Actor::ALL.into_iter().find(|who| who.word() == which) {
            Some(who) => Some((Which::Who(who), who)),
            None => {
                let entry = self.rules.pack.levers.iter().find(|entry| lever_id(entry) == which);
                entry.map(|entry| (Which::Lever { rule: entry.rule.clone(), kind: entry.kind.clone() }, entry.who))
            }
        };
        match found {
            None => Err(self.no_such_key(key)),
            Some((_, who)) if !can_settle(who) => Err(format!(
                "\"{key}\" is in the hands of {}: nobody in the authority can settle it. Change the rule's parameter, or the as-at date, instead.",
                who.said()
            )),
            Some((which, _)) => Ok(which),
        }
    }

    fn no_such_key(&self, key: &str) -> String {
        let keys = self.keys();
        let hint = did_you_mean(key, keys.iter().map(String::as_str));
        format!(
            "a scenario cannot change \"{key}\".{hint} It may change any rule parameter (`sfclaim rules list`), target, funded_places, payment, profile, openings_a_month, conversion.KIND, resolve.LEVER and partner_cases_evidenced.SOURCE; docs/whatif.md explains each."
        )
    }

    fn whole(&self, key: &str, value: &toml::Value) -> std::result::Result<usize, String> {
        let number = value.as_integer().filter(|number| (0..=MOST).contains(number));
        number
            .and_then(|number| usize::try_from(number).ok())
            .ok_or_else(|| format!("\"{key}\" cannot be {value}: it may be a whole number from 0 to {MOST}."))
    }
}

fn rule(key: &str, value: &toml::Value, given_by: &str) -> std::result::Result<Change, String> {
    let kind = kind_of(key).map_err(|why| why.to_string())?;
    Value::read(kind, value).map_err(|why| format!("\"{key}\" {why}."))?;
    Ok(Change::Rule(Override { key: key.to_owned(), value: value.clone(), given_by: given_by.to_owned() }))
}

/// So many families, written as `20 families`.
fn families(text: &str) -> Option<usize> {
    let number = text.trim().strip_suffix("families").or_else(|| text.trim().strip_suffix("family"))?;
    number.trim().parse().ok().filter(|number| *number <= MOST as usize)
}

/// New families a month: `60`, or so many more than today where a plus stands in front, `+10`.
fn new_families(key: &str, value: &toml::Value) -> std::result::Result<NewFamilies, String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let more = text.trim().strip_prefix('+');
    let plain = match more {
        Some(more) => format!("value = {more}").parse::<toml::Table>().ok().and_then(|mut table| table.remove("value")),
        None => Some(value.clone()),
    };
    let plain = plain.unwrap_or_else(|| value.clone());
    let number = number(key, &plain, Decimal::from(MOST), "families, or so many more than today such as \"+10\":")?;
    Ok(NewFamilies { number, is_more: more.is_some() })
}

fn number(key: &str, value: &toml::Value, most: Decimal, what: &str) -> std::result::Result<Decimal, String> {
    let is_number = value.is_integer() || value.is_float();
    let number = is_number.then(|| value.to_string().parse::<Decimal>().ok()).flatten();
    let plausible = |number: &Decimal| *number >= Decimal::ZERO && *number <= most && number.normalize().scale() <= 4;
    number.filter(plausible).ok_or_else(|| {
        format!("\"{key}\" cannot be {value}: it may be {what}, a number from 0 to {most} with at most four decimals.")
    })
}

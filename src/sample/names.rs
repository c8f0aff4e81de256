//! Invented names, places and identifiers. Nobody in the sample exists.

use super::chance::Chance;

const FIRST: &[&str] = &[
    "Aaliyah", "Aaron", "Abigail", "Adam", "Aisha", "Alba", "Alfie", "Alice", "Amelia", "Amina", "Amir", "Anya",
    "Arlo", "Asha", "Ava", "Ayaan", "Bea", "Ben", "Bilal", "Bonnie", "Caleb", "Callum", "Cara", "Chloe", "Dana",
    "Daniel", "Daisy", "David", "Dylan", "Eden", "Eliza", "Ella", "Elsie", "Emily", "Erin", "Esme", "Ethan", "Eva",
    "Faith", "Fatima", "Finn", "Florence", "Freddie", "Freya", "George", "Grace", "Hana", "Hannah", "Harris", "Harry",
    "Hassan", "Heidi", "Henry", "Ibrahim", "Idris", "Imogen", "Iris", "Isaac", "Isla", "Ivy", "Jack", "Jacob", "Jade",
    "James", "Jasmine", "Jay", "Joel", "Jonah", "Jude", "Kai", "Katie", "Keira", "Khadija", "Kian", "Lacey", "Layla",
    "Leah", "Leo", "Lewis", "Lily", "Logan", "Lola", "Louis", "Luca", "Lucy", "Luna", "Maddie", "Maisie", "Marcus",
    "Maryam", "Mason", "Matilda", "Max", "Maya", "Megan", "Mia", "Mila", "Millie", "Mohammed", "Molly", "Musa",
    "Nadia", "Nancy", "Nathan", "Niamh", "Noah", "Nora", "Olive", "Oliver", "Olivia", "Omar", "Orla", "Oscar", "Otis",
    "Owen", "Paige", "Phoebe", "Poppy", "Rafi", "Reggie", "Rhys", "Robin", "Rory", "Rosa", "Rowan", "Ruby", "Ryan",
    "Sadie", "Safa", "Sam", "Samira", "Sara", "Seth", "Skye", "Sofia", "Stanley", "Sumaya", "Summer", "Tara", "Teddy",
    "Theo", "Thea", "Toby", "Tyler", "Umar", "Violet", "Willow", "Yasmin", "Yusuf", "Zac", "Zahra", "Zara", "Zoe",
];

const LAST_START: &[&str] = &[
    "Ack", "Alder", "Ash", "Bar", "Beck", "Bram", "Brig", "Burn", "Calder", "Cald", "Clif", "Clough", "Cop", "Cran",
    "Crow", "Dar", "Den", "Dun", "Eccle", "Fair", "Fen", "Fern", "Gar", "Green", "Hag", "Hal", "Har", "Hasling", "Haw",
    "Hazel", "Hey", "Holl", "Horn", "Hurst", "Kel", "Kirk", "Lang", "Lin", "Long", "Mar", "Mil", "Moor", "New", "Nor",
    "Oak", "Pem", "Pick", "Raven", "Rib", "Ross", "Sel", "Shaw", "Stan", "Thorn", "Tur", "Wad", "Wal", "Whal", "Whit",
    "Wind", "Withn", "Wood", "Wor", "Yar",
];

const LAST_END: &[&str] = &[
    "ance", "ard", "bank", "bottom", "brook", "bury", "by", "combe", "cote", "croft", "dale", "den", "don", "ell",
    "er", "ey", "field", "ford", "gate", "ham", "head", "hill", "holme", "ing", "ington", "kin", "land", "ley", "low",
    "man", "mere", "more", "ridge", "royd", "sall", "shaw", "side", "son", "stall", "stead", "stone", "ton", "wade",
    "ward", "well", "wick", "wood", "worth",
];

const WARDS: &[&str] = &[
    "Alder Vale",
    "Bankfoot",
    "Calder Side",
    "Canal",
    "Clough Head",
    "Fernhurst",
    "Hollin Bank",
    "Kirk Hill",
    "Market",
    "Mill Brow",
    "Northgate",
    "Quarry",
    "Ravensholme",
    "Weavers",
];

const TEAMS: &[&str] = &["North", "South", "East", "West"];

/// The council that does not exist.
pub(crate) const TOWN: &str = "Millbeck";

pub(crate) fn first(chance: &mut Chance) -> &'static str {
    chance.one_of(FIRST)
}

/// A family name, of some three thousand.
pub(crate) fn last(chance: &mut Chance) -> String {
    let (start, end) = (chance.one_of(LAST_START), chance.one_of(LAST_END));
    // "Oak" + "kin": no letter three times over, and no letter doubled at the seam.
    let end = if start.chars().last() == end.chars().next() { &end[1..] } else { end };
    format!("{start}{end}")
}

pub(crate) fn ward(chance: &mut Chance) -> &'static str {
    chance.one_of(WARDS)
}

/// Practitioners keep their team: it follows from their number.
pub(crate) fn team(source: &str, practitioner: usize) -> String {
    let place = TEAMS[practitioner % TEAMS.len()];
    match source {
        "social_care" => format!("Social Work {place}"),
        "transforming_lives" => "Neighbourhoods".to_owned(),
        _ => format!("Early Help {place}"),
    }
}

/// A postcode in an area that the Royal Mail does not use.
pub(crate) fn postcode(chance: &mut Chance) -> String {
    const INWARD: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
    let (first, second) = (chance.one_of(INWARD), chance.one_of(INWARD));
    let (out, inside) = (chance.between(1, 9), chance.between(1, 9));
    format!("QW{out} {inside}{}{}", char::from(first), char::from(second))
}

const UPN_LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

/// A pupil number with its check letter before the twelve characters: local authority, school, year and serial.
/// In a temporary one the last is a letter.
pub(crate) fn upn(twelve: &str) -> String {
    let sum: usize = twelve
        .bytes()
        .zip(2_usize..)
        .map(|(byte, weight)| {
            let value = match byte {
                b'0'..=b'9' => usize::from(byte - b'0'),
                letter => UPN_LETTERS.iter().position(|known| *known == letter).unwrap_or(0),
            };
            value * weight
        })
        .sum();
    format!("{}{twelve}", char::from(UPN_LETTERS[sum % 23]))
}

/// The pupil number of a person of the simulation. No two are the same below some fifty million pupils.
///
/// `authority` is a number that the Department for Education has given to nobody, so that no number made here can be
/// a real child's; after every eight million pupils comes the next of 1, 2, 3 and so on, which nobody has either.
pub(crate) fn pupil_number(authority: u32, pupil: u64, started: i16, temporary: bool) -> String {
    let serial = pupil % 1000;
    let school = 2000 + pupil / 1000 % 8000;
    let authority = match pupil / 8_000_000 {
        0 => u64::from(authority),
        more => more % 200,
    };
    let year = started.rem_euclid(100);
    if temporary {
        let letter = char::from(UPN_LETTERS[(serial % 23) as usize]);
        upn(&format!("{authority:03}{school:04}{year:02}{:02}{letter}", serial % 100))
    } else {
        upn(&format!("{authority:03}{school:04}{year:02}{serial:03}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Examples of domain.md.
    #[test]
    fn check_letters_are_those_of_the_published_examples() {
        for full in ["W889200024001", "L889123424001", "R889400122017", "G88920002400A", "P207000016049"] {
            assert_eq!(upn(&full[1..]), full);
        }
    }

    #[test]
    fn pupil_numbers_have_thirteen_characters() {
        for pupil in [0, 999, 1000, 7_999_999, 8_000_000, 50_000_000] {
            assert_eq!(pupil_number(899, pupil, 2019, false).len(), 13);
            assert_eq!(pupil_number(899, pupil, 2007, true).len(), 13);
        }
    }
}

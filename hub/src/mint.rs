//! Everything random: ids, tokens, join codes, nicknames.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use messwerk_lessons::id::{LessonId, ThingId};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// The operating system's randomness. Without it no token would be safe to hand out, so there is nothing to fall back to.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[allow(clippy::expect_used, reason = "an operating system without randomness cannot run a hub")]
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A token: 128 random bits as 22 characters of base64url.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(random::<16>())
}

/// Whether a text has the shape of a token.
pub fn is_token(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// A lesson's id.
pub fn lesson_id() -> LessonId {
    LessonId(u64::from_le_bytes(random()))
}

/// A Thing's id.
pub fn thing_id() -> ThingId {
    ThingId(u64::from_le_bytes(random()))
}

/// Letters and digits that nobody mistakes for one another, read or heard: no I, L, O, U, 0, 1.
const CODE: &[u8; 30] = b"ABCDEFGHJKMNPQRSTVWXYZ23456789";

/// A join code. Six digits are the length that classroom.md works out for a hub in a school's own network; the first is not 0, so
/// that nobody leaves it out. Eight letters and digits (6.6e11 codes) are for a hub that many schools share.
pub fn join_code(length: usize) -> String {
    // Neither 900,000 nor 30 divides 2^64; the bias is below 1e-13.
    let draw = || u64::from_le_bytes(random());
    if length == 8 { (0..8).map(|_| char::from(CODE[(draw() % 30) as usize])).collect() } else { (100_000 + draw() % 900_000).to_string() }
}

/// A join code as it is stored, from how people type it: in groups, with small letters.
pub fn typed_code(typed: &str) -> String {
    let separator = |character: char| character.is_whitespace() || "-\u{2010}\u{2011}\u{2012}\u{2013}.".contains(character);
    typed.chars().filter(|character| !separator(*character)).map(|character| character.to_ascii_uppercase()).collect()
}

/// A language that nicknames exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// German, also for whoever does not say.
    German,
    /// English.
    English,
}

impl Language {
    /// The language of a tag such as `en` or `en-GB`; German for any other.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split('-').next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("en") { Self::English } else { Self::German }
    }

    /// The language that a nickname is written in, if that can be told.
    pub fn of_nickname(nickname: &str) -> Option<Self> {
        let look = look(nickname);
        let (colour, animal) = (usize::try_from(look.colour).ok()?, usize::try_from(look.animal).ok()?);
        let is = |language| written((colour, animal, look.letter), language) == nickname;
        match (is(Self::German), is(Self::English)) {
            (true, false) => Some(Self::German),
            (false, true) => Some(Self::English),
            _ => None,
        }
    }
}

/// Whether an animal is written `Roter …` or `Rotes …` in German. None here is feminine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gender {
    Masculine,
    Neuter,
}
use Gender::{Masculine, Neuter};

const ANIMALS: [(&str, Gender, &str); 24] = [
    ("Otter", Masculine, "Otter"),
    ("Fuchs", Masculine, "Fox"),
    ("Luchs", Masculine, "Lynx"),
    ("Dachs", Masculine, "Badger"),
    ("Biber", Masculine, "Beaver"),
    ("Igel", Masculine, "Hedgehog"),
    ("Adler", Masculine, "Eagle"),
    ("Falke", Masculine, "Falcon"),
    ("Storch", Masculine, "Stork"),
    ("Kranich", Masculine, "Crane"),
    ("Specht", Masculine, "Woodpecker"),
    ("Uhu", Masculine, "Owl"),
    ("Wal", Masculine, "Whale"),
    ("Delfin", Masculine, "Dolphin"),
    ("Seehund", Masculine, "Seal"),
    ("Krake", Masculine, "Octopus"),
    ("Lachs", Masculine, "Salmon"),
    ("Hecht", Masculine, "Pike"),
    ("Panda", Masculine, "Panda"),
    ("Tiger", Masculine, "Tiger"),
    ("Gepard", Masculine, "Cheetah"),
    ("Lama", Neuter, "Llama"),
    ("Koala", Masculine, "Koala"),
    ("Pinguin", Masculine, "Penguin"),
];

/// German, whether it takes an ending (lila, orange and türkis take none), English.
const COLOURS: [(&str, bool, &str); 8] = [
    ("Blau", true, "Blue"),
    ("Rot", true, "Red"),
    ("Grün", true, "Green"),
    ("Gelb", true, "Yellow"),
    ("Lila", false, "Purple"),
    ("Orange", false, "Orange"),
    ("Türkis", false, "Teal"),
    ("Grau", true, "Grey"),
];

/// Names in a lesson: colour, animal, letter.
const NAMES: u64 = (COLOURS.len() * ANIMALS.len()) as u64 * 26;

/// Colour, animal and letter in a language: `Roter Hecht A`, `Red Pike A`.
fn written((colour, animal, letter): (usize, usize, char), language: Language) -> String {
    let ((german, ends, english), (tier, gender, animal)) = (COLOURS[colour], ANIMALS[animal]);
    let end = match (ends, gender) {
        (false, _) => "",
        (true, Masculine) => "er",
        (true, Neuter) => "es",
    };
    match language {
        Language::German => format!("{german}{end} {tier} {letter}"),
        Language::English => format!("{english} {animal} {letter}"),
    }
}

/// Indices of colour and animal, and the letter, of a lesson's n-th name.
fn parts(lesson: LessonId, number: u64) -> (usize, usize, char) {
    let (animals, colours) = (ANIMALS.len() as u64, COLOURS.len() as u64);
    let place = (lesson.0 % 4096).wrapping_add(number);
    // Both indexes step with each number, so neighbours on the board differ in animal and colour; the letter counts
    // the rounds of all pairs.
    let animal = place % animals;
    let colour = (place + place / animals) % colours;
    let letter = char::from(b'A' + ((place / (animals * colours)) % 26) as u8);
    (colour as usize, animal as usize, letter)
}

/// A lesson's n-th nickname, from 1: colour, animal and letter, in the language of who joins; the first from there on
/// that none of the names that are `given` shows, in whatever language it is written. Where in the cycle a lesson starts is taken
/// from its id.
pub fn nickname(lesson: LessonId, number: u32, given: &[String], language: Language) -> String {
    let given: HashSet<_> = given.iter().map(|name| look(name)).map(|look| (look.colour, look.animal, look.letter)).collect();
    let numbers = u64::from(number)..u64::from(number) + NAMES;
    let mut free = numbers.map(|number| parts(lesson, number));
    let free = free.find(|&(colour, animal, letter)| !given.contains(&(colour as i32, animal as i32, letter)));
    // All 4,992 are given: more than a lesson has seats and groups for. Then two are called the same, and differ in their number.
    written(free.unwrap_or_else(|| parts(lesson, number.into())), language)
}

/// What a nickname is made of, in words that are the same in every language: what a page draws beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Look {
    /// Index of the colour, from 0; -1 if the name was not made here.
    #[schema(example = 2)]
    pub colour: i32,
    /// Index of the animal, from 0; -1 if the name was not made here.
    #[schema(example = 7)]
    pub animal: i32,
    /// The colour in English: `blue`, `red`, `green`, `yellow`, `purple`, `orange`, `teal`, `grey`.
    #[schema(example = "green")]
    pub colour_word: &'static str,
    /// The animal in English, in small letters.
    #[schema(example = "falcon")]
    pub animal_word: &'static str,
    /// Counts the rounds of all pairs: A, B, C …
    #[schema(value_type = String, example = "A")]
    pub letter: char,
}

/// The parts of a nickname, read from the name itself, so that they fit also after it was changed.
pub fn look(nickname: &str) -> Look {
    let mut words = nickname.split(' ');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let adjective = |german: &str| first.strip_prefix(german).is_some_and(|end| ["", "er", "es"].contains(&end));
    let colour = COLOURS.iter().position(|(german, _, english)| first == *english || adjective(german));
    let animal = ANIMALS.iter().position(|(german, _, english)| second == *german || second == *english);
    Look {
        colour: colour.map_or(-1, |index| index as i32),
        animal: animal.map_or(-1, |index| index as i32),
        colour_word: colour.map_or("", |index| COLOUR_WORDS[index]),
        animal_word: animal.map_or("", |index| ANIMAL_WORDS[index]),
        letter: words.next().and_then(|letter| letter.chars().next()).unwrap_or('A'),
    }
}

const COLOUR_WORDS: [&str; COLOURS.len()] = ["blue", "red", "green", "yellow", "purple", "orange", "teal", "grey"];
const ANIMAL_WORDS: [&str; ANIMALS.len()] = [
    "otter",
    "fox",
    "lynx",
    "badger",
    "beaver",
    "hedgehog",
    "eagle",
    "falcon",
    "stork",
    "crane",
    "woodpecker",
    "owl",
    "whale",
    "dolphin",
    "seal",
    "octopus",
    "salmon",
    "pike",
    "panda",
    "tiger",
    "cheetah",
    "llama",
    "koala",
    "penguin",
];

/// Nouns that are written the same in German and English, so that a German board and an English phone show the same. None is
/// an animal or colour of a nickname.
const WORDS: [&str; 64] = [
    "Arm", "Atom", "Ball", "Band", "Banjo", "Bank", "Bus", "Butter", "Computer", "Delta", "Dingo", "Echo", "Film", "Finger", "Flamingo",
    "Garage", "Gold", "Gorilla", "Hammer", "Hamster", "Hand", "Hotel", "Iris", "Jaguar", "Jupiter", "Ketchup", "Kiwi", "Laser", "Lava",
    "Lotus", "Magnet", "Mango", "Mars", "Motor", "Museum", "Name", "Nest", "Orion", "Park", "Piano", "Pizza", "Planet", "Pluto", "Puma",
    "Python", "Radar", "Radio", "Ring", "Rose", "Rotor", "Safari", "Salami", "Sand", "Saturn", "Signal", "Sofa", "Taxi", "Toast", "Tuba",
    "Tunnel", "Venus", "Wind", "Winter", "Zebra",
];

/// Two words that board and phones of a lesson show, of its join token: whoever scanned somebody else's code sees others, but for
/// one time in 4032.
pub fn words(lesson_token: &str) -> [&'static str; 2] {
    let digest = Sha256::digest(lesson_token.as_bytes());
    let (first, step) = (usize::from(digest[0] % 64), 1 + usize::from(digest[1]) % 63);
    [WORDS[first], WORDS[(first + step) % 64]]
}

#[cfg(test)]
mod tests;

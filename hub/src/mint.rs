//! Everything random: ids, tokens, join codes, nicknames.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use messwerk_lessons::id::{LessonId, ThingId};

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

/// A join code: six digits, the length classroom.md works out for a hub in a school's own network. The first is not 0,
/// so that nobody leaves it out.
pub fn join_code() -> String {
    // 900,000 does not divide 2^64; the bias is below 1e-13.
    (100_000 + u64::from_le_bytes(random()) % 900_000).to_string()
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

    fn pick(self, (german, english): (&'static str, &'static str)) -> &'static str {
        match self {
            Self::German => german,
            Self::English => english,
        }
    }
}

const ANIMALS: [(&str, &str); 24] = [
    ("Otter", "Otter"),
    ("Fuchs", "Fox"),
    ("Luchs", "Lynx"),
    ("Dachs", "Badger"),
    ("Biber", "Beaver"),
    ("Igel", "Hedgehog"),
    ("Adler", "Eagle"),
    ("Falke", "Falcon"),
    ("Storch", "Stork"),
    ("Kranich", "Crane"),
    ("Specht", "Woodpecker"),
    ("Uhu", "Owl"),
    ("Wal", "Whale"),
    ("Delfin", "Dolphin"),
    ("Seehund", "Seal"),
    ("Krake", "Octopus"),
    ("Lachs", "Salmon"),
    ("Hecht", "Pike"),
    ("Panda", "Panda"),
    ("Tiger", "Tiger"),
    ("Gepard", "Cheetah"),
    ("Lama", "Llama"),
    ("Koala", "Koala"),
    ("Pinguin", "Penguin"),
];
const COLOURS: [(&str, &str); 8] = [
    ("Blau", "Blue"),
    ("Rot", "Red"),
    ("Grün", "Green"),
    ("Gelb", "Yellow"),
    ("Lila", "Purple"),
    ("Orange", "Orange"),
    ("Türkis", "Teal"),
    ("Grau", "Grey"),
];

/// The nickname of a lesson's n-th Thing, from 1: colour, animal and letter, in the language of who joins. Every number of
/// a lesson has another name, whatever its language; where in the cycle a lesson starts is taken from its id.
pub fn nickname(lesson: LessonId, number: u32, language: Language) -> String {
    let (animals, colours) = (ANIMALS.len() as u64, COLOURS.len() as u64);
    let place = (lesson.0 % 4096).wrapping_add(u64::from(number));
    // Both indexes step with each number, so neighbours on the board differ in animal and colour; the letter counts
    // the rounds of all pairs.
    let animal = place % animals;
    let colour = (place + place / animals) % colours;
    let letter = char::from(b'A' + ((place / (animals * colours)) % 26) as u8);
    format!("{} {} {letter}", language.pick(COLOURS[colour as usize]), language.pick(ANIMALS[animal as usize]))
}

#[cfg(test)]
mod tests;

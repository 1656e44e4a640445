//! One walk over the Markdown: safe HTML for each section, and everything that should not be there.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::{SECTIONS, for_pupils, heading};
use crate::template::Language;

/// The deepest nesting of lists and quotes; more would only cost time.
const DEEPEST: usize = 16;

/// Something in a text that should not be there, or is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bundle) enum Trouble {
    /// A second-level heading that is none of ours.
    UnknownHeading(String),
    /// One that stands twice.
    Twice(&'static str),
    /// One that comes before one it should follow.
    Order(&'static str),
    /// One that is missing.
    Missing(&'static str),
    /// One without any text.
    Empty(&'static str),
    /// Text before the first heading, or a first-level heading.
    Outside,
    /// HTML.
    Html,
    /// A link that is not `https://`.
    Link(String),
    /// A picture that does not lie in `assets/`.
    Picture(String),
    /// A picture without description.
    NoAlt(String),
    /// Lists in lists in lists.
    Deep,
    /// Hard to read for pupils; the readability index.
    Hard(u32),
}

/// A text that was walked.
pub(in crate::bundle) struct Read {
    /// The HTML of each section.
    pub(in crate::bundle) parts: Vec<Option<String>>,
    /// What should not be there, and at which byte.
    pub(in crate::bundle) troubles: Vec<(usize, Trouble)>,
    /// The pictures it shows.
    pub(in crate::bundle) pictures: BTreeSet<String>,
}

/// What is collected of the section at hand.
struct Walk<'t> {
    language: Language,
    base: &'t str,
    out: Read,
    section: Option<usize>,
    /// Below a heading that was complained about; what stands there is not looked at.
    lost: bool,
    events: Vec<Event<'t>>,
    /// Text of the section at hand, to see whether it has any.
    said: bool,
    pupils_text: String,
    /// Addresses of the links at hand.
    links: Vec<String>,
    picture: Option<(usize, String, String)>,
    heading: Option<(HeadingLevel, usize, String)>,
    depth: usize,
}

pub(in crate::bundle) fn read(text: &str, language: Language, base: &str) -> Read {
    let out = Read { parts: vec![None; SECTIONS.len()], troubles: vec![], pictures: BTreeSet::new() };
    let mut walk = Walk {
        language,
        base,
        out,
        section: None,
        lost: false,
        events: vec![],
        said: false,
        pupils_text: String::new(),
        links: vec![],
        picture: None,
        heading: None,
        depth: 0,
    };
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        walk.event(event, &range);
    }
    walk.close();
    for index in 0..SECTIONS.len() {
        if walk.out.parts[index].is_none() {
            walk.out.troubles.push((text.len(), Trouble::Missing(heading(index, language))));
        }
    }
    if let Some(index) = hard(&walk.pupils_text, language) {
        walk.out.troubles.push((0, Trouble::Hard(index)));
    }
    walk.out
}

impl<'t> Walk<'t> {
    fn trouble(&mut self, at: usize, trouble: Trouble) {
        if self.out.troubles.len() < 100 {
            self.out.troubles.push((at, trouble));
        }
    }

    /// Ends the section at hand.
    fn close(&mut self) {
        let Some(index) = self.section.take() else { return };
        let mut rendered = String::new();
        html::push_html(&mut rendered, self.events.drain(..));
        self.out.parts[index] = Some(rendered);
        if !self.said {
            self.trouble(0, Trouble::Empty(heading(index, self.language)));
        }
    }

    fn event(&mut self, event: Event<'t>, range: &Range<usize>) {
        if self.heading.is_some() {
            return self.in_heading(event, range);
        }
        match event {
            Event::Start(Tag::Heading { level: level @ (HeadingLevel::H1 | HeadingLevel::H2), .. }) => {
                self.heading = Some((level, range.start, String::new()));
            }
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => self.trouble(range.start, Trouble::Html),
            Event::End(TagEnd::HtmlBlock) => {}
            _ if self.picture.is_some() => self.in_picture(event),
            Event::Start(Tag::Image { dest_url, .. }) => self.picture = Some((range.start, dest_url.into_string(), String::new())),
            Event::Start(Tag::Link { dest_url, .. }) => {
                if !is_address(&dest_url) {
                    self.trouble(range.start, Trouble::Link(dest_url.chars().take(60).collect()));
                }
                self.links.push(dest_url.into_string());
            }
            Event::End(TagEnd::Link) => {
                // Shown, not followed: no page of ours leads out of the hub.
                if let Some(address) = self.links.pop().filter(|address| is_address(address)) {
                    self.push(Event::Text(CowStr::from(format!(" ({address})"))));
                }
            }
            Event::Text(text) => self.text(text, range),
            Event::Code(text) => {
                self.said = true;
                self.push(Event::Code(text));
            }
            Event::Start(tag @ (Tag::List(_) | Tag::BlockQuote(_) | Tag::Item)) => {
                self.depth += 1;
                if self.depth == DEEPEST {
                    self.trouble(range.start, Trouble::Deep);
                }
                if self.depth < DEEPEST {
                    self.push(Event::Start(tag));
                }
            }
            Event::End(tag @ (TagEnd::List(_) | TagEnd::BlockQuote(_) | TagEnd::Item)) => {
                if self.depth < DEEPEST {
                    self.push(Event::End(tag));
                }
                self.depth = self.depth.saturating_sub(1);
            }
            // A code block's language would become a class; nobody needs it.
            Event::Start(Tag::CodeBlock(_)) => self.push(Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented))),
            other => self.push(other),
        }
    }

    fn text(&mut self, text: CowStr<'t>, range: &Range<usize>) {
        if self.section.is_none() && !self.lost && !text.trim().is_empty() {
            self.lost = true;
            self.trouble(range.start, Trouble::Outside);
        }
        self.said |= !text.trim().is_empty();
        if self.section.is_some_and(for_pupils) {
            self.pupils_text.push_str(&text);
            self.pupils_text.push(' ');
        }
        self.push(Event::Text(text));
    }

    fn push(&mut self, event: Event<'t>) {
        if self.section.is_some() {
            if matches!(event, Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_))) {
                // A line of a list is a sentence too.
                self.pupils_text.push_str(". ");
            }
            self.events.push(event);
        }
    }

    fn in_heading(&mut self, event: Event<'t>, range: &Range<usize>) {
        match event {
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, _, words)) = &mut self.heading {
                    words.push_str(&text);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => self.trouble(range.start, Trouble::Html),
            Event::End(TagEnd::Heading(_)) => {
                let Some((level, at, words)) = self.heading.take() else { return };
                self.close();
                self.lost = true;
                if level == HeadingLevel::H1 {
                    return self.trouble(at, Trouble::Outside);
                }
                let found = (0..SECTIONS.len()).find(|index| heading(*index, self.language) == words.trim());
                let Some(index) = found else {
                    return self.trouble(at, Trouble::UnknownHeading(words.chars().take(60).collect()));
                };
                if self.out.parts[index].is_some() {
                    return self.trouble(at, Trouble::Twice(heading(index, self.language)));
                }
                if self.out.parts[index..].iter().any(Option::is_some) {
                    self.trouble(at, Trouble::Order(heading(index, self.language)));
                }
                (self.section, self.said) = (Some(index), false);
            }
            _ => {}
        }
    }

    fn in_picture(&mut self, event: Event<'t>) {
        match event {
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, _, alt)) = &mut self.picture {
                    alt.push_str(&text);
                }
            }
            Event::End(TagEnd::Image) => {
                let Some((at, path, alt)) = self.picture.take() else { return };
                if alt.trim().is_empty() {
                    self.trouble(at, Trouble::NoAlt(path.chars().take(60).collect()));
                }
                let own = path.starts_with("assets/") && super::super::content::belongs(&path);
                if !own {
                    return self.trouble(at, Trouble::Picture(path.chars().take(60).collect()));
                }
                self.said = true;
                let source = format!("{}{path}", self.base);
                self.out.pictures.insert(path);
                let (shown, described) = (escaped(&source), escaped(alt.trim()));
                self.push(Event::InlineHtml(CowStr::from(format!("<img src=\"{shown}\" alt=\"{described}\" loading=\"lazy\">"))));
            }
            _ => {}
        }
    }
}

/// For a place between double quotes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An address that may be shown.
fn is_address(address: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\');
    address.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(plain)) && address.len() <= 300
}

/// The readability index LIX (Björnsson, Läsbarhet, 1968: words per sentence plus the percentage of words of more than six letters), if it
/// is beyond what a ninth-grader reads with ease. German has longer words.
fn hard(text: &str, language: Language) -> Option<u32> {
    let words: Vec<&str> = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| word.chars().any(char::is_alphabetic)).collect();
    // What is between two of these is a sentence if it has words.
    let has_words = |part: &&str| part.chars().any(char::is_alphabetic);
    let sentences = text.split(['.', '!', '?', ':', ';']).filter(has_words).count();
    if words.len() < 100 || sentences == 0 {
        return None;
    }
    let long = words.iter().filter(|word| word.chars().count() > 6).count();
    let index = words.len() as f64 / sentences as f64 + 100.0 * long as f64 / words.len() as f64;
    let most = if language == Language::De { 55.0 } else { 48.0 };
    (index > most).then_some(index as u32)
}

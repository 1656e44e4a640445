//! The pages' texts: both languages say the same things, in the part of Fluent that `www/fluent.js` reads; no page asks
//! for a text that is not there, and no text waits for a page that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// Keys with the variables each uses.
type Messages = BTreeMap<String, BTreeSet<String>>;

const FILES: [&str; 10] = ["common", "phone", "console", "board", "info", "release", "compare", "editor", "station", "sky"];

fn www() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../viz-wasm/www")
}

fn messages(language: &str, name: &str, faults: &mut Vec<String>) -> Messages {
    let path = www().join("words").join(language).join(format!("{name}.ftl"));
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let at = format!("{language}/{name}.ftl");
    // fluent.js tells a message that goes on by its indentation.
    for line in source.lines() {
        let begins = line.starts_with(|first: char| first.is_ascii_lowercase() || first == '#' || first == ' ');
        if !line.is_empty() && !begins {
            faults.push(format!("{at}: the line begins neither a message nor a comment nor is it indented: {line}"));
        }
    }
    let resource = fluent_syntax::parser::parse(source.as_str()).unwrap_or_else(|(_, errors)| panic!("{at}: {errors:?}"));
    let mut found = Messages::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let key = message.id.name.to_owned();
                let mut variables = BTreeSet::new();
                match &message.value {
                    Some(pattern) if message.attributes.is_empty() => read(pattern, &mut variables, &format!("{at}: {key}"), faults),
                    _ => faults.push(format!("{at}: {key} has attributes or no value")),
                }
                if found.insert(key.clone(), variables).is_some() {
                    faults.push(format!("{at}: {key} is there twice"));
                }
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            other => faults.push(format!("{at}: fluent.js does not read {other:?}")),
        }
    }
    found
}

/// Collects the variables of a pattern, and what `fluent.js` would not understand.
fn read(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>, at: &str, faults: &mut Vec<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(InlineExpression::VariableReference { id }) => {
                variables.insert(id.name.to_owned());
            }
            Expression::Inline(InlineExpression::StringLiteral { value }) if !value.contains('\\') => {}
            Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
                variables.insert(id.name.to_owned());
                for variant in variants {
                    read(&variant.value, variables, at, faults);
                }
            }
            other => faults.push(format!("{at}: fluent.js does not read {other:?}")),
        }
    }
}

/// Reads both languages of every file, once they agree.
fn all(faults: &mut Vec<String>) -> BTreeMap<&'static str, Messages> {
    FILES
        .into_iter()
        .map(|name| {
            let (german, english) = (messages("de", name, faults), messages("en", name, faults));
            for key in german.keys().chain(english.keys()).collect::<BTreeSet<_>>() {
                match (german.get(key), english.get(key)) {
                    (Some(one), Some(other)) if one == other => {}
                    (Some(one), Some(other)) => faults.push(format!("{name}.ftl: {key} uses {one:?} in German and {other:?} in English")),
                    (one, _) => {
                        faults.push(format!("{name}.ftl: {key} is missing in {}", if one.is_none() { "German" } else { "English" }))
                    }
                }
            }
            (name, german)
        })
        .collect()
}

/// What a source asks for.
#[derive(Default)]
struct Uses {
    keys: BTreeSet<String>,
    /// Of keys that are put together: `text(`state-${name}`)`.
    prefixes: BTreeSet<String>,
}

/// The argument that begins here: up to the comma or parenthesis that ends it.
fn argument(source: &str) -> &str {
    let (mut depth, mut quote) = (0, None);
    for (at, letter) in source.char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') if depth > 0 => depth -= 1,
            (None, ')' | ',') if depth == 0 => return &source[..at],
            (None, _) => {}
        }
    }
    source
}

/// The literals of an argument that can be its value: not those inside a call or a template, nor those compared with.
fn literals(argument: &str) -> Vec<String> {
    let (mut found, mut depth, mut template) = (Vec::new(), 0_i32, false);
    let mut rest = argument;
    while let Some(at) = rest.find(['"', '`', '(', ')']) {
        let (before, letter) = (&rest[..at], &rest[at..=at]);
        rest = &rest[at + 1..];
        match letter {
            "`" => template = !template,
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {
                let Some((literal, after)) = rest.split_once('"') else { break };
                rest = after;
                if depth == 0 && !template && !literal.is_empty() && !before.trim_end().ends_with("==") {
                    found.push(literal.to_owned());
                }
            }
        }
    }
    found
}

impl Uses {
    fn page(&mut self, source: &str) {
        for attribute in ["data-t=\"", "data-t-label=\""] {
            self.keys.extend(source.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }

    /// Calls of `text` and `known` with keys written out, also in a choice between two.
    fn script(&mut self, source: &str) {
        for call in ["text(", "known("] {
            for (at, _) in source.match_indices(call) {
                let before = source[..at].chars().next_back();
                if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '.' || letter == '_') {
                    continue;
                }
                let argument = argument(&source[at + call.len()..]);
                self.keys.extend(literals(argument));
                for template in argument.split('`').skip(1).step_by(2) {
                    if let Some((prefix, _)) = template.split_once("${").filter(|(prefix, _)| !prefix.is_empty()) {
                        self.prefixes.insert(prefix.to_owned());
                    }
                }
            }
        }
    }
}

/// How templates that could be keys begin, wherever they stand: they also travel through variables.
fn templates(source: &str) -> BTreeSet<String> {
    let begins = source.split('`').filter_map(|part| part.split_once("${")).map(|(prefix, _)| prefix);
    let key =
        |prefix: &&str| prefix.len() > 3 && prefix.ends_with('-') && prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    begins.filter(key).map(str::to_owned).collect()
}

fn sources(extension: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![www()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("pkg") {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found
}

/// A script and everything it imports from beside it.
fn with_imports(script: &Path, into: &mut BTreeMap<PathBuf, String>) {
    let Ok(path) = script.canonicalize() else { return };
    if path.components().any(|part| part.as_os_str() == "pkg") || into.contains_key(&path) {
        return;
    }
    let source = fs::read_to_string(&path).unwrap();
    into.insert(path.clone(), source.clone());
    for begin in ["from \"./", "from \"../", "import(\"./", "import(\"../", "import \"./", "import \"../"] {
        let up = if begin.ends_with("../") { "../" } else { "" };
        for target in source.split(begin).skip(1).filter_map(|rest| rest.split('"').next()) {
            with_imports(&path.with_file_name(format!("{up}{target}")), into);
        }
    }
}

#[test]
fn both_languages_say_the_same_things_in_the_fluent_that_the_pages_read() {
    let mut faults = Vec::new();
    all(&mut faults);
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_page_finds_its_texts() {
    let all = all(&mut Vec::new());
    let mut faults = Vec::new();
    for page in sources("html") {
        let source = fs::read_to_string(&page).unwrap();
        let named = source.split("data-words=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let own: Vec<_> = ["common"].into_iter().chain(named.split(' ')).filter_map(|name| all.get(name)).collect();
        let mut uses = Uses::default();
        uses.page(&source);
        let mut scripts = BTreeMap::new();
        for script in source.split("src=\"/assets/").skip(1).filter_map(|rest| rest.split('"').next()) {
            with_imports(&www().join(script), &mut scripts);
        }
        scripts.values().for_each(|script| uses.script(script));
        let page = page.file_name().unwrap().display();
        for key in uses.keys.iter().filter(|key| !own.iter().any(|file| file.contains_key(*key))) {
            faults.push(format!("{page} (words: common {named}) asks for {key}"));
        }
        for prefix in uses.prefixes.iter().filter(|prefix| !own.iter().any(|file| file.keys().any(|key| key.starts_with(*prefix)))) {
            faults.push(format!("{page} (words: common {named}) asks for {prefix}…"));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_text_is_asked_for() {
    let mut uses = Uses::default();
    let mut literals = BTreeSet::new();
    for page in sources("html") {
        uses.page(&fs::read_to_string(page).unwrap());
    }
    for script in sources("js") {
        let source = fs::read_to_string(script).unwrap();
        uses.script(&source);
        // Keys also travel through tables and variables; a literal that reads like the key is taken for it.
        literals.extend(source.split('"').skip(1).step_by(2).map(str::to_owned));
        uses.prefixes.extend(templates(&source));
        literals.extend(source.lines().flat_map(|line| line.split('"').skip(1).step_by(2)).map(str::to_owned));
    }
    let asked = |key: &String| {
        uses.keys.contains(key) || literals.contains(key) || uses.prefixes.iter().any(|prefix| key.starts_with(prefix.as_str()))
    };
    let all = all(&mut Vec::new());
    let idle: Vec<_> = all.iter().flat_map(|(file, keys)| keys.keys().map(move |key| (file, key))).filter(|(_, key)| !asked(key)).collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

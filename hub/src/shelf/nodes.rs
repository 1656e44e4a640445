//! Texts as a tree of elements: a page's policy lets no text become markup, so a page makes its elements one by one.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Value, json};

/// Safe HTML of a template's text ([`Section::html`](messwerk_lessons::bundle::Section::html)) as nodes: a string, or
/// `{tag, children}` with `href`, or `src` and `alt`. What cannot be taken apart is told as it stands.
pub fn nodes(html: &str) -> Vec<Value> {
    tree(html).unwrap_or_else(|| vec![json!({"tag": "pre", "children": [html]})])
}

struct Open {
    node: Value,
    children: Vec<Value>,
}

fn tree(html: &str) -> Option<Vec<Value>> {
    let mut reader = Reader::from_str(html);
    let mut open = vec![Open { node: Value::Null, children: vec![] }];
    loop {
        match reader.read_event().ok()? {
            Event::Eof => break,
            Event::Start(start) => open.push(Open { node: node(&start)?, children: vec![] }),
            Event::Empty(start) => open.last_mut()?.children.push(node(&start)?),
            Event::End(_) => {
                let Open { mut node, children } = open.pop()?;
                node["children"] = Value::Array(children);
                open.last_mut()?.children.push(node);
            }
            Event::Text(text) => say(&mut open, &text)?,
            Event::GeneralRef(reference) => {
                let said = match reference.resolve_char_ref().ok()? {
                    Some(letter) => letter.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&reference)?.to_owned(),
                };
                say(&mut open, &said)?;
            }
            _ => return None,
        }
    }
    let Open { children, .. } = open.pop().filter(|_| open.is_empty())?;
    Some(children)
}

/// Puts text where it stands; texts beside each other become one.
fn say(open: &mut [Open], said: &str) -> Option<()> {
    let children = &mut open.last_mut()?.children;
    if let Some(Value::String(before)) = children.last_mut() {
        before.push_str(said);
    } else if !(said.trim().is_empty() && said.contains('\n')) {
        children.push(Value::String(said.to_owned()));
    }
    Some(())
}

fn node(start: &BytesStart<'_>) -> Option<Value> {
    let mut node = json!({"tag": start.name().as_ref()});
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let name = attribute.key.as_ref().to_owned();
        if ["href", "src", "alt"].contains(&name.as_str()) {
            node[name] = json!(quick_xml::escape::unescape(&attribute.value).ok()?);
        }
    }
    Some(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_elements_and_texts() {
        let told = nodes(
            "<p>Ein <em>Pendel</em> &amp; mehr &lt;script&gt;</p>\n<ul>\n<li>a</li>\n</ul><img src=\"/x/a.png\" alt=\"&quot;Bild&quot;\" /><br />",
        );
        let expected = json!([
            {"tag": "p", "children": ["Ein ", {"tag": "em", "children": ["Pendel"]}, " & mehr <script>"]},
            {"tag": "ul", "children": [{"tag": "li", "children": ["a"]}]},
            {"tag": "img", "src": "/x/a.png", "alt": "\"Bild\""},
            {"tag": "br"},
        ]);
        assert_eq!(Value::Array(told), expected);
    }

    #[test]
    fn what_is_no_markup_is_told_as_it_stands() {
        for broken in ["<p>open", "a</p>", "<p>&unheard;</p>", "<p><b></p></b>"] {
            assert_eq!(nodes(broken), [json!({"tag": "pre", "children": [broken]})], "{broken}");
        }
        assert_eq!(nodes(""), Vec::<Value>::new());
    }
}

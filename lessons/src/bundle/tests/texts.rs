use super::*;

fn html(markdown: &str) -> String {
    let text = text(Language::En).replacen("Ein Satz. One sentence.", markdown, 1);
    with("en.md", Some(text.as_bytes())).texts(Language::En).unwrap().section("goals").unwrap().html.clone()
}

#[test]
fn sections_come_in_their_order_with_safe_html() {
    let sections = bundle().texts_at(Language::De, "/t/pendulum/").unwrap();
    assert_eq!(sections.0.iter().map(|section| section.key).collect::<Vec<_>>(), SECTIONS.map(|(key, ..)| key));
    let goals = sections.section("goals").unwrap();
    assert_eq!((goals.heading.as_str(), goals.teacher), ("Ziele", true));
    assert!(
        goals.html.contains("<img src=\"/t/pendulum/assets/setup.png\" alt=\"Ein Handy am Faden\" loading=\"lazy\">"),
        "{}",
        goals.html
    );
    assert!(!sections.section("safety").unwrap().teacher);
    assert_eq!(with("de.md", None).texts(Language::De), None);
}

#[test]
fn nothing_of_an_authors_markup_gets_through() {
    let check = |markdown: &str, has: &str, has_not: &[&str]| {
        let html = html(markdown);
        assert!(html.contains(has), "{markdown}: {html}");
        has_not.iter().for_each(|part| assert!(!html.to_lowercase().contains(part), "{markdown}: {html}"));
    };
    check("a **b** *c*\n\n- one\n- two", "<strong>b</strong>", &[]);
    check("| a | b |\n|---|---|\n| 1 | 2 |", "<table>", &[]);
    check("### Deeper\n\nx", "<h3>Deeper</h3>", &[]);
    check("x <script>alert(1)</script> y", "alert(1)", &["<script"]);
    check("<div onclick=\"x\">\n\nhello\n\n</div>", "hello", &["<div", "onclick"]);
    check("<img src=x onerror=alert(1)>", "", &["<img", "onerror"]);
    check("[a](https://example.org/x?y=1&z=2)", "a (https://example.org/x?y=1&amp;z=2)", &["<a", "href"]);
    check("[a](javascript:alert(1))", "a", &["javascript", "<a"]);
    check("[a](http://example.org)", "a", &["http:", "<a"]);
    check("[a](https://x\"onclick=1)", "a", &["<a", "href"]);
    check("<https://example.org>", "https://example.org", &["<a"]);
    check("![x](https://example.org/x.png)", "", &["<img", "example.org"]);
    check("![x](assets/../../x.png)", "", &["<img"]);
    check("![\"><script>](assets/setup.png)", "alt=\"&quot;&gt;", &["<script"]);
    check("`<b>`", "<code>&lt;b&gt;</code>", &["<b>"]);
    check("```html onload=x\n<b>\n```", "<pre><code>&lt;b&gt;", &["onload", "<b>"]);
    check("&lt;script&gt;", "&lt;script&gt;", &["<script"]);
    let deep = "> ".repeat(2000) + "x";
    assert!(html(&deep).matches("<blockquote>").count() < 20);
}

#[test]
fn what_should_not_be_there_is_told_with_its_line() {
    let check = |from: &str, to: &str, expected: &[&str]| {
        let text = text(Language::En);
        assert!(text.contains(from), "{from}");
        let bundle = with("en.md", Some(text.replacen(from, to, 1).as_bytes()));
        let findings = lint(&bundle);
        assert_eq!(told(&findings, Level::Error), expected, "{to}");
        assert!(findings.iter().all(|finding| !finding.text.de.is_empty() && !finding.fix.de.is_empty()));
    };
    check("## Goals", "## Aims", &["en.md:1 heading", "en.md:45 missing"]);
    check("## Measure", "## Measrue", &["en.md:21 heading", "en.md:45 missing"]);
    check("## Safety", "## Goals", &["en.md:13 twice", "en.md:45 missing"]);
    check("## Goals", "# My lesson\n\n## Goals", &["en.md:1 outside"]);
    check("## Goals", "Hello\n\n## Goals", &["en.md:1 outside"]);
    check("Ein Satz. One sentence.", "", &["en.md:1 empty"]);
    check("Ein Satz.", "<b>x</b>", &["en.md:3 html", "en.md:3 html"]);
    check("Ein Satz.", "![](assets/setup.png)", &["en.md:3 alt"]);
    check("Ein Satz.", "![x](x.svg)", &["en.md:3 picture_path"]);
    check("Ein Satz.", "[x](http://example.org)", &["en.md:3 link"]);
    check("Ein Satz.", "![x](assets/none.png)", &["en.md:3 missing_picture"]);
    assert_eq!(told(&lint(&with("en.md", None)), Level::Error), ["en.md:0 missing_file"]);
    assert_eq!(told(&lint(&with("en.md", Some(&[0xff, 0xfe]))), Level::Error), ["en.md:0 no_text"]);
    let safety_and_goals =
        text(Language::En).replacen("## Goals", "## X", 1).replacen("## Safety", "## Goals", 1).replacen("## X", "## Safety", 1);
    assert_eq!(
        told(&lint(&with("en.md", Some(safety_and_goals.as_bytes()))), Level::Error),
        ["en.md:5 order", "en.md:9 order", "en.md:13 order"]
    );
}

#[test]
fn long_words_in_long_sentences_are_hard() {
    let long =
        "Unter Berücksichtigung sämtlicher Rahmenbedingungen untersuchen Schülerinnen, inwiefern Beschleunigungssensoren ".repeat(12);
    let text = text(Language::De).replace("Ein Satz. One sentence.", &long);
    assert_eq!(
        told(&lint(&with("de.md", Some(text.as_bytes()))), Level::Hint).first().map(String::as_str),
        Some("assets/setup.png:0 unused")
    );
    assert!(lint(&with("de.md", Some(text.as_bytes()))).iter().any(|finding| finding.code == "hard"));
}

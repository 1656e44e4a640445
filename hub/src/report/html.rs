//! A page, element by element. Every text is escaped on its way in: there is no way to write markup but by naming an element,
//! and drawings, which the hub made itself.

/// Markup in the making.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// `<name key="value" …>…</name>`.
    pub(super) fn element(&mut self, name: &'static str, attributes: &[(&'static str, &str)], inside: impl FnOnce(&mut Self)) {
        self.open(name, attributes);
        inside(self);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push_str(">\n");
    }

    /// An element that has nothing within it.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) {
        self.open(name, attributes);
        self.0.push('\n');
    }

    fn open(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) {
        self.0.push('<');
        self.0.push_str(name);
        for (key, value) in attributes {
            self.0.push(' ');
            self.0.push_str(key);
            self.0.push_str("=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// `<name>text</name>`.
    pub(super) fn line(&mut self, name: &'static str, text: &str) {
        self.element(name, &[], |inside| inside.text(text));
    }

    /// `<name class="…">text</name>`.
    pub(super) fn styled(&mut self, name: &'static str, class: &str, text: &str) {
        self.element(name, &[("class", class)], |inside| inside.text(text));
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // Nothing that prints, and XML's readers stumble over it.
                control if control.is_control() && !matches!(control, '\n' | '\t') => self.0.push(' '),
                other => self.0.push(other),
            }
        }
    }

    /// What was made apart.
    pub(super) fn append(&mut self, other: Self) {
        self.0.push_str(&other.0);
    }

    /// A drawing of the hub's own.
    pub(super) fn drawing(&mut self, svg: &str) {
        self.0.push_str(svg);
        self.0.push('\n');
    }

    /// The page around it all.
    pub(super) fn page(language: &str, title: &str, inside: impl FnOnce(&mut Self)) -> String {
        let mut page = Self("<!doctype html>\n".to_owned());
        page.element("html", &[("lang", language)], |html| {
            html.element("head", &[], |head| {
                head.empty("meta", &[("charset", "utf-8")]);
                head.empty("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
                head.line("title", title);
                head.empty("link", &[("rel", "icon"), ("href", "/assets/icon.svg"), ("type", "image/svg+xml")]);
                head.empty("link", &[("rel", "stylesheet"), ("href", "/assets/report.css")]);
            });
            html.element("body", &[("class", language)], |body| body.element("main", &[], inside));
        });
        page.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        let page = Html::page("de", "</title><script>", |body| {
            body.styled("p", "\" onload=\"x", "<b>&amp; 'x'\u{0}\u{202e}");
        });
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains(" onload=\"") && !page.contains('\u{0}'), "{page}");
        assert!(page.contains("&lt;b&gt;&amp;amp; &#39;x&#39;"), "{page}");
    }
}

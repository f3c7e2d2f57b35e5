//! HTML made of parts: text is always escaped, a tag's name is always ours.
use std::fmt::Write as _;

/// A piece of a page that is safe to show.
#[derive(Clone, Default)]
pub(crate) struct Html(String);

impl Html {
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

/// Attributes; an empty value writes the bare name (`required`).
pub(crate) type Attrs<'a> = &'a [(&'static str, &'a str)];

pub(crate) fn text(text: &str) -> Html {
    let mut out = String::with_capacity(text.len());
    escape(&mut out, text);
    Html(out)
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

pub(crate) fn tag(
    name: &'static str,
    attrs: Attrs<'_>,
    inside: impl IntoIterator<Item = Html>,
) -> Html {
    let mut out = open(name, attrs);
    inside.into_iter().for_each(|part| out.push_str(&part.0));
    let _infallible = write!(out, "</{name}>");
    Html(out)
}

/// A tag that holds nothing: `input`, `meta`, `link`, `br`.
pub(crate) fn void(name: &'static str, attrs: Attrs<'_>) -> Html {
    Html(open(name, attrs))
}

fn open(name: &'static str, attrs: Attrs<'_>) -> String {
    let mut out = format!("<{name}");
    for (attr, value) in attrs {
        out.push(' ');
        out.push_str(attr);
        if !value.is_empty() {
            out.push_str("=\"");
            escape(&mut out, value);
            out.push('"');
        }
    }
    out.push('>');
    out
}

/// A tag with text inside.
pub(crate) fn say(name: &'static str, attrs: Attrs<'_>, words: &str) -> Html {
    tag(name, attrs, [text(words)])
}

pub(crate) fn all(parts: impl IntoIterator<Item = Html>) -> Html {
    Html(parts.into_iter().map(|p| p.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_people_type_stays_text() {
        let evil = "<script>alert('x')</script>\" onload=\"x";
        let shown = say("p", &[("title", evil)], evil).into_text();
        assert!(!shown.contains("<script") && !shown.contains("\" onload"), "{shown}");
        let field = void("input", &[("name", "q"), ("required", ""), ("value", "a&b")]);
        assert_eq!(field.into_text(), "<input name=\"q\" required value=\"a&amp;b\">");
    }
}

//! Words for people in both languages, by Fluent catalogues under `locales/`.
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::sync::LazyLock;

/// The languages that the product speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    Zh,
    En,
}

impl Lang {
    /// From a locale or an `Accept-Language` value; Chinese unless English is asked for first.
    #[must_use]
    pub fn of(wish: &str) -> Self {
        let wish = wish.trim().to_ascii_lowercase();
        if wish.starts_with("en") || wish.starts_with("c.") || wish == "c" {
            Self::En
        } else {
            Self::Zh
        }
    }
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static ZH: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        "zh-CN",
        &[
            include_str!("../../../locales/zh-CN/errors.ftl"),
            include_str!("../../../locales/zh-CN/fields.ftl"),
            include_str!("../../../locales/zh-CN/pages.ftl"),
            include_str!("../../../locales/zh-CN/cli.ftl"),
            include_str!("../../../locales/zh-CN/mine.ftl"),
        ],
    )
});
static EN: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        "en",
        &[
            include_str!("../../../locales/en/errors.ftl"),
            include_str!("../../../locales/en/fields.ftl"),
            include_str!("../../../locales/en/pages.ftl"),
            include_str!("../../../locales/en/cli.ftl"),
            include_str!("../../../locales/en/mine.ftl"),
        ],
    )
});

fn bundle(tag: &str, sources: &[&str]) -> Bundle {
    let lang = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![lang]);
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The text of a key with its values, or `None` where the catalogue lacks it.
#[must_use]
pub fn find(lang: Lang, key: &str, values: &[(&str, &str)]) -> Option<String> {
    let bundle = match lang {
        Lang::Zh => &*ZH,
        Lang::En => &*EN,
    };
    let pattern = bundle.get_message(key)?.value()?;
    let mut args = FluentArgs::new();
    for (name, value) in values {
        args.set(*name, *value);
    }
    let mut faults = Vec::new();
    Some(bundle.format_pattern(pattern, Some(&args), &mut faults).into_owned())
}

/// The text of a key; the key itself where the catalogue lacks it.
#[must_use]
pub fn text(lang: Lang, key: &str, values: &[(&str, &str)]) -> String {
    find(lang, key, values).unwrap_or_else(|| key.to_owned())
}

/// What an error says to a person, and what to do next; the error itself where its message names
/// more than it has.
#[must_use]
pub fn error(lang: Lang, error: &kernel::Error) -> String {
    let key = format!("error-{}", error.code.replace(['.', '_'], "-"));
    let mut values: Vec<(&str, &str)> = vec![("detail", error.detail.as_str())];
    values.extend(error.fields.iter().map(|(name, value)| (*name, value.as_str())));
    let said = find(lang, &key, &values).filter(|text| !text.contains("{$"));
    said.unwrap_or_else(|| error.to_string())
}

/// The same for an error that was kept as text (`code: detail name=value`): as it was kept where
/// its message names more than the detail.
#[must_use]
pub fn kept_error(lang: Lang, kept: &str) -> String {
    let (code, detail) = kept.split_once(": ").unwrap_or((kept, ""));
    let key = format!("error-{}", code.replace(['.', '_'], "-"));
    let said = find(lang, &key, &[("detail", detail)]);
    said.filter(|text| !text.contains("{$")).unwrap_or_else(|| kept.to_owned())
}

/// The label of a field, verb or state: `field-order-number`, `verb-order-submit`.
#[must_use]
pub fn label(lang: Lang, kind: &str, entity: &str, name: &str) -> String {
    let dashed = |s: &str| s.replace(['_', '.'], "-");
    let own = format!("{kind}-{}-{}", dashed(entity), dashed(name));
    let shared = format!("{kind}-{}", dashed(name));
    find(lang, &own, &[]).or_else(|| find(lang, &shared, &[])).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_was_kept_is_told_in_words_or_as_it_was_kept() {
        let full = kept_error(Lang::En, "store.full: no space is left");
        assert!(full.starts_with("The disk is full"), "{full}");
        assert_ne!(kept_error(Lang::Zh, "store.full: no space is left"), full);
        for kept in ["import.unfinished: northwind batch=7", "nobody.knows: it", "no colon"] {
            assert_eq!(kept_error(Lang::En, kept), kept);
        }
    }
}

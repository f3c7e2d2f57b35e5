//! The help of the command line in the language of the locale: `help-VERB` and `help-VERB-OPTION`
//! in the catalogues; what they lack stays as it is declared.
use crate::outside::lang;
use clap::Command;
use meta::words;

/// Puts the catalogue's words into the command line's help.
pub(crate) fn speak(mut command: Command) -> Command {
    let said = |key: &str| words::find(lang(), key, &[]);
    if let Some(about) = said("help-huiliu") {
        command = command.about(about);
    }
    if let Some(codes) = said("help-exit-codes") {
        command = command.after_help(codes);
    }
    let verbs: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in verbs {
        command = command.mut_subcommand(&name, |mut verb| {
            if let Some(about) = said(&format!("help-{name}")) {
                verb = verb.about(about);
            }
            verb.mut_args(|option| {
                let key = format!("help-{name}-{}", option.get_id().as_str().replace('_', "-"));
                match said(&key) {
                    Some(help) => option.help(help),
                    None => option,
                }
            })
        });
    }
    command
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use meta::words::{Lang, find};

    #[test]
    fn every_verb_says_in_both_languages_what_it_does() {
        for verb in crate::cli::Cli::command().get_subcommands() {
            let key = format!("help-{}", verb.get_name());
            for lang in [Lang::Zh, Lang::En] {
                assert!(find(lang, &key, &[]).is_some(), "{key} is not said in {lang:?}");
            }
        }
    }

    #[test]
    fn no_word_of_help_is_for_an_option_that_does_not_exist() {
        let command = crate::cli::Cli::command();
        let mut known: Vec<String> = vec!["help-huiliu".into(), "help-exit-codes".into()];
        for verb in command.get_subcommands() {
            known.push(format!("help-{}", verb.get_name()));
            let of = |id: &str| format!("help-{}-{}", verb.get_name(), id.replace('_', "-"));
            known.extend(verb.get_arguments().map(|a| of(a.get_id().as_str())));
        }
        let text = include_str!("../../../locales/en/cli.ftl");
        for line in text.lines().filter(|line| line.starts_with("help-")) {
            let key = line.split(' ').next().unwrap_or_default();
            assert!(known.iter().any(|k| k == key), "{key} is for nothing");
        }
    }
}

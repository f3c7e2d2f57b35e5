//! How Chinese is read, and the key by which people's lists are ordered. Pure.
//!
//! Nobody knows where a character stands in Unicode: people look 恒远 up under H. A key is made of a
//! name once, where its row is written, so that both engines order by bytes and pages run alike.
use crate::tokens::{fold, is_han};
use pinyin::ToPinyin;

/// Bytes of a key; what is alike for so long is ordered by its id.
pub const KEY: usize = 400;
/// Characters of a name without a word in it: longer ones are not people.
const PERSON: usize = 4;

/// Characters that are read another way in these words, with the tone behind.
const WORDS: &[(&str, &[&str])] = &[
    ("重庆", &["chong2", "qing4"]),
    ("成长", &["cheng2", "zhang3"]),
    ("增长", &["zeng1", "zhang3"]),
    ("生长", &["sheng1", "zhang3"]),
    ("家长", &["jia1", "zhang3"]),
    ("银行", &["yin2", "hang2"]),
    ("商行", &["shang1", "hang2"]),
    ("五行", &["wu3", "hang2"]),
    ("厦门", &["xia4", "men2"]),
    ("大厦", &["da4", "sha4"]),
    ("朝阳", &["chao2", "yang2"]),
    ("音乐", &["yin1", "yue4"]),
    ("六安", &["lu4", "an1"]),
    ("成都", &["cheng2", "du1"]),
    ("首都", &["shou3", "du1"]),
];

/// Surnames that are read another way than the word that they are, of those with which hardly a
/// short company name begins.
const SURNAMES: &[(char, &str)] = &[
    ('单', "shan4"),
    ('曾', "zeng1"),
    ('仇', "qiu2"),
    ('解', "xie4"),
    ('查', "zha1"),
    ('朴', "piao2"),
    ('区', "ou1"),
    ('翟', "zhai2"),
    ('缪', "miao4"),
    ('覃', "qin2"),
];

/// How each character of a run of Chinese is read: the syllable, ü as v, and its tone behind it
/// (none for the light one). A character that nobody reads has no sound.
#[must_use]
pub fn syllables(run: &[char]) -> Vec<String> {
    let mut sounds = Vec::with_capacity(run.len());
    let mut at = 0;
    while let Some(first) = run.get(at) {
        if let Some(read) = word(&run[at..]) {
            sounds.extend(read.iter().map(|sound| (*sound).to_owned()));
            at += read.len();
            continue;
        }
        sounds.extend(alone(*first));
        at += 1;
    }
    sounds
}

/// A syllable without its tone.
#[must_use]
pub fn plain(sound: &str) -> &str {
    sound.trim_end_matches(|c: char| c.is_ascii_digit())
}

fn word(run: &[char]) -> Option<&'static [&'static str]> {
    let here: String = run.iter().take(2).collect();
    WORDS.iter().find(|(word, _)| here == *word).map(|(_, read)| *read)
}

fn alone(c: char) -> Option<String> {
    // 长江, 长城, 长虹: in names it is long, and hardly ever grows.
    if c == '长' {
        return Some("chang2".to_owned());
    }
    c.to_pinyin().map(|sound| sound.with_tone_num_end().replace('ü', "v"))
}

/// The key of a name: letters in lower case and half width, each Chinese character as its
/// syllable, tone and itself. So 李 stands before 黎 and both before 林, a character's names stay
/// together, and letters and sounds share one alphabet, as in the address book of a phone.
#[must_use]
pub fn key(name: &str) -> String {
    let text: Vec<char> = fold(name.trim()).chars().collect();
    let is_person = (2..=PERSON).contains(&text.len()) && text.iter().all(|c| is_han(*c));
    let mut key = String::with_capacity(text.len() * 6);
    let mut at = 0;
    while let Some(c) = text.get(at).copied() {
        let surname = SURNAMES.iter().find(|(name, _)| is_person && at == 0 && *name == c);
        let read = if surname.is_some() { None } else { word(&text[at..]) };
        match (surname, read) {
            (Some((_, sound)), _) => said(&mut key, sound, c),
            (None, Some(read)) => {
                for (sound, c) in read.iter().zip(&text[at..]) {
                    said(&mut key, sound, *c);
                }
                at += read.len() - 1;
            }
            (None, None) if is_han(c) => said(&mut key, &alone(c).unwrap_or_default(), c),
            (None, None) => key.push(c),
        }
        at += 1;
        if key.len() >= KEY {
            break;
        }
    }
    while key.len() > KEY {
        key.pop();
    }
    key
}

fn said(key: &mut String, sound: &str, c: char) {
    key.push_str(sound);
    key.push(c);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(names: &[&str]) -> bool {
        names.windows(2).all(|pair| key(pair[0]) < key(pair[1]))
    }

    #[test]
    fn names_stand_as_a_dictionary_has_them() {
        assert_eq!(key("恒远"), "heng2恒yuan3远");
        assert!(ordered(&["安徽恒通", "北京恒远", "重庆长江", "广州", "恒远", "上海", "中山"]));
        // One character's names stay together; a shorter syllable comes first.
        assert!(ordered(&["黎明", "李丽", "李明", "力行", "林丽", "刘洋"]));
        // 重庆 is not read as 重量, nor 长沙 as what has grown.
        assert!(ordered(&["常州长澜", "常州金通", "长沙", "陈", "成长", "重庆", "种子", "重量"]));
        assert_eq!(key("成长"), "cheng2成zhang3长");
    }

    #[test]
    fn letters_and_sounds_share_one_alphabet_whatever_their_case_and_width() {
        assert!(ordered(&["3M", "阿里", "Abbott", "b公司", "比亚迪", "ＢＭＷ"]));
        assert_eq!(key("ＡＢＣ 公司"), key("abc 公司"));
        assert_eq!(key("  恒远 "), key("恒远"));
    }

    #[test]
    fn a_person_has_a_surname_and_a_company_a_word() {
        assert!(key("曾国强").starts_with("zeng1"));
        assert!(key("单小明").starts_with("shan4"));
        assert!(key("单晶硅材料公司").starts_with("dan1"));
        assert!(key("吕布").starts_with("lv3"));
    }

    #[test]
    fn a_key_is_short_and_of_whole_characters() {
        let long = key(&"恒远".repeat(200));
        assert!(long.len() <= KEY && long.starts_with("heng2恒yuan3远"), "{}", long.len());
        assert_eq!(key(""), "");
        // A character that nobody reads stands by itself.
        assert_eq!(key("\u{2A6D6}").chars().count(), 1);
    }
}

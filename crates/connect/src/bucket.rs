//! Contents in a bucket of an S3 server (Amazon's, 阿里云 OSS, 腾讯云 COS, MinIO, Ceph): the
//! requests are signed by `rusty-s3` and sent by the client that webhooks use.
use kernel::{Error, Result};
use rusty_s3::{Credentials, S3Action as _, UrlStyle};
use std::fmt::Display;
use std::time::Duration;
use ureq::Agent;

/// How long a request may take, and how long its signature is good.
const WITHIN: Duration = Duration::from_secs(60);
/// Characters of a refusal that are told.
const SHOWN: usize = 300;

/// What signs requests.
#[derive(Clone)]
pub struct Keys {
    pub id: String,
    pub secret: String,
}

/// A bucket, and the beginning of the names of what lies in it.
pub(crate) struct Bucket {
    at: rusty_s3::Bucket,
    keys: Credentials,
    prefix: String,
    agent: Agent,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.at.name(), self.prefix)
    }
}

impl Bucket {
    /// `s3://BUCKET/PREFIX?region=R&endpoint=https://…&style=path`: the last two are for servers
    /// that are not Amazon's, and for those that want the bucket's name in the path. Contents lie
    /// `below` the prefix, where that says something.
    ///
    /// Error: `file.setting`.
    pub(crate) fn new(setting: &str, keys: Keys, below: &str) -> Result<Self> {
        let wrong = |why: &dyn Display| Error::invalid("file.setting", setting).with("why", why);
        let rest = setting.strip_prefix("s3://").ok_or_else(|| wrong(&"s3://"))?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (name, prefix) = path.split_once('/').unwrap_or((path, ""));
        if name.is_empty() {
            return Err(wrong(&"s3://BUCKET"));
        }
        if keys.id.is_empty() || keys.secret.is_empty() {
            return Err(wrong(&"AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY"));
        }
        let (mut region, mut endpoint, mut style) = ("us-east-1", None, UrlStyle::VirtualHost);
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("region", value)) => region = value,
                Some(("endpoint", value)) => endpoint = Some(value.to_owned()),
                Some(("style", "path")) => style = UrlStyle::Path,
                Some(("style", "host")) => style = UrlStyle::VirtualHost,
                _ => return Err(wrong(&part)),
            }
        }
        let endpoint = endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
        let endpoint = endpoint.parse().map_err(|e: url::ParseError| wrong(&e))?;
        let (name, region) = (name.to_owned(), region.to_owned());
        let at = rusty_s3::Bucket::new(endpoint, style, name, region).map_err(|e| wrong(&e))?;
        let agent = Agent::config_builder()
            .timeout_global(Some(WITHIN))
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent("Huiliu")
            .build();
        let parts = [prefix.trim_matches('/'), below];
        let prefix: String =
            parts.iter().filter(|p| !p.is_empty()).map(|part| format!("{part}/")).collect();
        let keys = Credentials::new(keys.id, keys.secret);
        Ok(Self { at, keys, prefix, agent: agent.into() })
    }

    fn name(&self, digest: &str) -> String {
        let (folder, name) = digest.split_at(2.min(digest.len()));
        format!("{}{folder}/{name}", self.prefix)
    }

    /// Is there such a content? Error: `file.unreached`.
    pub(crate) fn has(&self, digest: &str) -> Result<bool> {
        let url = self.at.head_object(Some(&self.keys), &self.name(digest)).sign(WITHIN);
        let answer = self.agent.head(url.as_str()).call().map_err(|e| self.unreached(&e))?;
        match answer.status().as_u16() {
            200..300 => Ok(true),
            404 => Ok(false),
            status => Err(self.unreached(&status)),
        }
    }

    /// Puts a content there; it is durable when the server says so. Error: `file.unreached`.
    pub(crate) fn put(&self, digest: &str, bytes: &[u8]) -> Result<()> {
        let url = self.at.put_object(Some(&self.keys), &self.name(digest)).sign(WITHIN);
        let mut answer =
            self.agent.put(url.as_str()).send(bytes).map_err(|e| self.unreached(&e))?;
        if answer.status().is_success() {
            return Ok(());
        }
        let said = answer.body_mut().with_config().limit(10_000).read_to_string();
        let said: String = said.unwrap_or_default().chars().take(SHOWN).collect();
        Err(self.unreached(&format!("{} {said}", answer.status().as_u16())))
    }

    /// A content of at most so many bytes; `None` when it is not there. Error: `file.unreached`.
    pub(crate) fn get(&self, digest: &str, most: usize) -> Result<Option<Vec<u8>>> {
        let url = self.at.get_object(Some(&self.keys), &self.name(digest)).sign(WITHIN);
        let mut answer = self.agent.get(url.as_str()).call().map_err(|e| self.unreached(&e))?;
        match answer.status().as_u16() {
            200 => {}
            404 => return Ok(None),
            status => return Err(self.unreached(&status)),
        }
        let body = answer.body_mut().with_config().limit(most as u64 + 1).read_to_vec();
        body.map(Some).map_err(|e| self.unreached(&e))
    }

    fn unreached(&self, why: &dyn Display) -> Error {
        Error::conflict("file.unreached", format!("{self:?}")).with("why", why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys { id: "AKIAIOSFODNN7EXAMPLE".into(), secret: "s3cr3t".into() }
    }

    #[test]
    fn a_setting_names_the_bucket_and_where_it_is() -> Result<()> {
        let own = "s3://files/huiliu/?region=cn-1&endpoint=http://127.0.0.1:9000&style=path";
        let bucket = Bucket::new(own, keys(), "")?;
        assert_eq!(format!("{bucket:?}"), "s3://files/huiliu/");
        assert_eq!(bucket.name("abcdef"), "huiliu/ab/cdef");
        assert_eq!(bucket.at.base_url().as_str(), "http://127.0.0.1:9000/files/");
        let amazon = Bucket::new("s3://files?region=cn-north-1", keys(), "acme")?;
        assert_eq!(amazon.at.base_url().as_str(), "https://files.s3.cn-north-1.amazonaws.com/");
        assert_eq!(amazon.name("abcdef"), "acme/ab/cdef");
        Ok(())
    }

    #[test]
    fn a_wrong_setting_is_said_before_anything_is_kept() {
        let of = |setting| Bucket::new(setting, keys(), "").map(|_| ()).map_err(|e| e.code);
        for wrong in ["s4://files", "s3://files?size=1", "s3://files?endpoint=nowhere", "s3://"] {
            assert_eq!(of(wrong), Err("file.setting"), "{wrong}");
        }
        let nobody = Keys { id: String::new(), secret: String::new() };
        let error = Bucket::new("s3://files", nobody, "").map(|_| ()).map_err(|e| e.code);
        assert_eq!(error, Err("file.setting"));
    }

    #[test]
    fn a_server_that_is_not_there_is_said_as_such() -> Result<()> {
        let gone = Bucket::new("s3://files?endpoint=http://127.0.0.1:1&style=path", keys(), "")?;
        assert_eq!(gone.has("abcd").map_err(|e| e.code), Err("file.unreached"));
        assert_eq!(gone.put("abcd", b"x").map_err(|e| e.code), Err("file.unreached"));
        assert_eq!(gone.get("abcd", 10).map_err(|e| e.code), Err("file.unreached"));
        Ok(())
    }
}

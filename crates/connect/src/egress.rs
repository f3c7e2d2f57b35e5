//! The one way out to the web: a name is resolved, its addresses are checked, and exactly those are
//! connected to; no redirects, no proxies, bounded time and answers.
use kernel::{Error, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, RequestExt as _};

/// Where requests may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Public addresses, encrypted, on the usual ports.
    Public,
    /// Anywhere: the administrator's configuration says so.
    Anywhere,
}

/// A request and the answer to it take this long at most.
pub const WITHIN: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read.
const ANSWER: u64 = 64 * 1024;
const PORTS: [u16; 2] = [443, 8443];

/// What goes out.
pub struct Egress {
    agent: Agent,
    reach: Reach,
}

#[derive(Debug)]
struct Guarded {
    reach: Reach,
    names: DefaultResolver,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> std::result::Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        if self.reach == Reach::Anywhere {
            return Ok(found);
        }
        // One address within is enough to refuse: a name must not be half ours.
        if found.iter().any(|address| !is_public(address.ip())) {
            return Err(ureq::Error::Other(Box::new(Private)));
        }
        Ok(found)
    }
}

/// The name leads to an address that is not public.
#[derive(Debug)]
struct Private;
impl std::fmt::Display for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the address is not public")
    }
}
impl std::error::Error for Private {}

impl Egress {
    #[must_use]
    pub fn new(reach: Reach) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(WITHIN))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .https_only(reach == Reach::Public)
            .proxy(None)
            // An answer too many on a line that is kept would be taken for the next one's.
            .max_idle_connections(0)
            .user_agent("Huiliu")
            .build();
        let names = Guarded { reach, names: DefaultResolver::default() };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), names), reach }
    }

    /// Posts JSON; the status of the answer.
    ///
    /// Errors: `egress.refused` where the configuration does not let us go, `egress.failed`.
    pub fn post(&self, url: &str, headers: &[(&str, String)], body: &str) -> Result<u16> {
        self.may_go(url)?;
        let mut request = ureq::http::Request::post(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(body.to_owned()).map_err(|e| failed(url, &e))?;
        let mut answer = request.with_agent(&self.agent).run().map_err(|e| match e {
            ureq::Error::Other(why) if why.is::<Private>() => refused(url),
            other => failed(url, &other),
        })?;
        // What it says besides is read, so that the connection can be used again, and dropped.
        let _said = answer.body_mut().with_config().limit(ANSWER).read_to_vec();
        Ok(answer.status().as_u16())
    }

    fn may_go(&self, url: &str) -> Result<()> {
        if self.reach == Reach::Anywhere {
            return Ok(());
        }
        let uri: Uri = url.parse().map_err(|_| refused(url))?;
        let usual = uri.port_u16().is_none_or(|port| PORTS.contains(&port));
        if uri.scheme_str() == Some("https") && usual { Ok(()) } else { Err(refused(url)) }
    }
}

fn refused(url: &str) -> Error {
    Error::forbidden("egress.refused", url)
}

fn failed(url: &str, why: &dyn std::fmt::Display) -> Error {
    Error::conflict("egress.failed", url).with("why", why)
}

/// Can anybody on the internet be behind this address, and nobody of our own network?
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let of_protocols = (a, b, c) == (192, 0, 0);
    let relay = (a, b, c) == (192, 88, 99);
    let measuring = a == 198 && (b & 0xfe) == 18;
    let inside = ip.is_loopback() || ip.is_private() || ip.is_link_local() || a == 0;
    let nobody = ip.is_documentation() || ip.is_multicast() || a >= 240;
    !(inside || nobody || shared || of_protocols || relay || measuring)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    let within = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // An IPv4 address in other clothes: mapped, compatible, translated, tunnelled.
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            within(high, low)
        }
        [0x2002, high, low, ..] => within(high, low),
        // Teredo, documentation, benchmarks and local translation lead nowhere that we want.
        [0x2001, b, ..] if b < 0x200 || b == 0xdb8 => false,
        [0x3fff, b, ..] if b < 0x1000 => false,
        // Only what is given out for the internet at large.
        [a, ..] => (a & 0xe000) == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHIN_US: &str = "\
        127.0.0.1 127.8.8.8 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 \
        172.31.255.254 192.168.0.1 169.254.169.254 100.64.0.1 100.127.255.255 192.0.0.8 \
        192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 192.88.99.1 \
        224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 \
        ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::127.0.0.1 \
        64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1::1 2001::1 2001:10::1 \
        2001:db8::1 3fff::1 fc00::1 fd12:3456::1 fe80::1 febf::1 fec0::1 ff02::1 100::1 \
        5f00::1";
    const PUBLIC: &str = "\
        1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 \
        198.17.0.1 198.20.0.1 223.255.255.254 2606:4700::1111 2400:3200::1 ::ffff:8.8.8.8 \
        64:ff9b::808:808 2002:808:808::1";

    #[test]
    fn addresses_within_are_known_in_all_their_clothes() {
        let ip = |text: &str| -> IpAddr { text.parse().unwrap() };
        assert!(WITHIN_US.split(' ').count() > 40);
        for text in WITHIN_US.split(' ') {
            assert!(!is_public(ip(text)), "{text}");
        }
        for text in PUBLIC.split(' ') {
            assert!(is_public(ip(text)), "{text}");
        }
    }

    #[test]
    fn no_name_of_this_machine_is_asked_however_it_is_written() {
        let out = Egress::new(Reach::Public);
        for url in [
            "https://127.0.0.1/",
            "https://localhost/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://0/",
        ] {
            let said = out.post(url, &[], "{}").map_err(|e| e.code);
            // Some spellings are no name at all here; none of them may be connected to.
            assert!(matches!(said, Err("egress.refused" | "egress.failed")), "{url}: {said:?}");
        }
        let plain = out.post("https://127.0.0.1/", &[], "{}").map_err(|e| e.code);
        assert_eq!(plain, Err("egress.refused"));
    }

    #[test]
    fn only_the_encrypted_way_and_usual_ports_lead_out() {
        let out = Egress::new(Reach::Public);
        for url in ["http://example.com/", "https://example.com:22/", "https://example.com:5432/"] {
            assert_eq!(
                out.post(url, &[], "{}").map_err(|e| e.code),
                Err("egress.refused"),
                "{url}"
            );
        }
    }
}

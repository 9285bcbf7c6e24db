//! A server over HTTP that does what a test tells it to: it has a document and takes what is posted, or
//! hands a request on and damages the answer.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// What it does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Answers, or hands on, as it should.
    Well,
    /// Answers with this status.
    Status(u16),
    /// Answers later than anybody waits.
    Stall,
    /// Cuts the answer off.
    CutOff,
    /// Answers with half a document of the length that it says.
    Half,
    /// Says that the latest block is of long ago.
    OldHead,
    /// Says that the latest block is one of so many blocks ago, and of the time that it really is.
    OldNumber(u64),
    /// Says that the venue is in another state: the byte of the state.
    Lie(u8),
    /// Hands on, and has the chain go on by a block and a minute before each answer.
    Moves,
    /// Knows no block by its number any more.
    Reorganised,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    pub head: String,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// The server.
pub struct Server {
    pub url: String,
    has: Arc<Mutex<String>>,
    does: Arc<Mutex<Does>>,
    taken: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// One that takes what is posted.
    pub fn start() -> Self {
        Self::handing_to(None)
    }

    /// One that hands on to another.
    pub fn before(url: &str) -> Self {
        Self::handing_to(Some(url.strip_prefix("http://").unwrap().to_owned()))
    }

    /// What it has from now on.
    pub fn now_has(&self, document: &str) {
        document.clone_into(&mut self.has.lock().unwrap());
    }

    fn handing_to(behind: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (does, taken) = (Arc::new(Mutex::new(Does::Well)), Arc::new(Mutex::new(Vec::new())));
        let has = Arc::new(Mutex::new("{}".to_owned()));
        let (having, doing, taking) = (has.clone(), does.clone(), taken.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (has, does, taken) = (having.clone(), doing.clone(), taking.clone());
                let behind = behind.clone();
                thread::spawn(move || {
                    let Some(stream) = stream.ok() else { return };
                    // Whoever asks may be gone.
                    let _ = serve(stream, &has, &does, &taken, behind.as_deref());
                });
            }
        });
        Self { url, has, does, taken }
    }

    pub fn now_does(&self, does: Does) {
        *self.does.lock().unwrap() = does;
    }

    /// What was posted so far.
    pub fn taken(&self) -> Vec<Request> {
        self.taken.lock().unwrap().clone()
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Request> {
    let (mut head, mut line) = (String::new(), String::new());
    while stream.read_line(&mut line)? > 2 {
        head += &line;
        line.clear();
    }
    let mut request = Request { head, body: String::new() };
    let length = request.header("content-length").and_then(|text| text.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body)?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Ok(request)
}

fn serve(
    stream: TcpStream,
    has: &Mutex<String>,
    does: &Mutex<Does>,
    taken: &Mutex<Vec<Request>>,
    behind: Option<&str>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let request = read(&mut stream)?;
    let does = *does.lock().unwrap();
    taken.lock().unwrap().push(request.clone());
    let mut body = match behind {
        None => has.lock().unwrap().clone(),
        Some(behind) => ask(behind, &request.body)?,
    };
    let mut status = 200;
    let mut sent = None;
    match does {
        Does::Well => {}
        Does::Status(other) => (status, body) = (other, "sorry".to_owned()),
        Does::Stall => thread::sleep(Duration::from_secs(3)),
        Does::CutOff => sent = Some(body.len() / 2),
        Does::Half => body.truncate(body.len() / 2),
        Does::OldHead if request.body.contains("latest") => {
            if let Some((before, after)) = body.split_once("\"timestamp\":\"0x") {
                let rest = after.split_once('"').unwrap().1;
                body = format!("{before}\"timestamp\":\"0x1\"{rest}");
            }
        }
        Does::OldHead => {}
        Does::OldNumber(back) if request.body.contains("latest") => {
            if let Some((before, after)) = body.split_once("\"number\":\"0x") {
                let (number, rest) = after.split_once('"').unwrap();
                let number = u64::from_str_radix(number, 16).unwrap().saturating_sub(back);
                body = format!("{before}\"number\":\"0x{number:x}\"{rest}");
            }
        }
        Does::OldNumber(_) => {}
        Does::Lie(state) => body = lie(&body, state),
        Does::Moves => {
            let behind = behind.unwrap_or_default();
            for call in [r#""evm_increaseTime","params":[60]"#, r#""evm_mine","params":[]"#] {
                ask(behind, &format!(r#"{{"jsonrpc":"2.0","id":1,"method":{call}}}"#))?;
            }
        }
        Does::Reorganised => {
            let is_number = request.body.contains("eth_getBlockByNumber");
            if is_number && !request.body.contains("latest") {
                let asked: serde_json::Value = serde_json::from_str(&request.body)?;
                body = serde_json::json!({ "jsonrpc": "2.0", "id": asked["id"], "result": null })
                    .to_string();
            }
        }
    }
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    let stream = stream.get_mut();
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body.as_bytes()[..sent.unwrap_or(body.len())])?;
    stream.flush()
}

/// A verdict of a registry, nine words, with another state.
fn lie(body: &str, state: u8) -> String {
    let Some((before, after)) = body.split_once("\"result\":\"0x") else { return body.to_owned() };
    let (word, rest) = after.split_once('"').unwrap();
    match word.len() == 9 * 64 {
        true => format!("{before}\"result\":\"0x{state:064x}{}\"{rest}", &word[64..]),
        false => body.to_owned(),
    }
}

fn ask(host: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

//! A browser without a window, driven by the WebDriver protocol (W3C) over plain HTTP to this computer alone.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The key under which WebDriver hands out an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A running browser; it ends with the value.
pub struct Browser {
    driver: Child,
    session: String,
    _profile: tempfile::TempDir,
}

fn program(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

impl Browser {
    /// Starts it; `None` where this computer has no Chromium or no driver for it.
    pub fn start() -> Option<Browser> {
        let chromium = program("chromium")?;
        let mut driver = Command::new(program("chromedriver")?)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the driver starts");
        let mut said = BufReader::new(driver.stdout.take().expect("its output is piped")).lines();
        // "ChromeDriver was started successfully on port 41235."
        let port = said.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        // Whatever it says later must not fill the pipe.
        std::thread::spawn(move || said.for_each(drop));
        let root = format!("http://127.0.0.1:{}/session", port.expect("the driver says its port"));
        let profile = tempfile::tempdir().expect("a folder");
        let mut arguments: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "about:blank",
        ]
        .map(str::to_owned)
        .to_vec();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": chromium, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        }}});
        let answer = send("POST", &root, Some(&capabilities));
        let session = answer["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {answer}")).to_owned();
        Some(Browser { driver, session: format!("{root}/{session}"), _profile: profile })
    }

    fn post(&self, command: &str, body: &Value) -> Value {
        send("POST", &format!("{}/{command}", self.session), Some(body))
    }

    pub fn open(&self, file: &Path) {
        let address = format!("file://{}", file.display());
        self.post("url", &json!({ "url": address }));
        // The driver may take the end of the browser's own first page for the end of this one.
        let loaded = format!("return document.readyState === 'complete' && location.href === {address:?}");
        for _ in 0..600 {
            if self.run(&loaded) == true {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{address} does not load");
    }

    pub fn resize(&self, width: u32, height: u32) {
        self.post("window/rect", &json!({ "width": width, "height": height }));
    }

    /// What a script returns.
    pub fn run(&self, script: &str) -> Value {
        self.post("execute/sync", &json!({ "script": script, "args": [] }))
    }

    fn element(&self, selector: &str) -> String {
        let found = self.post("element", &json!({ "using": "css selector", "value": selector }));
        let id = found[ELEMENT].as_str().unwrap_or_else(|| panic!("no element `{selector}`: {found}"));
        format!("element/{id}")
    }

    /// Clicks as a user does: what is covered or not shown is an error.
    pub fn click(&self, selector: &str) {
        let answer = self.post(&format!("{}/click", self.element(selector)), &json!({}));
        assert!(answer["error"].is_null(), "{answer}");
    }

    /// Chooses an option of a list, as the browser does after the user has: the list itself is drawn by the system.
    pub fn choose(&self, list: &str, value: &str) {
        let script = "const list = document.querySelector(arguments[0]); list.value = arguments[1]; \
                      list.dispatchEvent(new Event('input', { bubbles: true })); return list.value";
        let chosen = self.post("execute/sync", &json!({ "script": script, "args": [list, value] }));
        assert_eq!(chosen, value, "{list}");
    }

    /// Types into a field, behind what stands there.
    pub fn type_into(&self, selector: &str, text: &str) {
        let answer = self.post(&format!("{}/value", self.element(selector)), &json!({ "text": text }));
        assert!(answer["error"].is_null(), "{answer}");
    }

    /// What the browser logged since the last call: `browser` has script errors, `performance` the network.
    pub fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self.post("se/log", &json!({ "type": kind }));
        entries.as_array().unwrap_or_else(|| panic!("no log: {entries}")).clone()
    }

    /// The addresses that a document of this scheme requested since the last call; the browser's own pages request theirs.
    pub fn requests(&self, scheme: &str) -> Vec<String> {
        let entries = self.log("performance");
        let messages = entries.iter().filter_map(|entry| serde_json::from_str(entry["message"].as_str()?).ok());
        messages
            .filter(|message: &Value| message["message"]["method"] == "Network.requestWillBeSent")
            .map(|message| message["message"]["params"].clone())
            .filter(|request| request["documentURL"].as_str().is_some_and(|document| document.starts_with(scheme)))
            .filter_map(|request| Some(request["request"]["url"].as_str()?.to_owned()))
            .collect()
    }

    /// A picture of what the window shows, as PNG in base64.
    pub fn screenshot(&self) -> String {
        let picture = send("GET", &format!("{}/screenshot", self.session), None);
        picture.as_str().expect("a picture").to_owned()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser ends with its session, and the driver with the process.
        let _ = minreq::delete(self.session.as_str()).with_timeout(10).send();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn send(method: &str, address: &str, body: Option<&Value>) -> Value {
    let request = match method {
        "GET" => minreq::get(address),
        _ => minreq::post(address),
    };
    let request = match body {
        Some(body) => request.with_header("Content-Type", "application/json").with_body(body.to_string()),
        None => request,
    };
    let timeout = Duration::from_secs(120).as_secs();
    let response = request.with_timeout(timeout).send().unwrap_or_else(|error| panic!("{address}: {error}"));
    let text = response.as_str().expect("UTF-8");
    let answer: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"));
    answer["value"].clone()
}

//! Looks at the pages of `sipstat_cm --format html`, of counts and of calls, as a browser shows them: wide and narrow, light and dark, and
//! printed.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::args::{self, Words};
use crate::build::{self, Profile};
use crate::child;
use crate::error::Error;
use crate::files;

/// The widths at which people read the page, in pixels: a desk, and a phone.
const WIDTHS: [u32; 2] = [1280, 390];
const HEIGHT: u32 = 2400;
/// How Debian and others call the browser.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// The pages, each with its name and what it is made by.
const PAGES: [(&str, &[&str]); 2] = [
    ("report", &["--requests=ALL", "--responses=ALL"]),
    ("calls", &["--calls", "--total"]),
];
/// What the script in the frame around a page writes into its title where all is as it should be.
const SOUND: &str = "<title>overflow 0</title>";

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let mut logs = build::root().join("testdata/readme");
    while let Some(word) = words.next() {
        match word.as_str() {
            "--logs" => logs = PathBuf::from(words.value_of("--logs")?),
            _ => return Err(args::unexpected(&word)),
        }
    }
    let browser = BROWSERS.into_iter().find(|browser| child::is_there(browser));
    let browser = browser.ok_or_else(|| Error::failed("needs chromium, as Debian packages it".to_owned()))?;
    let out = build::target_folder()?.join("report-test");
    files::create_folder(&out)?;
    let program = build::program(Profile::Dev, &["--package", "sipstat_cm"], "sipstat_cm")?;
    let mut wrong = Vec::new();
    for (name, options) in PAGES {
        let mut command = Command::new(&program);
        let page = child::output(
            command
                .args(options)
                .args(["--interval=SEC", "--format=html"])
                .arg(&logs),
        )?;
        let path = out.join(format!("{name}.html"));
        files::write(&path, &page)?;
        look_at(browser, &path, &String::from_utf8_lossy(&page), &mut wrong)?;
    }
    if wrong.is_empty() {
        return args::print(&format!("pictures, and the pages as printed: {}\n", out.display()));
    }
    Err(Error::failed(wrong.join("; ")))
}

/// Looks at a page, which stands in the file `path`, at both widths, in both colours, and printed. The pictures stand beside it.
fn look_at(browser: &str, path: &Path, page: &str, wrong: &mut Vec<String>) -> Result<(), Error> {
    let beside = |end: &str| path.with_extension(end);
    for width in WIDTHS {
        let frame = beside(&format!("{width}.html"));
        files::write(&frame, frame_around(page, width).as_bytes())?;
        let dom = look(browser, &["--dump-dom".to_owned()], &frame, wrong)?;
        if !String::from_utf8_lossy(&dom).contains(SOUND) {
            wrong.push(format!(
                "{}: at a width of {width} the page is wider than the window",
                path.display()
            ));
        }
        for (name, scheme) in [("light", 1), ("dark", 0)] {
            let picture = beside(&format!("{width}-{name}.png"));
            let options = [
                format!("--window-size={},{HEIGHT}", width.max(500)),
                format!("--blink-settings=preferredColorScheme={scheme}"),
                format!("--screenshot={}", picture.display()),
            ];
            look(browser, &options, &frame, wrong)?;
        }
    }
    let printed = beside("pdf");
    let options = [
        format!("--print-to-pdf={}", printed.display()),
        "--no-pdf-header-footer".to_owned(),
    ];
    look(browser, &options, path, wrong)?;
    if !files::read(&printed)?.starts_with(b"%PDF") {
        wrong.push(format!("{}: the page could not be printed", path.display()));
    }
    Ok(())
}

/// Lets the browser look at `page`; gives back what it prints. What it says on its console goes to `wrong`: also each request, since
/// the page forbids them all.
fn look(browser: &str, options: &[String], page: &Path, wrong: &mut Vec<String>) -> Result<Vec<u8>, Error> {
    let mut command = Command::new(browser);
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--enable-logging=stderr",
        ])
        .args(options)
        .arg(page)
        .stdin(Stdio::null());
    let output = command
        .output()
        .map_err(|cause| Error::at(Path::new(browser), &cause))?;
    if !output.status.success() {
        return Err(Error::failed(format!("{browser}: {}", output.status)));
    }
    let told = String::from_utf8_lossy(&output.stderr);
    wrong.extend(told.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned));
    Ok(output.stdout)
}

/// A page that shows another one in a frame of this width, and measures it: a browser without a screen has no narrow windows.
fn frame_around(page: &str, width: u32) -> String {
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<!doctype html><meta charset=\"utf-8\"><body style=\"margin:0\">\
         <iframe style=\"border:0;width:{width}px;height:{HEIGHT}px\" srcdoc=\"{page}\"></iframe>\
         <script>onload = () => {{\
         const page = document.querySelector('iframe').contentDocument.documentElement;\
         document.title = 'overflow ' + (page.scrollWidth - page.clientWidth);\
         }}</script>"
    )
}

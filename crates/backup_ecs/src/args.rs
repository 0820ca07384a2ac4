//! The command line and the variables of a crontab: first the options as they are written, then the settings made of them.

mod task;

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser};
use ecs_backup::{Checking, Files, Form, Level, Manner, Options, Percent, Reader, Request};
use ecs_log::escape_path;

pub(crate) use self::task::Task;

const EXAMPLES: &str = "\
Examples:
  */10 * * * * /var/home/admin/backup_ecs                 in a crontab: every ten minutes
  backup_ecs --dry-run                                    what would be done, and why
  backup_ecs --dry-run --verify                           reads all backups, changes nothing
  MAXUSE=80 RATIO=9 backup_ecs -v --dst /var/home/logs    other values
  backup_ecs status                                       how it stands
  backup_ecs hold 20170427:0200-20170427:0220 case-4711   keeps what was logged then

Exit status: 0 all is saved; 1 something was not saved or is damaged; 2 usage;
75 another run holds the lock.";

/// Backs up the ECS logs of Avaya Communication Manager before the server deletes them
///
/// Copies each log that is not saved as it stands, oldest first, and deletes the oldest backups where the disk gets
/// too full. Says nothing where all is well.
#[derive(Debug, Parser)]
#[command(
    name = "backup_ecs",
    version = build_info::VERSION,
    disable_version_flag = true,
    disable_help_flag = true,
    disable_help_subcommand = true,
    subcommand_value_name = "TASK",
    subcommand_help_heading = "Tasks",
    term_width = 100,
    after_help = EXAMPLES
)]
struct Args {
    #[command(flatten)]
    settings: Settings,

    #[command(subcommand)]
    task: Option<Task>,
}

/// All but what is done.
#[derive(Debug, clap::Args)]
struct Settings {
    /// Where the logs are
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "SRCDIR",
        default_value = "/var/log/ecs"
    )]
    src: PathBuf,

    /// Where the backups are put; made if it is missing
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "DSTDIR",
        default_value = "/var/home/ftp/pub/ecsbkp"
    )]
    dst: PathBuf,

    /// Which logs: a shell pattern for their names
    #[arg(long, global = true, value_name = "PATTERN", env = "FILES", default_value = "20*")]
    files: Files,

    /// Use of the partition of the backups, in per cent as df shows it, at which the oldest backups are deleted: 1 to
    /// 100
    #[arg(long, global = true, value_name = "PERCENT", env = "MAXUSE", default_value = "90")]
    max_use: Percent,

    /// Compress the backups, which GZIP=0 says not to [env: GZIP] [default: 1]
    #[arg(long, global = true, overrides_with = "no_gzip")]
    gzip: bool,

    /// Do not compress the backups
    #[arg(long, global = true, overrides_with = "gzip")]
    no_gzip: bool,

    /// How hard to compress: 0, not at all, to 9, the slowest
    #[arg(long, global = true, value_name = "LEVEL", env = "RATIO", default_value = "4")]
    ratio: Level,

    /// Keep at least so many backups, however full the partition is
    #[arg(long, global = true, value_name = "N", default_value = "1", value_parser = number)]
    keep_min: usize,

    /// Where another run is at work, wait so long for it to end
    #[arg(long, global = true, value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    wait: Duration,

    /// Read every backup to its end, and name those that are damaged
    #[arg(long)]
    verify: bool,

    /// Change nothing, print what would be done
    #[arg(long, global = true)]
    dry_run: bool,

    /// Print a line for each file, and one at the end
    #[arg(short, long, global = true)]
    verbose: bool,

    /// Print version
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,

    /// Print help, with the values in force
    #[arg(short, long, global = true)]
    help: bool,
}

/// All options with their help.
pub(crate) fn command() -> clap::Command {
    // What the variables are set to stands below the options, with the other values in force.
    Args::command().mut_args(|arg| arg.hide_env_values(true))
}

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Command {
    /// Do this.
    Do(Box<Config>),
    /// Show a text: help or version.
    Show(String),
}

/// What to do, and how.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) options: Options,
    pub(crate) request: Request,
    pub(crate) manner: Manner,
}

impl Config {
    /// Reads the command line, whose first word is the program's name, and the variables. What people must know may go to a
    /// terminal.
    ///
    /// # Errors
    ///
    /// One line that says what is wrong and what is allowed.
    pub(crate) fn from_args(args: impl IntoIterator<Item = OsString>, is_terminal: bool) -> Result<Command, String> {
        let args = Vec::from_iter(args);
        let gzip = env::var_os("GZIP");
        let Args { settings, task } = match Args::try_parse_from(&args) {
            Ok(args) => args,
            Err(error) if error.kind() == ErrorKind::DisplayVersion => return Ok(Command::Show(error.to_string())),
            Err(error) => {
                // Whoever asks for help need not know what else is needed.
                let help = help_of_unfinished(&args, gzip.as_deref());
                return help.map(Command::Show).ok_or_else(|| one_line(&error));
            }
        };
        let form = settings.form(gzip.as_deref())?;
        if settings.help {
            return Ok(Command::Show(settings.help_text(task.as_ref().map(Task::name), form)));
        }
        if let Some(task) = &task
            && settings.verify
        {
            return Err(format!("--verify does not go with {}; see --help", task.name()));
        }
        Ok(Command::Do(Box::new(Config {
            manner: settings.manner(is_terminal, task.is_some()),
            request: task.map_or(Request::BackUp, Request::from),
            options: settings.options(form),
        })))
    }
}

/// The help that is asked for by a command line to which something is missing. `None` if none is asked for, or if something in it
/// is wrong.
fn help_of_unfinished(args: &[OsString], gzip: Option<&OsStr>) -> Option<String> {
    let is_missing = |error: clap::Error| error.kind() == ErrorKind::MissingRequiredArgument;
    let is_unfinished = Args::try_parse_from(args).err().is_some_and(is_missing);
    let lenient = Args::command().ignore_errors(true);
    let matches = lenient.try_get_matches_from(args).ok().filter(|_| is_unfinished)?;
    let settings = Settings::from_arg_matches(&matches).ok();
    let settings = settings.filter(|settings| settings.help)?;
    let form = settings.form(gzip).ok()?;
    Some(settings.help_text(matches.subcommand_name(), form))
}

impl Settings {
    /// An option overrides the variable, and the last of two options the first.
    fn form(&self, variable: Option<&OsStr>) -> Result<Form, String> {
        let is_packed = match variable.map(OsStr::as_encoded_bytes) {
            _ if self.gzip || self.no_gzip => self.gzip,
            Some(b"0") => false,
            None | Some(b"1") => true,
            // gzip(1) takes its own options from there.
            Some(options) if options.starts_with(b"-") => true,
            Some(other) => {
                let other = ecs_log::escape(other);
                return Err(format!(
                    "invalid value '{other}' for 'GZIP': 0 or 1 is allowed; see --help"
                ));
            }
        };
        Ok(if is_packed { Form::Gzip(self.ratio) } else { Form::Plain })
    }

    fn manner(&self, is_terminal: bool, is_task: bool) -> Manner {
        Manner {
            reader: match self.verbose {
                _ if self.dry_run || is_task || is_terminal => Reader::Terminal,
                true => Reader::Log,
                false => Reader::Mail,
            },
            is_verbose: self.verbose,
            is_dry_run: self.dry_run,
            checking: if self.verify { Checking::All } else { Checking::Newest },
            wait: self.wait,
        }
    }

    fn options(self, form: Form) -> Options {
        Options {
            host: crate::process::host(),
            form,
            source: self.src,
            destination: self.dst,
            files: self.files,
            max_use: self.max_use,
            keep_min: self.keep_min,
            now: crate::process::now(),
        }
    }

    fn help_text(&self, task: Option<&str>, form: Form) -> String {
        let mut command = command();
        let Some(task) = task else {
            return command.render_help().to_string() + &self.values(form);
        };
        // Only then it knows the options that it shares.
        command.build();
        let help = command.find_subcommand_mut(task).map(clap::Command::render_help);
        help.unwrap_or_default().to_string() + &self.values(form)
    }

    fn values(&self, form: Form) -> String {
        let gzip = u8::from(form != Form::Plain);
        format!(
            "\nValues in force:\n  SRCDIR={}\n  DSTDIR={}\n  FILES={}\n  MAXUSE={}\n  GZIP={gzip}\n  RATIO={}\n",
            escape_path(&self.src),
            escape_path(&self.dst),
            ecs_log::escape(self.files.to_string().as_bytes()),
            self.max_use.get(),
            self.ratio.get(),
        )
    }
}

fn number(text: &str) -> Result<usize, &'static str> {
    text.parse().map_err(|_| "a whole number is allowed")
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds: Result<u32, _> = text.parse();
    let seconds = seconds.map_err(|_| "a whole number of seconds is allowed")?;
    Ok(Duration::from_secs(seconds.into()))
}

/// The first part of a message of several lines. Control characters, which arguments may hold, are escaped.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let gist = text.split("\n\n").next().unwrap_or_default();
    let gist = gist.strip_prefix("error: ").unwrap_or(gist);
    let words: Vec<&str> = gist.split(['\n', ' ']).filter(|word| !word.is_empty()).collect();
    format!("{}; see --help", ecs_log::escape(words.join(" ").as_bytes()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn options_are_consistent() {
        super::command().debug_assert();
    }
}
